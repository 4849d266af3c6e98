"""Reading the rows of one table out of the sealed copy, in the order of its rowids.

The invariant: what is read is what is stored.  Text that PostgreSQL cannot hold is read as its raw bytes
where the plan expects such cells; elsewhere bytes that are not valid text stop the load and name their column.

Texts of long rows pass as the bytes that they are stored as, which is what COPY sends: PostgreSQL checks them, and
nobody decodes them only to encode them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apsw

from pgraduate.copy.ranges import WHOLE, Range
from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import CODECS
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.model.representation import Rule
from pgraduate.model.storage import Affinity, affinity_of
from pgraduate.sqlite.names import quote

Row = tuple[Any, ...]

LONG = 1024
"""Bytes of a table's longest row from which on its texts pass undecoded.  Rows of 5 KB were read in 0.33 instead of
0.56 s per 60,000; rows of short ASCII texts took a fifth longer."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """How one table is read.

    A row is: one item per loaded column; then, per column in `raw`, the storage class of its cell, whose item is
    then bytes where the class is text; last the rowid, where the table has one that can be named and that is not
    among the columns.
    """

    plan: TablePlan
    columns: tuple[ColumnPlan, ...]
    raw: tuple[int, ...]
    rowid: str | None
    encoding: str
    """Python's name of the encoding of the database's text."""
    rowid_place: int = -1
    """The place of the rowid in a row."""
    reals: frozenset[int] = frozenset()
    """Places of the columns of REAL affinity, which SQLite never reads as integers."""
    undecoded: frozenset[int] = frozenset()
    """Places of the columns whose texts are read as their bytes.  A blob is read as '' there, for it must be refused."""

    def rows(self, sealed: apsw.Connection, part: Range = WHOLE) -> Iterator[Row]:
        """Stream the rows whose rowids lie in a range; a table without rowid has only the whole one.

        Raises SourceUnusable where SQLite cannot read a row, and for text that is not valid in its encoding.
        """
        try:
            yield from sealed.execute(*self._select(part))
        except UnicodeDecodeError:
            raise self.bad_text(self.undecodable(sealed) or "unknown") from None
        except apsw.Error as error:
            raise SourceUnusable(
                f"SQLite cannot read the table: {error}",
                where=f"table {self.plan.source}",
                hint="run `PRAGMA integrity_check` on the source",
            ) from error

    def bad_text(self, column: str) -> SourceUnusable:
        """Make the error for a text of a column that is not valid in its encoding."""
        return SourceUnusable(
            "a text is not valid in the encoding of the database",
            where=f"table {self.plan.source}, column {column}",
            hint="assess the source again: the plan does not expect such a text in this column",
        )

    def _select(self, part: Range) -> tuple[str, tuple[int, ...]]:
        # Qualified: SQLite takes a quoted name that is no column for a text.  By the table's own name: a filter may
        # use it.
        table = quote(self.plan.source)
        names = [f"{table}.{quote(column.source)}" for column in self.columns]
        items = [
            f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
            if place in self.raw
            else f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) WHEN 'blob' THEN '' ELSE {name} END"
            if place in self.undecoded
            else name
            for place, name in enumerate(names)
        ]
        items += [f"typeof({names[place]})" for place in self.raw]
        # NOT INDEXED keeps SQLite away from indexes whose collation it does not know.
        query = f"FROM {table} NOT INDEXED"
        # The line break ends a comment at the filter's end.
        conditions = [f"({self.plan.filter}\n)"] if self.plan.filter is not None else []
        assert self.rowid is not None or part == WHOLE, "only rowids divide a table"
        bounds = [(">", part.after), ("<=", part.upto)]
        given = [(sign, bound) for sign, bound in bounds if bound is not None]
        conditions += [f"{self.rowid} {sign} ?" for sign, _ in given]
        if conditions:
            query += f" WHERE {' AND '.join(conditions)}"
        if self.rowid is None:
            return f"SELECT {', '.join(items)} {query}", ()
        if self.rowid_place < 0:
            items.append(self.rowid)
        return f"SELECT {', '.join(items)} {query} ORDER BY {self.rowid}", tuple(bound for _, bound in given)

    def undecodable(self, sealed: apsw.Connection) -> str | None:
        """Find the column that holds a text which is not valid in its encoding."""
        for column in self.columns:
            name = f"{quote(self.plan.source)}.{quote(column.source)}"
            texts = f"FROM {quote(self.plan.source)} NOT INDEXED WHERE typeof({name}) = 'text'"
            query = f"SELECT CAST({name} AS BLOB) {texts}"
            for (stored,) in sealed.execute(query):
                try:
                    stored.decode(self.encoding)
                except UnicodeDecodeError:
                    return column.source
        return None


def source_table(sealed: apsw.Connection, plan: TablePlan) -> SourceTable:
    """Find out how a table is to be read."""
    columns = tuple(column for column in plan.columns if not column.generated)
    encoding = _encoding(sealed)
    raw = tuple(
        place
        for place, column in enumerate(columns)
        # On its way from UTF-16 SQLite itself would replace what is not valid, without a word.
        if column.quarantines or column.representation.rule is Rule.ANY_BYTES or encoding != "utf-8"
    )
    reals = _reals(sealed, plan.source)
    places = {column.source: place for place, column in enumerate(columns)}
    alias = None if plan.without_rowid or plan.rowid_alias is None else places.get(plan.rowid_alias)
    return SourceTable(
        plan,
        columns,
        raw,
        rowid_name(plan),
        encoding,
        -1 if alias is None else alias,
        frozenset(places[name] for name in reals & places.keys()),
        _undecoded(plan, columns, encoding),
    )


def _reals(sealed: apsw.Connection, table: str) -> set[str]:
    """Name the columns of REAL affinity."""
    described = sealed.execute("SELECT name, type FROM pragma_table_xinfo(?)", (table,))
    return {str(name) for name, declared in described if affinity_of(str(declared)) is Affinity.REAL}


def _undecoded(plan: TablePlan, columns: tuple[ColumnPlan, ...], encoding: str) -> frozenset[int]:
    """Choose the columns whose texts need not be looked at: they hold nothing else and name no row."""
    if encoding != "utf-8" or plan.longest < LONG or not plan.key:
        return frozenset()
    return frozenset(
        place
        for place, column in enumerate(columns)
        if column.representation.rule is Rule.TEXT
        and not (column.quarantines or column.misfits or column.source in plan.key)
    )


def rowid_name(plan: TablePlan) -> str | None:
    """Name the rowid: its alias, or the first of its own names that no column has taken; None where there is none."""
    if plan.without_rowid:
        return None
    table = quote(plan.source)
    if plan.rowid_alias is not None:
        return f"{table}.{quote(plan.rowid_alias)}"
    taken = {name.lower() for name in (*(column.source for column in plan.columns), *plan.left_out)}
    return next((f"{table}.{name}" for name in ("rowid", "_rowid_", "oid") if name not in taken), None)


def _encoding(sealed: apsw.Connection) -> str:
    name = sealed.execute("PRAGMA encoding").get
    return CODECS[str(name)]
