"""INSERT: the columns, and each value in the form of its column.

NULL for the rowid means the next number, whether it is written there or comes from an expression or a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.dialect.values.assignment import assigned
from pgraduate.dialect.writing.conflicts import NewRows, conflict_texts
from pgraduate.dialect.writing.ignoring import without_violations
from pgraduate.dialect.writing.parser import Insert, Policy
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.several_rules import with_one_rule
from pgraduate.dialect.writing.targets import column_of, is_rowid, written_table
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity


def insert_texts(insert: Insert, sql: str, pieces: Pieces, outer: Scope) -> list[str]:
    """Translate an INSERT to the statements that do the same, in their order."""
    return _Inserter(insert, sql, pieces, outer).texts()


class _Inserter:
    def __init__(self, insert: Insert, sql: str, pieces: Pieces, outer: Scope) -> None:
        self.insert = insert
        self.sql = sql
        self.pieces = pieces
        self.outer = outer
        self.table = written_table(insert.table, sql, pieces.schema)
        self.alias = insert.alias or insert.table
        self.named = self._columns()
        self.places = self._places()
        self.columns = tuple(self.named[place] for place in self.places)
        self.unused: set[tuple[int, int]] = set()
        """Where VALUES gives NULL, by row and column."""
        self.highest: int | None = None
        """The largest number that a row of VALUES gives by hand; rows behind it go on from there."""

    def texts(self) -> list[str]:
        with_, self.outer = self.pieces.with_clause(self.insert.with_, self.outer)
        new = self._new_rows()
        if self.insert.policy is Policy.IGNORE and not self.insert.upserts and not self.table.is_view:
            new = without_violations(new, self.sql, self.pieces)
        insert, new = with_one_rule(self.insert, new, self.sql, self.pieces)
        before, conflict = conflict_texts(insert, new, self.sql, self.pieces, self.outer)
        target = qualified(self.table.schema, self.table.target)
        named = f" AS {quote(self.alias)}" if conflict or self.insert.returning is not None else ""
        listed = ", ".join(quote(column.target) for column in new.columns)
        names = f" ({listed})" if listed else ""
        return [
            *(f"{with_}{text}" for text in before),
            f"{with_}INSERT INTO {target}{named}{names} {new.text}{conflict}",
        ]

    def _columns(self) -> tuple[ColumnView, ...]:
        insert = self.insert
        if insert.columns:
            return tuple(column_of(self.table, name, self.sql) for name in insert.columns)
        if not insert.rows and insert.query is None:
            return ()
        if self.table.left_out:
            construct = f"INSERT without a column list into {self.table.source}, of which columns are left out,"
            raise NotTranslated(self.sql, construct)
        return tuple(column for column in self.table.columns if not (column.generated or column.implicit))

    def _places(self) -> tuple[int, ...]:
        """Choose among columns that are named twice, as SQLite does: the last name of the rowid, else the first."""
        chosen: dict[str, int] = {}
        for place, column in enumerate(self.named):
            if column.target not in chosen or is_rowid(self.table, column):
                chosen[column.target] = place
        return tuple(sorted(chosen.values()))

    def _new_rows(self) -> NewRows:
        rows = tuple(self._row(number, row) for number, row in enumerate(self.insert.rows))
        if self.insert.query is not None:
            text = self._selected(self.insert.query)
        elif rows:
            text = "VALUES " + ", ".join(f"({', '.join(row)})" for row in rows)
        else:
            text = "DEFAULT VALUES"
        return NewRows(self.table, self.alias, self.columns, text, rows, frozenset(self.unused))

    def _row(self, number: int, values: Sequence[str]) -> tuple[str, ...]:
        self._check_count(len(values))
        found = self.pieces.expressions([values[place] for place in self.places], self.outer)
        self.unused.update((number, place) for place, (value, _) in enumerate(found) if _is_null(value))
        return tuple(
            self._stored(value, column, context)
            for (value, context), column in zip(found, self.columns, strict=True)
        )

    def _stored(self, value: Typed, column: ColumnView, context: Context) -> str:
        """Write one value; NULL for the rowid means the next number."""
        if not is_rowid(self.table, column):
            return tree.text_of(assigned(value, column, context))
        if _is_null(value):
            return "DEFAULT" if self.highest is None else tree.text_of(self._after_the_highest(column))
        if isinstance(value.constant, int) and len(self.insert.rows) > 1:
            self.highest = max(value.constant, self.highest or 0)
        return tree.text_of(self._numbered(value, column, context))

    def _numbered(self, value: Typed, column: ColumnView, context: Context) -> exp.Expr:
        self._say_that_numbers_are_given()
        node = assigned(value, column, context)
        if value.not_null or (value.is_constant and value.kind is not Kind.NULL):
            return node
        context.fired("next rowid")
        return tree.call("coalesce", node, self._next(column))

    def _after_the_highest(self, column: ColumnView) -> exp.Expr:
        """Number a row behind one that was numbered by hand: the sequence does not know of that number."""
        assert self.highest is not None
        self.highest += 1
        self.pieces.fired("next rowid")
        return tree.call("greatest", self._next(column), tree.integer(self.highest))

    def _next(self, column: ColumnView) -> exp.Expr:
        sequence = tree.call(
            "pg_get_serial_sequence",
            tree.string(qualified(self.table.schema, self.table.target)),
            tree.string(column.target),
        )
        return tree.call("nextval", sequence)

    def _selected(self, query: str) -> str:
        """Translate INSERT … SELECT; where a column needs another form, around the query."""
        node, shape, context = self.pieces.query(query, self.outer)
        self._check_count(len(shape.columns))
        inner = context.fresh("row")
        names = [context.fresh("value") for _ in shape.columns]
        values = []
        changed = len(self.columns) < len(self.named)
        for place, column in zip(self.places, self.columns, strict=True):
            reference = tree.column(inner, names[place])
            value = replace(shape.columns[place].value, node=reference)
            stored = (
                self._numbered(value, column, context)
                if is_rowid(self.table, column)
                else assigned(value, column, context)
            )
            changed = changed or stored is not reference
            values.append(tree.text_of(stored))
        if not changed:
            return tree.text_of(node)
        listed = ", ".join(quote(name) for name in names)
        return f"SELECT {', '.join(values)} FROM ({tree.text_of(node)}) AS {quote(inner)} ({listed})"

    def _check_count(self, count: int) -> None:
        if count != len(self.named):
            raise NotTranslated(self.sql, f"an INSERT of {count} values into {len(self.named)} columns")

    def _say_that_numbers_are_given(self) -> None:
        what = (
            f"The statement numbers the rows of {self.table.source} itself, and the sequence does not follow; "
            "an INSERT without a number fails once the sequence reaches a number that is taken."
        )
        found = Finding("NUMBER_GIVEN", Severity.NOTICE, self.pieces.where, what)
        if found not in self.pieces.findings:
            self.pieces.findings.append(found)


def _is_null(value: Typed) -> bool:
    return value.kind is Kind.NULL and value.is_constant
