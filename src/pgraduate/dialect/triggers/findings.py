"""What a translated trigger may do otherwise than in SQLite, said before it happens.

SQLite runs a row's triggers before it touches the next row; PostgreSQL runs AFTER triggers when the statement has
changed its last row, and refuses a BEFORE trigger that changes the row under way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pgraduate.dialect.core.names import ROWID_NAMES
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import TableView
from pgraduate.dialect.triggers.own_row import by_key, is_never_null, names_rowid, row_key
from pgraduate.dialect.triggers.parser import Event, Timing, TriggerDefinition
from pgraduate.dialect.triggers.raises import Action, Raise
from pgraduate.dialect.writing.parser import Delete, Insert, Statement, Update
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity


def refuse_change_of_own_row(definition: TriggerDefinition, table: TableView, statement: Statement) -> None:
    """Raise NotTranslated where a BEFORE trigger changes its own row, which SQLite leaves undefined."""
    if definition.timing is not Timing.BEFORE or definition.event is Event.INSERT:
        return
    if _is_subject(statement, table) and isinstance(statement, Update | Delete) and _own_row_only(statement, table):
        raise NotTranslated(
            definition.name,
            "a BEFORE trigger that changes the row it runs for",
            "SQLite calls the result undefined; make it an AFTER trigger.",
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the text of a trigger shows.

    `reads` are the lower-case names of the tables in its queries, `columns` the pairs of lower-case qualifier and
    name in its expressions.
    """

    definition: TriggerDefinition
    table: TableView
    statements: tuple[Statement, ...]
    raises: tuple[Raise, ...]
    reads: frozenset[str]
    columns: frozenset[tuple[str, str]]

    def findings(self) -> tuple[Finding, ...]:
        """Name every difference, in the order in which a trigger would meet it."""
        return (
            *self._of_many_rows(),
            *self._of_the_row_under_way(),
            *self._of_foreign_keys(),
            *self._of_the_rowid(),
            *self._of_raise(),
        )

    @property
    def _is_after(self) -> bool:
        return self.definition.timing is Timing.AFTER

    def _of_many_rows(self) -> Iterator[Finding]:
        if self._is_after and self.table.source.lower() in self.reads:
            yield self._finding(
                "TRIGGER_READS_ITS_TABLE",
                Severity.NOTICE,
                f"The trigger reads {self.table.source}: in SQLite it sees the rows up to its own, in PostgreSQL all "
                "rows of the statement. Only statements that change several rows are affected.",
            )
        if not any(_changes_other_rows(statement, self.table) for statement in self.statements):
            return
        if self._is_after:
            severity = Severity.NOTICE
            what = "A statement that changes several rows has changed all of them before the trigger runs."
        else:
            severity = Severity.WARNING
            what = "PostgreSQL refuses a statement whose BEFORE trigger changes a row that is still to come."
        yield self._finding(
            "TRIGGER_WRITES_ITS_TABLE", severity, f"The trigger changes other rows of {self.table.source}. {what}"
        )

    def _of_the_row_under_way(self) -> Iterator[Finding]:
        under_way = self.definition.timing is Timing.BEFORE and self.definition.event is not Event.INSERT
        if under_way and any(not _is_subject(statement, self.table) for statement in self.statements):
            yield self._finding(
                "BEFORE_TRIGGER_WRITES",
                Severity.INFO,
                "Where another trigger leads from what this one writes back to the row of "
                f"{self.table.source} that is under way, PostgreSQL refuses the statement.",
                "Make it an AFTER trigger then.",
            )

    def _of_foreign_keys(self) -> Iterator[Finding]:
        deleted = self._is_after and self.definition.event is Event.DELETE
        if deleted and any(_cleans_up(statement, self.table) for statement in self.statements):
            yield self._finding(
                "FOREIGN_KEY_BEFORE_TRIGGER",
                Severity.INFO,
                "An immediate foreign key that the trigger satisfies is checked before it runs; SQLite checks it at "
                "the end of the statement.",
                "Make such a foreign key DEFERRABLE INITIALLY DEFERRED.",
            )

    def _of_the_rowid(self) -> Iterator[Finding]:
        changes = [s for s in self.statements if isinstance(s, Update | Delete) and _is_subject(s, self.table)]
        by_rowid = any(by_key(s.where or "", self.definition, self.table) != (s.where or "") for s in changes)
        if by_rowid and not is_never_null(self.table, row_key(self.table)):
            yield self._finding(
                "ROW_FOUND_BY_KEY",
                Severity.NOTICE,
                f"{self.table.source} has no number for its rows; the trigger finds its row by the key "
                f"({', '.join(row_key(self.table))}), and does not where that is NULL.",
            )
        numbers = ROWID_NAMES | {(self.table.rowid_alias or "rowid").lower()}
        before_insert = self.definition.timing is Timing.BEFORE and self.definition.event is Event.INSERT
        if before_insert and any(qualifier == "new" and name in numbers for qualifier, name in self.columns):
            yield self._finding(
                "NUMBER_KNOWN_BEFORE_INSERT",
                Severity.NOTICE,
                "Where INSERT gives no number for the row, NEW has -1 in SQLite and the new number in PostgreSQL.",
            )

    def _of_raise(self) -> Iterator[Finding]:
        actions = {found.action for found in self.raises}
        if Action.FAIL in actions:
            yield self._finding(
                "RAISE_FAIL_ABORTS",
                Severity.NOTICE,
                "RAISE(FAIL) takes back the statement; in SQLite the rows that it changed before stay.",
            )
        if Action.ROLLBACK in actions:
            yield self._finding(
                "RAISE_ROLLBACK_ABORTS",
                Severity.NOTICE,
                "RAISE(ROLLBACK) takes back the statement; in SQLite the whole transaction is rolled back at once.",
            )
        if self._is_after and Action.IGNORE in actions:
            yield self._finding(
                "RAISE_IGNORE_ENDS_ONE_TRIGGER",
                Severity.NOTICE,
                "RAISE(IGNORE) ends this trigger; in SQLite it also skips the row's further AFTER triggers.",
            )

    def _finding(self, code: str, severity: Severity, what: str, hint: str | None = None) -> Finding:
        return Finding(code, severity, self.definition.name, what, hint)


def _is_subject(statement: Statement, table: TableView) -> bool:
    return statement.table.lower() == table.source.lower()


def _cleans_up(statement: Statement, table: TableView) -> bool:
    """Say whether the statement changes the rows of another table that refer to the deleted one."""
    if isinstance(statement, Insert) or _is_subject(statement, table):
        return False
    return any(token.is_word("OLD") for token in tokenize(statement.where or ""))


def _changes_other_rows(statement: Statement, table: TableView) -> bool:
    if not _is_subject(statement, table):
        return False
    return isinstance(statement, Insert) or not _own_row_only(statement, table)


def _own_row_only(statement: Update | Delete, table: TableView) -> bool:
    """Say whether the condition is `key = NEW.key` or `key = OLD.key`, in either order."""
    words = [token for token in tokenize(statement.where or "") if token.text not in ("(", ")")]
    equals = [index for index, token in enumerate(words) if token.text in ("=", "==")]
    if len(equals) != 1:
        return False
    sides = (words[: equals[0]], words[equals[0] + 1 :])
    row, key = sorted(sides, key=len, reverse=True)
    of_row = len(row) == 3 and row[0].name.lower() in ("new", "old") and row[1].text == "."
    of_table = len(key) == 1 or (len(key) == 3 and key[0].name.lower() == table.source.lower())
    keys = _single_keys(table)
    return of_row and of_table and row[2].name.lower() in keys and key[-1].name.lower() in keys


def _single_keys(table: TableView) -> frozenset[str]:
    """Give the names of single columns that find a row: the rowid, and the key that stands for it."""
    key = row_key(table)
    rowid = frozenset(name for name in ROWID_NAMES if names_rowid(name, table))
    return rowid | {key[0].lower()} if len(key) == 1 else rowid
