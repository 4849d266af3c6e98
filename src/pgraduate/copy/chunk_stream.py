"""One COPY of one chunk: opened for a table's columns, written to, ended in good order.

The invariant: when it is left, the server has taken everything or the transaction has failed; no thread stays behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.abc import Buffer
from psycopg.copy import LibpqWriter

from pgraduate.copy.encoders.wire import wire_type
from pgraduate.copy.row_format import FormattedWriter, PublicWriter, RowWriter, private_format, transformer
from pgraduate.copy.sending import sender
from pgraduate.copy.staging import STAGE, make_stage, move_on, needs_stage
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.postgres.identifiers import qualified, quote


@dataclass(slots=True)
class ChunkStream:
    """`taken` is the number of rows that the server counted; it stands when the stream has been left."""

    writer: RowWriter
    taken: int = -1

    @staticmethod
    @contextmanager
    def open(
        connection: psycopg.Connection,
        plan: TablePlan,
        columns: Sequence[ColumnPlan],
        bases: Sequence[str],
        buffer: int,
        *,
        frozen: bool,
        undecoded: frozenset[int],
    ) -> Iterator[ChunkStream]:
        """Begin a COPY into the open transaction; `frozen` needs a table that was made or emptied in it.

        `buffer` is what the socket holds, in bytes; at the places in `undecoded` a text comes as its bytes.
        """
        names = ", ".join(quote(column.target) for column in columns)
        options = "FORMAT BINARY, FREEZE" if frozen else "FORMAT BINARY"
        staged = needs_stage(columns, bases)
        if staged:
            make_stage(connection, plan, columns, bases)
        table = STAGE if staged else qualified(plan.schema, plan.name)
        statement = f"COPY {table} ({names}) FROM STDIN ({options})"
        types = [
            # A text in the binary format is its bytes, as a bytea is.
            "bytea" if place in undecoded else wire_type(column, base)
            for place, (column, base) in enumerate(zip(columns, bases, strict=True))
        ]
        with connection.cursor() as cursor:
            counting = _CountingWriter(cursor)
            with cursor.copy(statement.encode(), writer=counting) as copy:
                copy.set_types(types)
                if (format_row := private_format()) is None:
                    stream = ChunkStream(PublicWriter(copy, lambda: counting.sent))
                    yield stream
                    stream.writer.finish()
                else:
                    with sender(copy, buffer) as sending:
                        stream = ChunkStream(FormattedWriter(sending, transformer(types, connection), format_row))
                        yield stream
                        stream.writer.finish()
            if format_row is None:
                stream.writer.sent = counting.sent
            stream.taken = move_on(connection, plan, columns, bases) if staged else cursor.rowcount


class _CountingWriter(LibpqWriter):
    """Sends what COPY formats, and counts it."""

    sent = 0

    def write(self, data: Buffer) -> None:
        self.sent += len(data)
        super().write(data)
