"""UPDATE OR IGNORE and UPDATE OR REPLACE: what becomes of a row whose new key another row has.

SQLite changes one row after the other, PostgreSQL all at once, so the outcome is computed beforehand.  That is possible
where the statement gives its rows one and the same key, or leaves a part of it as it is: then rows collide only within
a group of equal other parts.  Of a group IGNORE changes the row that has the key already, else the first in the order
of the table, and no row where the key is taken by one that stays; REPLACE keeps the last, and removes the others with
the row that had the key.  A key that is computed from the row, whose outcome would depend on the rows before it, is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import Scope, source_of_table
from pgraduate.dialect.functions import COMPAT, Volatility
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.reading.parsing import function_name
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import ColumnView, TableView
from pgraduate.dialect.values.assignment import assigned
from pgraduate.dialect.writing.conflicts import folded
from pgraduate.dialect.writing.parser import Policy, Update
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.targets import column_of, is_rowid
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity

_NEW, _OLD, _PLACE, _RANK, _TAKEN = "_new", "_old", "_place", "_rank", "_taken"


@dataclass(frozen=True, slots=True)
class Change:
    """One assignment: `text` is the value in the column's form, `fixed` says that it is the same for every row."""

    column: ColumnView
    value: Typed
    text: str
    fixed: bool


def choosing_texts(
    update: Update, table: TableView, sql: str, pieces: Pieces, scope: Scope, where: str
) -> tuple[list[str], str]:
    """Give the statements to run before an UPDATE OR IGNORE or OR REPLACE, and its WHERE clause.

    `where` is the translated condition, '' for none.
    """
    if update.from_ is not None or update.few is not None:
        raise NotTranslated(sql, f"UPDATE OR {update.policy} with FROM or LIMIT")
    if table.is_view:
        raise NotTranslated(sql, "conflict handling on a view")
    changes = tuple(_change(a.columns, a.value, table, sql, pieces, scope) for a in update.assignments)
    return _Chooser(update, table, sql, pieces, where, changes).texts()


def _change(names: Sequence[str], text: str, table: TableView, sql: str, pieces: Pieces, scope: Scope) -> Change:
    if len(names) != 1:
        raise NotTranslated(sql, "row values in an UPDATE with a conflict clause")
    column = column_of(table, names[0], sql)
    value, context = pieces.expression(text, scope)
    return Change(column, value, tree.text_of(assigned(value, column, context)), _is_fixed(context))


def _is_fixed(context: Context) -> bool:
    """Say whether an expression has one value for all rows: it names no column and calls nothing of chance."""
    node = context.parsed.tree
    calls = {function_name(call) for call in node.find_all(exp.Anonymous)}
    return node.find(exp.Column) is None and not any(COMPAT.get(name) is Volatility.VOLATILE for name in calls)


@dataclass(frozen=True, slots=True)
class _Chooser:
    update: Update
    table: TableView
    sql: str
    pieces: Pieces
    where: str
    changes: tuple[Change, ...]

    def texts(self) -> tuple[list[str], str]:
        key = self._touched_key()
        self.pieces.fired(f"update or {self.update.policy.lower()}")
        if self.update.policy is Policy.IGNORE:
            return [], self._ignoring(key)
        self._require_values()
        return ([self._removal(key)] if key else []), self.where

    def _touched_key(self) -> tuple[ColumnView, ...]:
        """Give the one unique key that the rows can collide on, () for none."""
        changed = {change.column.source.lower(): change for change in self.changes}
        touched = []
        for names in self.table.unique_keys:
            new = [changed[name.lower()] for name in names if name.lower() in changed]
            if not new or any(change.value.kind is Kind.NULL and change.value.is_constant for change in new):
                continue
            if not all(change.fixed for change in new):
                raise NotTranslated(
                    self.sql, f"UPDATE OR {self.update.policy} of a key that is computed from the row"
                )
            touched.append(tuple(column_of(self.table, name, self.sql) for name in names))
        if len(touched) > 1:
            raise NotTranslated(self.sql, f"UPDATE OR {self.update.policy} of several unique keys")
        return touched[0] if touched else ()

    def _ignoring(self, key: tuple[ColumnView, ...]) -> str:
        tests = list(self._tests())
        clause = f" WHERE {' AND '.join(tests)}" if tests else ""
        if not key:
            chosen = f"SELECT {_NEW}.{_PLACE} FROM ({self._rows()}) AS {_NEW}{clause}"
            return f" WHERE {self._alias}.ctid IN ({chosen})" if tests else self.where
        others = " AND ".join(self._pairs(key))
        taken = f"EXISTS (SELECT 1 FROM {self._target} AS {_OLD} WHERE {others} AND {_OLD}.ctid <> {_NEW}.{_PLACE})"
        ranks = self._ranks(key, f"{self._holds(key)} DESC, {self._order()}")
        ranked = f"SELECT {_NEW}.{_PLACE}, {ranks} AS {_RANK}, {taken} AS {_TAKEN}, {self._free(key)} AS _free"
        chosen = f"{ranked} FROM ({self._rows()}) AS {_NEW}{clause}"
        test = f"_free OR ({_RANK} = 1 AND NOT {_TAKEN})"
        return f" WHERE {self._alias}.ctid IN (SELECT {_PLACE} FROM ({chosen}) AS _ranked WHERE {test})"

    def _removal(self, key: tuple[ColumnView, ...]) -> str:
        """Remove what would be replaced: all rows of a group but the last, and the row that had the key."""
        if any(token.is_word("SELECT") for token in tokenize(self.update.where or "")):
            raise NotTranslated(self.sql, "UPDATE OR REPLACE whose WHERE holds a query")
        what = (
            "OR REPLACE removes the rows that are in the way before the UPDATE, with the DELETE triggers and foreign "
            "key actions of that; SQLite fires no DELETE triggers."
        )
        found = Finding("REPLACE_FIRES_OTHERWISE", Severity.NOTICE, self.pieces.where, what)
        if found not in self.pieces.findings:
            self.pieces.findings.append(found)
        ranks = self._ranks(key, f"{self._holds(key)}, {self._order(' DESC')}")
        columns = ", ".join(f"{_NEW}.{quote(column.target)}" for column in key)
        ranked = f"SELECT {_NEW}.{_PLACE}, {columns}, {self._holds(key)} AS _holds, {ranks} AS {_RANK}"
        rows = f"{ranked} FROM ({self._rows()}) AS {_NEW} WHERE NOT {self._free(key)}"
        others = " AND ".join(self._pairs(key))
        replaced = f"{_OLD}.ctid = {_NEW}.{_PLACE} AND {_NEW}.{_RANK} > 1"
        held = f"{_NEW}.{_RANK} = 1 AND NOT {_NEW}._holds AND {others}"
        test = f"({replaced}) OR ({held} AND {_OLD}.ctid <> {_NEW}.{_PLACE})"
        return f"DELETE FROM {self._target} AS {_OLD} USING ({rows}) AS {_NEW} WHERE {test}"

    def _rows(self) -> str:
        """Select the rows that the statement names, as they would be afterwards, with what they were."""
        new = {change.column.source.lower(): change.text for change in self.changes}
        columns = [
            f"CAST({new.get(c.source.lower(), f'{self._alias}.{quote(c.target)}')} AS {c.type}) AS {quote(c.target)}"
            for c in self.table.columns
            if not c.generated
        ]
        before = [f"{self._alias}.{quote(c.target)} AS {quote('_was_' + c.target)}" for c in self._remembered()]
        listed = ", ".join([f"{self._alias}.ctid AS {_PLACE}", *columns, *before])
        return f"SELECT {listed} FROM {self._target} AS {self._alias}{self.where}"

    def _remembered(self) -> list[ColumnView]:
        keys = {name.lower() for names in self.table.unique_keys for name in names}
        keys.add((self.table.rowid_alias or "").lower())
        return [column for column in self.table.columns if column.source.lower() in keys]

    def _ranks(self, key: Sequence[ColumnView], order: str) -> str:
        return f"row_number() OVER (PARTITION BY {', '.join(self._new(column) for column in key)} ORDER BY {order})"

    def _order(self, direction: str = "") -> str:
        """Give the order in which SQLite visits a table: by rowid, by the key of a table without one."""
        names = (self.table.rowid_alias,) if self.table.rowid_alias else (self.table.unique_keys[0:1] or ((),))[0]
        columns = [column_of(self.table, name, self.sql) for name in names if name]
        return ", ".join(f"{_was(column)}{direction}" for column in columns)

    def _holds(self, key: Sequence[ColumnView]) -> str:
        """Say whether the row has its new key already."""
        was = (f"{self._fold(c, _was(c))} = {self._new(c)}" for c in key)
        return f"COALESCE({' AND '.join(was)}, false)"

    def _free(self, key: Sequence[ColumnView]) -> str:
        """Say whether the new key holds a NULL, which no key collides with."""
        return "(" + " OR ".join(f"{_NEW}.{quote(column.target)} IS NULL" for column in key) + ")"

    def _pairs(self, key: Sequence[ColumnView]) -> Iterator[str]:
        for column in key:
            yield f"{self._fold(column, f'{_OLD}.{quote(column.target)}')} = {self._new(column)}"

    def _new(self, column: ColumnView) -> str:
        return self._fold(column, f"{_NEW}.{quote(column.target)}")

    def _fold(self, column: ColumnView, text: str) -> str:
        return folded(column, text, self.sql, self.pieces)

    def _tests(self) -> Iterator[str]:
        """Test what IGNORE passes over: a NULL where none may stand, a CHECK that does not hold."""
        for change in self.changes:
            if change.column.not_null and not is_rowid(self.table, change.column) and not _is_told(change.value):
                yield f"{_NEW}.{quote(change.column.target)} IS NOT NULL"
        columns = tuple(column for column in self.table.columns if not column.generated)
        scope = Scope([source_of_table(replace(self.table, columns=columns), self.table.source, _NEW)])
        for check in self.table.checks:
            yield f"({self.pieces.condition(check, scope)}) IS NOT FALSE"

    def _require_values(self) -> None:
        """Refuse a NULL for a column that may have none: there REPLACE takes the column's default."""
        for change in self.changes:
            if change.column.not_null and not _is_told(change.value):
                raise NotTranslated(self.sql, f"UPDATE OR REPLACE of {change.column.source}, which is NOT NULL")

    @property
    def _target(self) -> str:
        return qualified(self.table.schema, self.table.target)

    @property
    def _alias(self) -> str:
        return quote(self.update.alias or self.update.table)


def _was(column: ColumnView) -> str:
    return f"{_NEW}.{quote('_was_' + column.target)}"


def _is_told(value: Typed) -> bool:
    """Say whether a value is known to be none of NULL."""
    return value.not_null or (value.is_constant and value.kind is not Kind.NULL)
