"""The merged file: tables, rows with their keys as settled, then everything that would be in the rows' way.

Written under a temporary name, checked, flushed and renamed; a merged file that stands is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import apsw

from pgraduate.errors import Refused, SourceUnusable
from pgraduate.events import Silence, Sink, StepProgress
from pgraduate.merge.ddl import create_table
from pgraduate.merge.keys import Keys, Settled, literal, text_literal
from pgraduate.merge.objects import Statement, statements
from pgraduate.merge.questions import Questions
from pgraduate.merge.references import in_order, links_of, looks_like, roots_of
from pgraduate.merge.shape import Shape, shares_of, unify
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.decision import Decision, Option
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.merge import Follow, Merge, MergedRow, MergedTable, MergePart
from pgraduate.model.names import fold_name
from pgraduate.sqlite import digest, read_catalog
from pgraduate.sqlite.names import file_uri, quote
from pgraduate.sqlite.sealed import harden

MOST_SOURCES = 9
"""SQLite attaches ten databases to a connection; one of them is the merge's own."""


@dataclass(frozen=True, slots=True)
class Result:
    """The merged file, and what it took; `rows` are those whose place another row has."""

    path: Path
    digest: str
    bytes: int
    merge: Merge
    rows: tuple[MergedRow, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


def merge(
    parts: Sequence[MergePart],
    directory: Path,
    schema: str,
    *,
    answers: Mapping[str, str],
    references: Mapping[str, str],
    sink: Sink | None = None,
) -> Result:
    """Merge the parts into `directory/<schema>.db`; the same parts and answers give the same rows.

    Raises Refused for what cannot be merged, UsageError for an answer or a reference that names nothing.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made, lines = directory / f"{schema}.part", directory / f"{schema}.lines"
    for leftover in (made, lines):
        leftover.unlink(missing_ok=True)
    questions = Questions(schema, answers)
    catalogs = [replace(read_catalog(Path(part.sealed), name=part.name), name=part.name) for part in parts]
    _require_possible(catalogs)
    try:
        with closing(_open(made, lines, parts, catalogs[0].encoding)) as connection:
            build = _Build(connection, catalogs, questions, references, sink or Silence())
            tables, rows = build.run()
    except apsw.ConstraintError as error:
        raise Refused(
            f"the merged rows do not fit: {error}",
            where=f"schema {schema}",
            hint="without --target-schema every file becomes a schema of its own",
        ) from error
    except apsw.Error as error:
        raise SourceUnusable(f"the files cannot be merged: {error}", where=f"schema {schema}") from error
    lines.unlink(missing_ok=True)
    path = made.replace(directory / f"{schema}.db")
    _flush(path)
    return Result(
        path,
        digest(path),
        path.stat().st_size,
        Merge(tuple(parts), tables),
        rows,
        tuple(questions.decisions),
        tuple(questions.findings),
    )


def _require_possible(catalogs: Sequence[Catalog]) -> None:
    if len(catalogs) > MOST_SOURCES:
        raise Refused(f"at most {MOST_SOURCES} files merge at once", hint="merge some of them first")
    if len({catalog.encoding for catalog in catalogs}) > 1:
        raise Refused(
            "the files store their texts in different encodings",
            where=", ".join(f"{catalog.name}: {catalog.encoding}" for catalog in catalogs),
            hint="without --target-schema every file becomes a schema of its own",
        )


def _open(made: Path, lines: Path, parts: Sequence[MergePart], encoding: str) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = apsw.Connection(file_uri(made, mode="rw"), flags=flags)
    harden(connection)
    # The rows come as they are stored: nothing of the application's may act on them.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 1)
    for pragma in (
        f"encoding = '{encoding}'",
        "journal_mode = off",
        "synchronous = off",
        "foreign_keys = off",
        "ignore_check_constraints = on",
        "temp_store = file",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS maps", (file_uri(lines, mode="rwc"),))
    connection.execute("PRAGMA maps.journal_mode = off")
    connection.execute(
        "CREATE TABLE maps.line (place INTEGER, tbl TEXT, old_value, new_value, old_key TEXT, new_key TEXT,"
        " fate TEXT DEFAULT 'same', PRIMARY KEY (place, tbl, old_key));"
        "CREATE INDEX maps.line_value ON line (place, tbl, old_value)"
    )
    for place, part in enumerate(parts):
        connection.execute(f"ATTACH ? AS s{place}", (file_uri(Path(part.sealed), mode="ro", immutable=1),))
    return connection


class _Build:
    def __init__(
        self,
        connection: apsw.Connection,
        catalogs: Sequence[Catalog],
        questions: Questions,
        references: Mapping[str, str],
        sink: Sink,
    ) -> None:
        self._connection = connection
        self._catalogs = catalogs
        self._questions = questions
        self._sink = sink
        names = dict.fromkeys(
            fold_name(table.name) for catalog in catalogs for table in catalog.tables if table.kind != "shadow"
        )
        shapes = {name: self._fitted(unify(shares_of(name, catalogs), questions)) for name in names}
        self._tables = self._settled(shapes, references)
        self._keys = Keys(connection, questions, self._tables)

    def _fitted(self, shape: Shape) -> Shape:
        """Declare each column so that no file's values change their class, and write the fills as they are stored."""
        if shape.as_is:
            return shape
        declared = {column.name: self._declaration(shape, number) for number, column in enumerate(shape.loaded)}
        columns = tuple(
            replace(column, declared=declared.get(column.name, column.declared)) for column in shape.table.columns
        )
        fills = [self._stored(declared[column.name], number, shape) for number, column in enumerate(shape.loaded)]
        origins = tuple(
            replace(origin, fills=tuple(fill[place] for fill in fills))
            for place, origin in enumerate(shape.origins)
        )
        return replace(shape, table=replace(shape.table, columns=columns), origins=origins)

    def _declaration(self, shape: Shape, number: int) -> str:
        column = shape.loaded[number]
        held = [
            (share.place, origin.table, name, share.table.column(name))
            for share, origin in zip(shape.shares, shape.origins, strict=True)
            if (name := origin.columns[number]) is not None
        ]
        if len({item.affinity for *_, item in held}) == 1:
            return column.declared
        for declared in dict.fromkeys([column.declared, *(item.declared for *_, item in held)]):
            if not any(self._changes(declared, place, table, name) for place, table, name, _ in held):
                return declared
        self._questions.find(
            "MERGE_COLUMN",
            Severity.NOTICE,
            f"{self._questions.schema}.{shape.table.name}",
            f"no declared type of {column.name} keeps every file's values as they are: it has none",
        )
        return ""

    def _changes(self, declared: str, place: int, table: str, column: str) -> bool:
        """Whether a column declared so would store some value of a file in another class."""
        self._connection.execute(f"DROP TABLE IF EXISTS temp.probe; CREATE TEMP TABLE probe (raw, v {declared})")
        item = f"x.{quote(column)}"
        self._connection.execute(
            f"INSERT INTO temp.probe SELECT typeof({item}), {item} FROM s{place}.{quote(table)} AS x NOT INDEXED"
        )
        return bool(self._connection.execute("SELECT EXISTS (SELECT 1 FROM temp.probe WHERE raw <> typeof(v))").get)

    def _stored(self, declared: str, number: int, shape: Shape) -> list[str]:
        self._connection.execute(f"DROP TABLE IF EXISTS temp.probe; CREATE TEMP TABLE probe (v {declared})")
        stored = []
        for origin in shape.origins:
            self._connection.execute(
                f"DELETE FROM temp.probe; INSERT INTO temp.probe SELECT {origin.fills[number]}"
            )
            stored.append(str(self._connection.execute("SELECT quote(v) FROM temp.probe").get))
        return stored

    def _settled(self, shapes: Mapping[str, Shape], references: Mapping[str, str]) -> dict[str, Settled]:
        """Find each table's identity and which of its columns follow which keys."""
        plain = {name: shape for name, shape in shapes.items() if shape.table.kind == "table"}
        keys = {
            name: fold_name(shape.table.primary_key[0])
            for name, shape in plain.items()
            if len(shape.table.primary_key) == 1 and len(shape.shares) > 1
        }
        declared = links_of([shape.table for shape in plain.values()], references)
        wishes = dict(references) | self._guessed(plain, keys, set(declared))
        links = links_of([shape.table for shape in plain.values()], wishes)
        roots = roots_of(links, keys.items())
        settled = {}
        for name in in_order(shapes, roots):
            shape = shapes[name]
            identity = tuple(shape.table.primary_key)
            if not identity and shape.uniques:
                identity = tuple(key.column or "" for key in shape.uniques[0].keys)
            own = roots.get((name, keys.get(name, ""))) == (name, keys.get(name))
            follows = {column: parent for (table, column), (parent, _) in roots.items() if table == name}
            integers = own and self._integers(shape, keys[name])
            settled[name] = Settled(
                name, shape, identity if shape.table.kind == "table" else (), own, integers, follows
            )
        return settled

    def _integers(self, shape: Shape, key: str) -> bool:
        for share, origin in zip(shape.shares, shape.origins, strict=True):
            name = quote(share.table.column(key).name)
            query = (
                f"SELECT EXISTS (SELECT 1 FROM s{share.place}.{quote(origin.table)} NOT INDEXED"
                f" WHERE typeof({name}) <> 'integer')"
            )
            if self._connection.execute(query).get:
                return False
        return True

    def _guessed(
        self, shapes: Mapping[str, Shape], keys: Mapping[str, str], known: set[tuple[str, str]]
    ) -> dict[str, str]:
        """Ask about columns that look like references to keys that may change, and hold nothing but such keys."""
        wishes = {}
        for parent, key in keys.items():
            if not self._may_change(shapes[parent], key):
                continue
            for name, shape in shapes.items():
                for column in shape.loaded:
                    which = (name, fold_name(column.name))
                    if which in known or which == (parent, key) or not looks_like(column.name, parent):
                        continue
                    held = self._held(shape, column.name, shapes[parent], key)
                    if held and self._follow(shape.table, column.name, shapes[parent].table, held):
                        wishes[f"{shape.table.name}.{column.name}"] = f"{shapes[parent].table.name}.{key}"
        return wishes

    def _follow(self, table: Table, column: str, parent: Table, held: int) -> bool:
        answer = self._questions.ask(
            "merge_reference",
            f"{table.name}({column})",
            f"{table.name}.{column} looks like a reference to {parent.name}, whose keys may change. Does it follow?",
            f"no foreign key is declared; all {held:,} values are keys of {parent.name} in their own file",
            (
                Option("follow", f"it changes as the keys of {parent.name} do"),
                Option("leave", "its values stay as they are"),
            ),
        )
        return answer == "follow"

    def _may_change(self, shape: Shape, key: str) -> bool:
        """Whether two files use one key, and nobody has said that such rows keep it."""
        asked = f"merge_key:{self._questions.schema}.{shape.table.name}({shape.table.primary_key[0]})"
        if self._questions.answers.get(asked) in ("first", "last") and not shape.uniques:
            return False
        for later in range(len(shape.shares)):
            for earlier in range(later):
                sides = [
                    f"SELECT {quote(shape.shares[place].table.column(key).name)}"
                    f" FROM s{shape.shares[place].place}.{quote(shape.origins[place].table)} NOT INDEXED"
                    for place in (earlier, later)
                ]
                if self._connection.execute(f"SELECT EXISTS ({sides[0]} INTERSECT {sides[1]})").get:
                    return True
        return False

    def _held(self, shape: Shape, column: str, parent: Shape, key: str) -> int:
        """Count the values of a column if every one of them is a key of the parent in its own file, else 0."""
        held = 0
        for share, origin in zip(shape.shares, shape.origins, strict=True):
            if fold_name(column) not in {fold_name(item.name) for item in share.table.columns}:
                continue
            name = f"x.{quote(share.table.column(column).name)}"
            other = next((item for item in parent.shares if item.place == share.place), None)
            inside = (
                f"{name} IN (SELECT {quote(other.table.column(key).name)} FROM s{other.place}.{quote(other.table.name)})"
                if other
                else "0"
            )
            count, strange = self._connection.execute(
                f"SELECT count({name}), sum({name} IS NOT NULL AND NOT {inside})"
                f" FROM s{share.place}.{quote(origin.table)} AS x NOT INDEXED"
            ).fetchone() or (0, 0)
            if strange:
                return 0
            held += int(count or 0)
        return held

    def run(self) -> tuple[tuple[MergedTable, ...], tuple[MergedRow, ...]]:
        for table in self._tables.values():
            self._keys.settle(table)
        for number, table in enumerate(self._tables.values(), 1):
            self._fill(table)
            self._sink.emit(StepProgress("merge", number, len(self._tables), "tables", table.shape.table.name))
        for table in self._tables.values():
            self._judge(table)
        self._sequences()
        for statement in statements(self._catalogs, self._questions):
            self._make(statement)
        self._mark()
        for table in self._tables.values():
            self._report(table)
        return tuple(self._record()), tuple(self._rows())

    def _fill(self, table: Settled) -> None:
        """Make a table and write the rows of every file that keep their place."""
        shape = table.shape
        if shape.table.kind == "virtual":
            self._fill_virtual(shape)
            return
        uniques = tuple(
            index for index in shape.uniques if tuple(key.column or "" for key in index.keys) not in table.dropped
        )
        as_is = shape.as_is and len(uniques) == len(shape.uniques)
        self._connection.execute(shape.table.sql if as_is else create_table(shape.table, uniques))
        targets = ", ".join(quote(column.name) for column in shape.loaded)
        for share, origin in enumerate(shape.origins):
            place = shape.shares[share].place
            items = ", ".join(self._keys.expression(table, share, column.name) for column in shape.loaded)
            raw = [self._keys.raw(table, share, name) for name in table.identity]
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

    def _fill_virtual(self, shape: Shape) -> None:
        """Make a virtual table of one file, with its rows under their numbers, or its index of another table's."""
        share, table = shape.shares[0], shape.table
        self._connection.execute(table.sql)
        name, columns = quote(table.name), [column for column in table.columns if not column.hidden]
        if table.module not in ("fts3", "fts4", "fts5", "rtree", "rtree_i32") or table.options.get("content") == "":
            return
        if table.options.get("content"):
            self._connection.execute(f"INSERT INTO main.{name} ({name}) VALUES ('rebuild')")
            return
        named = ["rowid" if column.implicit else quote(column.name) for column in columns]
        self._connection.execute(
            f"INSERT INTO main.{name} ({', '.join(named)}) SELECT {', '.join(named)} FROM s{share.place}.{name}"
        )

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
                f"SELECT 1 FROM ({self._keys.rows(table, share)}) AS q JOIN"
                f" (SELECT {', '.join(kept)}, {literal(keys)} AS k FROM main.{name} AS m NOT INDEXED) AS p"
                f" ON p.k = l.new_key WHERE {literal([f'q.o{place}' for place in range(len(keys))])} = l.old_key"
                f" AND {self._keys.alike(table, 'p', 'q')})"
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
            if table.shape.table.kind != "table":
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


def _flush(path: Path) -> None:
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
