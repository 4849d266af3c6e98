"""The rows of a range on their way, chunk by chunk, over one connection.

The invariant: when a chunk is given, its rows, its side lines and its line in pgraduate.chunk stand in the open
transaction together; whoever takes it commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import apsw
import psycopg

from pgraduate.copy.chunk_stream import ChunkStream
from pgraduate.copy.destination import ColumnTypes
from pgraduate.copy.failures import bad_texts_named
from pgraduate.copy.progress import Chunk, mark_done
from pgraduate.copy.ranges import Range
from pgraduate.copy.rows import RowEncoder, key_places
from pgraduate.copy.side_lines import write_side_lines
from pgraduate.copy.source import Row, source_table
from pgraduate.errors import TargetUnusable
from pgraduate.model.plan import TablePlan


@dataclass(frozen=True, slots=True)
class ChunkLimits:
    """A chunk ends at about the row that reaches one of the three: rows, bytes of the stream, side lines in memory."""

    rows: int
    bytes: int
    lines: int


class TableChunks:
    """One table as one connection copies it.  `buffer` is what the connection's socket holds, in bytes."""

    def __init__(
        self,
        connection: psycopg.Connection,
        sealed: apsw.Connection,
        plan: TablePlan,
        run_id: str,
        types: ColumnTypes,
        buffer: int,
        limits: ChunkLimits,
    ) -> None:
        self.table = source_table(sealed, plan)
        self.path = ""
        """How the rows were formatted; '' before the first chunk."""
        self._connection = connection
        self._sealed = sealed
        self._plan = plan
        self._run_id = run_id
        self._buffer = buffer
        self._limits = limits
        self._bases = types.of(plan, self.table.columns)
        self._encoder = RowEncoder(self.table, self._bases)

    def copy(self, part: Range, numbers: Iterator[int], *, frozen: bool = False) -> Iterator[Chunk]:
        """Copy the rows of a range; the chunks take the numbers given; `frozen` ones need all to stay in one transaction.

        Raises CellRefused, SourceUnusable, TargetUnusable, and psycopg's own errors.
        """
        stream = self.table.rows(self._sealed, part)
        while (first := next(stream, None)) is not None:
            yield self._chunk(next(numbers), first, stream, frozen=frozen)

    def _chunk(self, number: int, first: Row, stream: Iterator[Row], *, frozen: bool) -> Chunk:
        table, limits = self.table, self._limits
        with (
            bad_texts_named(table, self._sealed),
            ChunkStream.open(
                self._connection,
                self._plan,
                table.columns,
                self._bases,
                self._buffer,
                frozen=frozen,
                undecoded=table.undecoded,
            ) as out,
        ):
            rows = islice(chain((first,), stream), limits.rows)
            self.path = out.writer.path
            written = self._encoder.write(rows, out.writer, most_bytes=limits.bytes, most_lines=limits.lines)
        if out.taken != written.rows:
            raise TargetUnusable(
                f"PostgreSQL took {out.taken} of {written.rows} rows",
                where=f"table {self._plan.schema}.{self._plan.name}",
                hint="a trigger or a rule of the table drops rows: remove it for the time of the load",
            )
        self._write_side_lines()
        place = table.rowid_place
        low, high = (first[place], written.last[place]) if table.rowid is not None else (None, None)
        chunk = Chunk(number, low, high, written.rows, out.writer.sent)
        mark_done(self._connection, self._run_id, self._plan, chunk)
        return chunk

    def _write_side_lines(self) -> None:
        if lines := self._encoder.take_lines():
            places = key_places(self.table)
            key = [self.table.columns[place] for place in places]
            write_side_lines(self._connection, self._plan, key, [self._bases[place] for place in places], lines)
