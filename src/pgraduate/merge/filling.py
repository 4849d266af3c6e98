"""The rows of a merge: written with their keys as settled, judged, counted and recorded.

The invariant: a row of a source either stands in the merged file or has a line that says which row has its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import apsw

from pgraduate.events import Sink, StepProgress
from pgraduate.merge.ddl import create_table
from pgraduate.merge.keys import Keys
from pgraduate.merge.objects import Statement, statements
from pgraduate.merge.questions import Questions
from pgraduate.merge.reading import Reading, Settled, literal, text_literal
from pgraduate.merge.search import holds_rows, is_rebuilt
from pgraduate.merge.shape import Shape, unique_key
from pgraduate.model.catalog import Catalog
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.merge import Follow, MergedRow, MergedTable
from pgraduate.model.names import fold_name
from pgraduate.sqlite.names import quote


class Filling:
    """Works on a connection with the sources attached as s0, s1 … and the lines in `maps.line`."""

    def __init__(
        self,
        connection: apsw.Connection,
        catalogs: Sequence[Catalog],
        tables: Mapping[str, Settled],
        questions: Questions,
        sink: Sink,
    ) -> None:
        self._connection = connection
        self._catalogs = catalogs
        self._tables = tables
        self._questions = questions
        self._sink = sink
        self._reading = Reading(connection, tables)

    def run(self) -> tuple[tuple[MergedTable, ...], tuple[MergedRow, ...]]:
        keys = Keys(self._connection, self._questions, self._reading)
        for table in self._tables.values():
            keys.settle(table)
        for number, table in enumerate(self._tables.values(), 1):
            self._fill(table)
            self._sink.emit(StepProgress("merge", number, len(self._tables), "tables", table.shape.table.name))
        for table in self._tables.values():
            self._judge(table)
        self._sequences()
        dropped = {(table.name, key) for table in self._tables.values() for key in table.dropped}
        for statement in statements(self._catalogs, self._questions):
            if (fold_name(statement.table), statement.key) not in dropped:
                self._make(statement)
        self._rebuild()
        self._mark()
        for table in self._tables.values():
            self._report(table)
        return tuple(self._record()), tuple(self._rows())

    def _fill(self, table: Settled) -> None:
        """Make a table and write the rows of every file that keep their place."""
        shape = table.shape
        if shape.table.kind == "virtual" and not shape.table.columns:
            self._leave_out(shape)
            return
        uniques = tuple(index for index in shape.uniques if unique_key(index) not in table.dropped)
        as_is = shape.as_is and len(uniques) == len(shape.uniques)
        self._connection.execute(shape.table.sql if as_is else create_table(shape.table, uniques))
        if not holds_rows(shape.table):
            return
        targets = ", ".join(quote(column.name) for column in shape.loaded)
        for share, origin in enumerate(shape.origins):
            place = shape.shares[share].place
            items = ", ".join(self._reading.expression(table, share, column.name) for column in shape.loaded)
            raw = [self._reading.raw(table, share, name) for name in table.identity]
            gone = (
                f" WHERE NOT EXISTS (SELECT 1 FROM maps.line AS l WHERE l.place = {place}"
                f" AND l.tbl = {text_literal(table.name)} AND l.old_key = {literal(raw)})"
                if raw and self._has_lines(table, place)
                else ""
            )
            self._connection.execute(
                f"INSERT INTO main.{quote(shape.table.name)} ({targets})"
                f" SELECT {items} FROM s{place}.{quote(origin.table)} AS x NOT INDEXED{gone}"
            )

    def _leave_out(self, shape: Shape) -> None:
        """Leave a virtual table in its file whose module is not here: SQLite would not make it again."""
        self._questions.ask(
            "merge_module",
            shape.table.name,
            f"SQLite cannot make the virtual table {shape.table.name} here. Leave it out?",
            f"the module {shape.table.module or 'unknown'} is the application's own, and {shape.shares[0].source} has it",
            (Option("leave_out", "it stays in its file", leaves_behind=True),),
            "leave_out",
        )

    def _rebuild(self) -> None:
        """Build each index over the text of another table or view, which stands by now."""
        for table in self._tables.values():
            shown = table.shape.table
            content = fold_name(shown.options.get("content", ""))
            stands = "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE lower(name) = ?)"
            if is_rebuilt(shown) and self._connection.execute(stands, (content,)).get:
                name = quote(shown.name)
                self._connection.execute(f"INSERT INTO main.{name} ({name}) VALUES ('rebuild')")

    def _has_lines(self, table: Settled, place: int) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM maps.line WHERE place = ? AND tbl = ?)"
        return bool(self._connection.execute(query, (place, table.name)).get)

    def _judge(self, table: Settled) -> None:
        """Find the rows without a place that are not alike with the row that has it: those are left behind."""
        name = quote(table.shape.table.name)
        for share, held in enumerate(table.shape.shares):
            if not table.identity or not self._has_lines(table, held.place):
                continue
            kept = [f"m.{quote(column.name)} AS v{place}" for place, column in enumerate(table.shape.loaded)]
            keys = [f"m.{quote(column)}" for column in table.identity]
            self._connection.execute(
                f"UPDATE maps.line AS l SET fate = 'left_behind' WHERE l.place = {held.place}"
                f" AND l.tbl = {text_literal(table.name)} AND NOT EXISTS ("
                f"SELECT 1 FROM ({self._reading.rows(table, share)}) AS q JOIN"
                f" (SELECT {', '.join(kept)}, {literal(keys)} AS k FROM main.{name} AS m NOT INDEXED) AS p"
                f" ON p.k = l.new_key WHERE {literal([f'q.o{place}' for place in range(len(keys))])} = l.old_key"
                f" AND {self._reading.alike(table, 'p', 'q')})"
            )
            left = self._connection.execute(
                "SELECT count(*) FROM maps.line WHERE place = ? AND tbl = ? AND fate = 'left_behind'",
                (held.place, table.name),
            ).get
            if left:
                self._questions.leaves_behind(table.shape.table.name)

    def _sequences(self) -> None:
        """Let each identity go on behind the greatest number that any file ever gave."""
        for table in self._tables.values():
            if not table.shape.table.autoincrement:
                continue
            greatest = max(
                (share.table.sequence or 0) + table.shifts.get(share.place, 0) for share in table.shape.shares
            )
            name = table.shape.table.name
            self._connection.execute(
                "UPDATE main.sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (greatest, name)
            )
            if not self._connection.changes():
                self._connection.execute("INSERT INTO main.sqlite_sequence VALUES (?, ?)", (name, greatest))

    def _make(self, statement: Statement) -> None:
        try:
            self._connection.execute(statement.sql)
        except apsw.ConstraintError:
            self._questions.ask(
                "merge_index",
                f"{statement.table}({statement.name})",
                f"The rows of all files together are not unique by the index {statement.name}. Leave it out?",
                f"declared in {statement.source}",
                (Option("drop", "the unique index is not carried", leaves_behind=True),),
            )

    def _mark(self) -> None:
        first = self._catalogs[0]
        self._connection.execute(f"PRAGMA main.user_version = {first.user_version}")
        self._connection.execute(f"PRAGMA main.application_id = {first.application_id}")

    def _report(self, table: Settled) -> None:
        """Count, file by file, what became of the rows; name what may refer to changed keys without saying so."""
        where = f"{self._questions.schema}.{table.shape.table.name}"
        for share in table.shape.shares:
            query = "SELECT fate, count(*) FROM maps.line WHERE place = ? AND tbl = ? GROUP BY fate"
            found = self._connection.execute(query, (share.place, table.name))
            counts = {str(fate): int(str(count)) for fate, count in found}
            if counts:
                self._questions.find(
                    "MERGE_ROWS",
                    Severity.WARNING if counts.get("left_behind") else Severity.NOTICE,
                    where,
                    f"rows of {share.source} whose place another file's row has: {counts.get('same', 0):,} alike,"
                    f" {counts.get('left_behind', 0):,} left behind",
                    "their keys stand in pgraduate.merged_row, the rows in the sealed copy",
                )
            if table.shifts.get(share.place):
                self._questions.find(
                    "MERGE_REKEYED",
                    Severity.NOTICE,
                    where,
                    f"keys of {share.source} are greater by {table.shifts[share.place]:,}, and declared references"
                    " with them",
                    "a reference that no foreign key declares follows where [references] names it",
                )

    def _record(self) -> Iterator[MergedTable]:
        for table in self._tables.values():
            if not holds_rows(table.shape.table):
                continue
            by_place = zip(table.shape.origins, table.shape.shares, strict=True)
            yield MergedTable(
                table.shape.table.name,
                tuple(column.name for column in table.shape.loaded),
                table.identity,
                table.single,
                tuple(
                    Follow(column.name, self._tables[table.follows[fold_name(column.name)]].shape.table.name)
                    for column in table.shape.loaded
                    if fold_name(column.name) in table.follows
                ),
                tuple(replace(origin, shift=table.shifts.get(share.place, 0)) for origin, share in by_place),
            )

    def _rows(self) -> Iterator[MergedRow]:
        query = "SELECT place, tbl, old_key, new_key, fate FROM maps.line ORDER BY place, tbl, old_key"
        for place, table, old, new, fate in self._connection.execute(query):
            name = self._tables[str(table)].shape.table.name
            yield MergedRow(self._catalogs[int(str(place))].name, name, str(old), str(new), str(fate))
