"""The names under which a database's triggers fire in PostgreSQL in the order in which they fire in SQLite.

SQLite promises no order and fires the newest trigger first; PostgreSQL fires in the order of the names.  A name is
changed only where a table has several triggers for the same moment and their names sort otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pgraduate.dialect.identifiers import fold
from pgraduate.dialect.triggers.parser import TriggerDefinition, parse_trigger
from pgraduate.errors import NotTranslated


def trigger_names(statements: Sequence[str]) -> Mapping[str, str]:
    """Map each trigger's source name to its target name; the CREATE TRIGGER statements stand in the order of creation.

    Where the order would differ, the names of that table, timing and event get a number in front.  A statement that
    `translate_trigger` refuses already for its grammar has no name here.
    """
    definitions = [definition for sql in statements if (definition := _parsed(sql)) is not None]
    names = {definition.name: fold(definition.name) for definition in definitions}
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for definition in reversed(definitions):
        together[definition.table.lower(), definition.timing, definition.event].append(definition.name)
    for firing in together.values():
        targets = [names[name].encode() for name in firing]
        if targets != sorted(targets):
            width = len(str(len(firing)))
            names.update({name: fold(f"t{place:0{width}}_{name}") for place, name in enumerate(firing, 1)})
    return names


def _parsed(sql: str) -> TriggerDefinition | None:
    try:
        return parse_trigger(sql)
    except NotTranslated:
        return None
