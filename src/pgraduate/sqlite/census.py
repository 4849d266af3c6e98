"""The census of a sealed copy: exact counts of what every column holds.

SQLite counts what SQL can count, in two plain scans per table: first the storage classes, then minima, lengths
and the like of the classes that occur; one scan, which had to ask every column for every class, takes longer.
Python streams only the columns that SQL cannot judge: texts, whose bytes may not be valid, and values whose declared
type asks for a richer one.  All scans are NOT INDEXED, so an index ordered by an unknown collation disturbs nothing,
and no scan holds more than a bounded batch of rows.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw

from pgraduate.errors import SourceUnusable
from pgraduate.events import Silence, Sink, StepProgress
from pgraduate.model.catalog import Catalog, Column, Table
from pgraduate.model.census import Census, ColumnCensus, TableCensus
from pgraduate.sqlite.census_collisions import add_collisions
from pgraduate.sqlite.census_counts import Counts, count
from pgraduate.sqlite.census_keys import orphans, parent_duplicates
from pgraduate.sqlite.census_stream import Streamed, stream
from pgraduate.sqlite.census_width import widest_row
from pgraduate.sqlite.names import fold, quote
from pgraduate.sqlite.queries import query
from pgraduate.sqlite.sealed import open_sealed

_SILENCE = Silence()
_ROWID_NAMES = ("rowid", "_rowid_", "oid")


def take_census(sealed: Path, catalog: Catalog, *, sink: Sink = _SILENCE) -> Census:
    """Count what stands in every table of a sealed copy, and in every virtual table that can be read.

    Shadow tables are their virtual table's business and have no entry.  Emits progress in rows.  Raises
    SourceUnusable, with the table's name, where rows cannot be read.
    """
    tables = [table for table in catalog.tables if table.kind != "shadow"]
    found: list[TableCensus] = []
    with closing(open_sealed(sealed)) as connection:
        for number, table in enumerate(tables, 1):
            done = sum(counted.rows for counted in found)
            place = f"{table.name}, table {number} of {len(tables)}"

            def tell(rows: int, done: int = done, place: str = place) -> None:
                sink.emit(StepProgress("census", done + rows, None, "rows", place))

            tell(0)
            try:
                found.append(_table(connection, table, catalog, tell))
            except apsw.Error as error:
                if table.kind == "table":
                    raise SourceUnusable(
                        f"the rows cannot be read: {error}", where=f"table {table.name}"
                    ) from error
        try:
            return add_collisions(connection, catalog, Census(catalog.name, tuple(found)))
        except apsw.Error as error:
            raise SourceUnusable(f"the keys cannot be compared: {error}", where=catalog.name) from error


def _table(connection: apsw.Connection, table: Table, catalog: Catalog, tell: Callable[[int], None]) -> TableCensus:
    columns = tuple(column for column in table.columns if not column.hidden)
    if not columns:
        raise apsw.SQLError("no readable column")
    rows, null_keys, counts = count(connection, table, columns)
    streamed = stream(connection, table, columns, counts, catalog.codec, tell)
    rowid_min, rowid_max = _rowid_range(connection, table)
    return TableCensus(
        table=table.name,
        rows=rows,
        columns=tuple(
            _column(column, rows, counts[column.name], streamed[column.name], catalog.encoding)
            for column in columns
        ),
        rowid_min=rowid_min,
        rowid_max=rowid_max,
        bytes=_payload(connection, table, columns),
        null_keys=null_keys,
        orphans=orphans(connection, table, catalog),
        parent_duplicates=parent_duplicates(connection, table, catalog),
        widest_row=widest_row(connection, table, columns, counts, catalog.encoding),
        rows_left_out=_all_rows(connection, table) - rows if table.filter is not None else 0,
    )


def _column(column: Column, rows: int, counts: Counts, streamed: Streamed, encoding: str) -> ColumnCensus:
    return ColumnCensus(
        column=column.name,
        nulls=rows - counts.values,
        integers=counts.integers,
        reals=counts.reals,
        texts=counts.texts,
        blobs=counts.blobs,
        integer_min=counts.integer_min,
        integer_max=counts.integer_max,
        text_longest=max(counts.text_longest, streamed.longest),
        text_longest_bytes=counts.text_longest_bytes if encoding == "UTF-8" else streamed.longest_bytes,
        blob_longest=counts.blob_longest,
        nul_texts=streamed.nul_texts,
        bad_texts=streamed.bad_texts,
        infinities=counts.infinities,
        negative_zeros=counts.negative_zeros,
        whole_reals=counts.whole_reals,
        conversions=streamed.conversions,
    )


def _rowid_range(connection: apsw.Connection, table: Table) -> tuple[int | None, int | None]:
    """Give the lowest and highest rowid of all rows, so that no number is given out again whose row stays behind.

    None where there is none, or no name is left to ask for it.
    """
    taken = {fold(name) for name in (*(column.name for column in table.columns), *table.left_out)}
    name = table.rowid_alias or next((name for name in _ROWID_NAMES if name not in taken), None)
    if table.without_rowid or name is None:
        return None, None
    # Two questions: SQLite answers min() or max() alone from the ends of the tree.
    lowest, highest = (
        connection.execute(f'SELECT {end}({quote(name)}) FROM "main".{quote(table.name)}').get
        for end in ("min", "max")
    )
    return lowest, highest


def _all_rows(connection: apsw.Connection, table: Table) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "main".{quote(table.name)} NOT INDEXED').get)


def _payload(connection: apsw.Connection, table: Table, columns: tuple[Column, ...]) -> int:
    """Give the bytes of all records; for a virtual table, which stores none, the bytes of what it shows."""
    if table.kind == "virtual":
        shown = [quote(column.name) for column in columns if not column.implicit]
        total = " + ".join(f"total(octet_length({name}))" for name in shown)
        return int(connection.execute(f'SELECT {total} FROM "main".{quote(table.name)}').get)
    return int(connection.execute(query("payload"), (table.name,)).get)
