"""An oracle beside the product: are the rows of a target those of a SQLite file, value and storage class?

It reads the file with the standard library, the target through `column::text`, and asks SQLite itself how an
affinity reads a text.  Of the product it takes the plan, which says by what rule a column stands, and nothing else.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

import psycopg

from pgraduate.model.plan import ColumnPlan, SchemaPlan, TablePlan
from pgraduate.model.representation import Representation, Rule
from pgraduate.postgres.identifiers import qualified, quote

Cell = tuple[str, str | bytes]
"""A storage class and the value: texts as the file's bytes, numbers by `repr`."""
Row = tuple[Cell, ...]
Lines = dict[str, tuple[str, bytes | None]]
"""Of one row, by target column: the class that is kept for its cell, and the bytes in quarantine."""

_PYTHON_ENCODINGS = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}
_COLUMNS_AT_ONCE = 900
"""SQLite gives at most 2,000 result columns, and a column takes two."""
_EPOCH = datetime(1970, 1, 1)
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def differences(path: Path, connection: psycopg.Connection, plan: SchemaPlan) -> list[str]:
    """Name the tables whose rows, as a multiset, are not those of the file; [] where all are equal."""
    found = []
    with closing(sqlite3.connect(path)) as source:
        encoding = _PYTHON_ENCODINGS[str(source.execute("PRAGMA encoding").fetchone()[0])]
        for table in plan.tables:
            expected = Counter(_by_meaning(table, _source_rows(source, table), encoding))
            stored = Counter(_by_meaning(table, _target_rows(connection, table, encoding), encoding))
            if expected != stored:
                found.append(
                    f"{table.source}: {len(expected - stored)} missing, {len(stored - expected)} unexpected"
                )
    return found


def _source_rows(source: sqlite3.Connection, table: TablePlan) -> Iterator[Row]:
    parts = [
        table.columns[start : start + _COLUMNS_AT_ONCE] for start in range(0, len(table.columns), _COLUMNS_AT_ONCE)
    ]
    # Every part is a scan of its own, and scans give the rows in one order.
    for slices in zip(*(_scan(source, table.source, part) for part in parts), strict=True):
        yield tuple(cell for slice_ in slices for cell in slice_)


def _by_meaning(table: TablePlan, rows: Iterable[Row], encoding: str) -> Iterator[Row]:
    """Put in place of each JSON document what it means, where the column is jsonb; other cells are what they are."""
    documents = [column.representation.rule is Rule.JSON_VALUE for column in table.columns]
    for row in rows:
        yield tuple(
            _document(cell, encoding) if document else cell for document, cell in zip(documents, row, strict=True)
        )


def _document(cell: Cell, encoding: str) -> Cell:
    kind, stored = cell
    if not isinstance(stored, bytes):
        return cell
    meant = json.loads(
        stored.decode(encoding),
        parse_int=Fraction,
        parse_float=Fraction,
        object_pairs_hook=lambda members: ("object", sorted(members)),
    )
    return kind, repr(meant)


def _scan(source: sqlite3.Connection, table: str, columns: Sequence[ColumnPlan]) -> Iterator[Row]:
    items = []
    for column in columns:
        name = f"t.{_quoted(column.source)}"
        items += [f"typeof({name})", f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"]
    for row in source.execute(f"SELECT {', '.join(items)} FROM {_quoted(table)} AS t NOT INDEXED"):
        yield tuple(_cell(row[place], row[place + 1]) for place in range(0, len(row), 2))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(kind: str, value: object) -> Cell:
    return (kind, value) if isinstance(value, bytes) else (kind, repr(value))


def _target_rows(connection: psycopg.Connection, table: TablePlan, encoding: str) -> Iterator[Row]:
    loaded = [column for column in table.columns if not column.generated]
    key = [table.column(name) for name in table.key] or loaded
    texts = ", ".join(f"{quote(column.target)}::text" for column in table.columns)
    row_key = "ARRAY[" + ", ".join(f"{quote(column.target)}::text" for column in key) + "]"
    exceptions = _exceptions(connection, table)
    readers = [partial(_read, column, encoding) for column in table.columns]
    for place, stored in connection.execute(
        f"SELECT {row_key}, ARRAY[{texts}]::text[] FROM {qualified(table.schema, table.name)}"
    ):
        waiting = exceptions.get(_hashable(place))
        lines = waiting.pop() if waiting else {}
        yield tuple(
            read(text, lines.get(column.target))
            for read, column, text in zip(readers, table.columns, stored, strict=True)
        )


def _exceptions(connection: psycopg.Connection, table: TablePlan) -> dict[tuple[str | None, ...], list[Lines]]:
    """Give the lines of each row that has any; rows of one key text are apart by their rowid."""
    rows: dict[tuple[str | None, ...], dict[int | None, Lines]] = defaultdict(lambda: defaultdict(dict))
    for key, rowid, column, name, value in connection.execute(
        "SELECT row_key, source_rowid, column_name, class, NULL::bytea FROM pgraduate.kept_class"
        " WHERE schema_name = %(schema)s AND table_name = %(table)s UNION ALL"
        " SELECT row_key, source_rowid, column_name, class, value FROM pgraduate.quarantine"
        " WHERE schema_name = %(schema)s AND table_name = %(table)s",
        {"schema": table.schema, "table": table.name},
    ):
        rows[_hashable(key)][rowid][column] = (name, value)
    return {key: list(lines.values()) for key, lines in rows.items()}


def _hashable(key: Iterable[str | None]) -> tuple[str | None, ...]:
    return tuple(key)


def _read(column: ColumnPlan, encoding: str, text: str | None, line: tuple[str, bytes | None] | None) -> Cell:
    """Turn what stands in PostgreSQL, with its line, back into the cell of SQLite that it stands for."""
    if text is None:
        return "null", "None"
    kept, quarantined = line or (None, None)
    if quarantined is not None:
        assert kept is not None
        return kept, quarantined
    match column.representation.rule:
        case Rule.ANY_TEXT:
            return _any_text(text, column.representation.detail, kept, encoding)
        case Rule.ANY_BYTES:
            return _any_bytes(bytes.fromhex(text.removeprefix("\\x")), kept, encoding)
        case Rule.NUMBER:
            return _number(text, kept)
    assert kept is None, f"{column.source} has one class, and a line keeps another"
    if column.representation.rule is Rule.ANY_VALUE:
        return _any_value(text, encoding)
    kind, value = _ONE_CLASS[column.representation.rule](text, column.representation)
    return kind, value.encode(encoding) if kind == "text" and isinstance(value, str) else value


def _number(text: str, kept: str | None) -> Cell:
    if text in ("Infinity", "-Infinity"):
        return "real", repr(float(text))
    number = Decimal(text)
    whole = number == number.to_integral_value() and -(2**63) <= number < 2**63
    if kept == "real" or not whole:
        return "real", repr(float(text))
    assert kept in (None, "integer")
    return "integer", repr(int(number))


def _any_text(text: str, affinity: str, kept: str | None, encoding: str) -> Cell:
    kind = kept or _natural_class(text, affinity)
    match kind:
        case "integer":
            # An affinity also takes '5.0' and '5e0' for the integer 5.
            return kind, repr(int(Decimal(text.strip())))
        case "real":
            return kind, repr(float(text))
        case "blob":
            assert text.startswith("\\x")
            return kind, bytes.fromhex(text[2:])
    return kind, text.encode(encoding)


@cache
def _affinity(affinity: str) -> Callable[[str], str]:
    memory = sqlite3.connect(":memory:", check_same_thread=False)
    memory.execute(f"CREATE TABLE reading (cell {affinity or 'TEXT'})")

    def kind(text: str) -> str:
        memory.execute("DELETE FROM reading")
        memory.execute("INSERT INTO reading VALUES (?)", (text,))
        return str(memory.execute("SELECT typeof(cell) FROM reading").fetchone()[0])

    return kind


def _natural_class(text: str, affinity: str) -> str:
    return _affinity(affinity)(text)


def _any_bytes(stored: bytes, kept: str | None, encoding: str) -> Cell:
    match kept:
        case None | "blob":
            return "blob", stored
        case "text":
            return "text", stored.decode("utf-8").encode(encoding)
        case "integer":
            return "integer", repr(int(stored))
    return "real", repr(float(stored))


def _any_value(form: str, encoding: str) -> Cell:
    """Take a composite's text apart as the CSV that it is, in whose quotes a backslash stands twice."""
    ((kind, number, text, stored),) = csv.reader([form[1:-1]])
    text, stored = text.replace("\\\\", "\\"), stored.replace("\\\\", "\\")
    unused = {"1": (text, stored), "2": ("" if number == "0" else number, stored), "3": (number, text)}[kind]
    assert unused == {"1": ("", "\\x"), "2": ("", "\\x"), "3": ("0", "")}[kind], (
        "a member that is not used holds something"
    )
    match kind:
        case "1" if number.lstrip("-").isdigit():
            return "integer", repr(int(number))
        case "1":
            return "real", repr(float(number))
        case "2":
            return "text", text.encode(encoding)
    return "blob", bytes.fromhex(stored[2:])


def _words(text: str, representation: Representation) -> Cell:
    no, yes = representation.detail.split("/")
    return "text", yes if text == "true" else no


def _epoch(text: str, representation: Representation) -> Cell:
    passed = datetime.fromisoformat(text) - _EPOCH
    return "integer", repr(passed // timedelta(microseconds=1) // _UNITS[representation.detail])


def _julian(text: str, _: Representation) -> Cell:
    passed = (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1)
    return "real", repr(float(Fraction(passed, 86_400_000_000) + Fraction("2440587.5")))


def _timestamp(text: str, representation: Representation) -> Cell:
    """Write a moment in the column's form, `[…]` only where it is not zero."""
    moment, form = datetime.fromisoformat(text), representation.detail
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        return "text", text if moment.time() != moment.min.time() else text[:10]
    body = f"{moment:%m-%d}{form[10]}{moment:%H:%M}"
    result = f"{moment.year:04}-{body}"
    result += f":{moment:%S}" if "SS" in form else ""
    if "[.ffffff]" in form:
        result += f".{moment:%f}" if moment.microsecond else ""
    elif ".ffffff" in form:
        result += f".{moment:%f}"
    elif ".fff" in form:
        result += f".{moment.microsecond // 1000:03}"
    return "text", result + next((ending for ending in ("Z", "+00:00") if form.endswith(ending)), "")


_ONE_CLASS: dict[Rule, Callable[[str, Representation], Cell]] = {
    Rule.INTEGER: lambda text, _: ("integer", repr(int(text))),
    Rule.REAL: lambda text, _: ("real", repr(float(text))),
    Rule.TEXT: lambda text, _: ("text", text),
    Rule.UUID: lambda text, _: ("text", text),
    Rule.DATE: lambda text, _: ("text", text),
    Rule.BLOB: lambda text, _: ("blob", bytes.fromhex(text.removeprefix("\\x"))),
    Rule.BOOLEAN: lambda text, _: ("integer", "1" if text == "true" else "0"),
    Rule.BOOLEAN_TEXT: _words,
    Rule.EPOCH: _epoch,
    Rule.TIMESTAMP: _timestamp,
    Rule.JULIAN: _julian,
    Rule.DECIMAL: lambda text, _: ("real", repr(float(text))),
    Rule.JSON_VALUE: lambda text, _: ("text", text),
}
