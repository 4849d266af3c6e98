"""Triggers that lead back to the row for which another one runs, which PostgreSQL refuses and SQLite does not.

A BEFORE trigger of an UPDATE or DELETE writes another table, and a trigger of that one changes the first table: where
that is the row under way, PostgreSQL ends the statement ("tuple to be deleted was already modified").  Only triggers
that are carried count.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.schema.room import Room

_INTRODUCE = frozenset({
    "UPDATE", "INSERT", "REPLACE", "DELETE", "FROM", "INTO", "OR", "ABORT", "FAIL", "IGNORE", "ROLLBACK",
})  # fmt: skip


def chains(room: Room) -> None:
    """Name each trigger from which another one leads back to its table."""
    from pgraduate.dialect.triggers.parser import Event, Timing, parse_trigger

    carried = [item.source_sql for item in room.docket.objects if item.kind == "trigger" and item.statements]
    definitions = [parse_trigger(sql) for sql in carried if sql is not None]
    for first in definitions:
        if first.timing is not Timing.BEFORE or first.event is Event.INSERT:
            continue
        own = fold_name(first.table)
        fired = {write for write in _writes(first.statements) if write[1] != own}
        for second in definitions:
            leads_back = own in {table for _, table in _writes(second.statements)}
            if leads_back and (second.event.value, fold_name(second.table)) in fired:
                room.docket.find(
                    "TRIGGER_LEADS_BACK",
                    Severity.WARNING,
                    first.name,
                    f"It runs before a row of {first.table} is changed and writes {second.table}, whose trigger "
                    f"{second.name} writes {first.table}: where that is the same row, PostgreSQL refuses the statement.",
                    "make it an AFTER trigger, or leave its work to ON DELETE CASCADE",
                )


def _writes(statements: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the events that the statements may be, each with its table; an upsert updates as well."""
    from pgraduate.dialect.reading.tokens import tokenize

    for statement in statements:
        words = tokenize(statement)
        if words and words[0].is_word("UPDATE", "INSERT", "REPLACE", "DELETE"):
            table = next((token.name for token in words if not token.is_word(*_INTRODUCE)), "")
            inserts = words[0].is_word("INSERT", "REPLACE")
            for event in ("INSERT", "UPDATE") if inserts else (words[0].text.upper(),):
                yield event, fold_name(table)
