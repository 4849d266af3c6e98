"""Comparing what a view answers on both sides: multisets of rows, by meaning rather than by storage class.

PostgreSQL computes a view in its own types, so a column is read through its representation where it is a plain
column of a table, and by its type where it is an expression.  Numbers are equal when their values are; a text is
never equal to a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import apsw
import psycopg

from pgraduate.compare.pairing import Pairing, pair
from pgraduate.compare.source import text_encoding
from pgraduate.compare.steadiness import changes, in_any_order, joins_rows
from pgraduate.compare.target import copy_out, script
from pgraduate.model.cell import Cell, Cells
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.result import ViewResult
from pgraduate.postgres.decoders import Reading, reading
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.sqlite.names import quote as quote_sqlite


class _Unanswered(Exception):
    """One side gives no answer; the message holds no row's value."""


def compare_view(
    connection: psycopg.Connection,
    sealed: apsw.Connection,
    name: str,
    schema: str,
    target: str,
    representations: Mapping[str, Representation],
    *,
    source: str = "",
) -> ViewResult:
    """Compare the rows of the source's view `name` with those of `schema`.`target`.

    `representations` holds the representation of each output column (by its source name, lower case) that is a
    column of a table.  A side that gives no answer, or another number of columns, is said in `error`.
    """
    try:
        with connection.transaction():
            connection.execute(script("session"))
            columns = _columns(connection, sealed, name, schema, target, representations)
            found = _pair(connection, sealed, name, schema, target, columns)
            unequal = found.differing
            if unequal and joins_rows(sealed, name):
                columns = [replace(column, in_any_order=column.computed) for column in columns]
                found = _pair(connection, sealed, name, schema, target, columns)
    except _Unanswered as reason:
        return ViewResult(source, name, 0, 0, 0, 0, error=str(reason))
    except psycopg.Error as error:
        # The primary message may quote a value; the SQLSTATE never does.
        what = f"PostgreSQL does not answer: {error.sqlstate or 'connection lost'} {type(error).__name__}"
        return ViewResult(source, name, 0, 0, 0, 0, error=what)
    unsteady = found.differing if found.differing and changes(sealed, name) else 0
    return ViewResult(
        source,
        name,
        found.rows_source,
        found.rows_target,
        found.differing - unsteady,
        found.within_tolerance,
        reordered=unequal - found.differing,
        unsteady=unsteady,
    )


def _pair(
    connection: psycopg.Connection,
    sealed: apsw.Connection,
    name: str,
    schema: str,
    target: str,
    columns: Sequence[_Column],
) -> Pairing:
    source_rows = _source_rows if text_encoding(sealed) == "utf_8" else _repaired_rows
    try:
        return pair(source_rows(sealed, name, columns), _target_rows(connection, schema, target, columns))
    except UnicodeDecodeError:
        # A text that is not valid stands in quarantine; the rows are read again, every text by its bytes.
        return pair(_repaired_rows(sealed, name, columns), _target_rows(connection, schema, target, columns))


@dataclass(frozen=True, slots=True)
class _Column:
    source: str
    target: str
    reading: Reading
    any_class: bool
    """The target holds the text form of a value of any class."""
    computed: bool
    """No column of a table, but an expression."""
    in_any_order: bool = False
    """Its texts are equal where they are joined of the same parts."""


def _columns(
    connection: psycopg.Connection,
    sealed: apsw.Connection,
    name: str,
    schema: str,
    target: str,
    representations: Mapping[str, Representation],
) -> list[_Column]:
    try:
        listed = sealed.execute(f"PRAGMA table_xinfo({quote_sqlite(name)})").fetchall()
    except apsw.Error as error:
        raise _Unanswered(f"SQLite does not answer: {error}") from None
    targets = connection.execute(script("columns"), {"schema": schema, "table": target}).fetchall()
    if not targets:
        raise _Unanswered("the target has no such view")
    sources = [str(row[1]) for row in listed if row[6] != 1]
    if len(targets) == len(sources) + 1 and len(listed) > len(sources):
        # A view in place of a virtual table ends with the number of the row, which SQLite does not list.
        sources.append("rowid")
    if len(sources) != len(targets):
        raise _Unanswered(f"{len(sources)} columns became {len(targets)}")
    return [
        _column(source, str(column), str(base), representations.get(source.lower()))
        for source, (column, base) in zip(sources, targets, strict=True)
    ]


def _column(source: str, target: str, base: str, representation: Representation | None) -> _Column:
    if representation is not None and base in _BASES.get(representation.rule, ()):
        any_class = representation.rule in (Rule.ANY_TEXT, Rule.ANY_BYTES)
        as_read = _BY_BASE["text"] if representation.rule is Rule.ANY_TEXT else reading(representation, base)
        return _Column(source, target, as_read, any_class, computed=False)
    computed = representation is None
    return _Column(source, target, _BY_BASE.get(base, _BY_BASE["text"]), any_class=False, computed=computed)


def _nearest(text: str) -> int | float:
    """Read a numeric that an expression computed: SQLite would have a 64-bit integer or the nearest double."""
    before, _, after = text.partition(".")
    whole = not after.strip("0") and len(before) <= 20 and before.removeprefix("-").isdigit()
    return int(before) if whole and -(2**63) <= int(before) < 2**63 else float(text)


_BASES: dict[Rule, tuple[str, ...]] = {
    Rule.BOOLEAN: ("bool",),
    Rule.BOOLEAN_TEXT: ("bool",),
    Rule.TIMESTAMP: ("timestamp",),
    Rule.EPOCH: ("timestamp",),
    Rule.ANY_TEXT: ("text",),
    Rule.ANY_BYTES: ("bytea",),
}
"""The representations that a type alone would not tell, and the types in which they can still stand."""

_BY_BASE: dict[str, Reading] = {
    **dict.fromkeys(("int2", "int4", "int8"), reading(Representation(Rule.INTEGER), "int8")),
    **dict.fromkeys(("float4", "float8"), reading(Representation(Rule.REAL), "float8")),
    "numeric": Reading("{}::pg_catalog.text", "text", _nearest, lambda text, _: _nearest(text)),
    "bool": reading(Representation(Rule.BOOLEAN), "bool"),
    "bytea": reading(Representation(Rule.BLOB), "bytea"),
    "any_value": reading(Representation(Rule.ANY_VALUE), "any_value"),
    "text": reading(Representation(Rule.TEXT), "text"),
}


def _source_rows(sealed: apsw.Connection, name: str, columns: Sequence[_Column]) -> Iterator[Cells]:
    names = [quote_sqlite(column.source) for column in columns]
    try:
        for row in sealed.execute(f"SELECT {', '.join(names)} FROM {quote_sqlite(name)}"):
            yield tuple(_by_meaning(cell, column) for cell, column in zip(row, columns, strict=True))
    except apsw.Error as error:
        raise _Unanswered(f"SQLite does not answer: {type(error).__name__}") from None


def _repaired_rows(sealed: apsw.Connection, name: str, columns: Sequence[_Column]) -> Iterator[Cells]:
    names = [quote_sqlite(column.source) for column in columns]
    items = [f"CASE typeof({item}) WHEN 'text' THEN CAST({item} AS BLOB) ELSE {item} END" for item in names]
    items += [f"typeof({item}) = 'text'" for item in names]
    encoding = text_encoding(sealed)
    try:
        for row in sealed.execute(f"SELECT {', '.join(items)} FROM {quote_sqlite(name)}"):
            cells, texts = row[: len(columns)], row[len(columns) :]
            yield tuple(
                _by_meaning(cell.decode(encoding, "replace") if is_text else cell, column)
                for cell, is_text, column in zip(cells, texts, columns, strict=True)
            )
    except apsw.Error as error:
        raise _Unanswered(f"SQLite does not answer: {type(error).__name__}") from None


def _by_meaning(cell: Cell, column: _Column) -> Cell:
    if isinstance(cell, str):
        if column.any_class and column.reading.wire == "bytea":
            return cell.encode()
        # PostgreSQL cannot hold a NUL; the cell stands in quarantine and is counted in its table's result.
        cell = cell.replace("\0", "\ufffd")
        return in_any_order(cell) if column.in_any_order else cell
    if column.any_class and cell is not None:
        text = _text_form(cell)
        if column.reading.wire == "bytea":
            return cell if isinstance(cell, bytes) else text.encode()
        return text
    return cell


def _text_form(cell: Any) -> str:
    if isinstance(cell, bytes):
        return f"\\x{cell.hex()}"
    return str(cell).replace("inf", "Infinity") if isinstance(cell, float) else str(cell)


def _target_rows(
    connection: psycopg.Connection, schema: str, target: str, columns: Sequence[_Column]
) -> Iterator[Cells]:
    items = [column.reading.sql.format(f"v.{quote(column.target)}") for column in columns]
    decoders = [column.reading.natural for column in columns]
    with (
        connection.cursor() as cursor,
        cursor.copy(copy_out(f"SELECT {', '.join(items)} FROM {qualified(schema, target)} AS v")) as copy,
    ):
        copy.set_types([column.reading.wire for column in columns])
        for row in copy.rows():
            cells = (
                decode(value) if decode is not None and value is not None else value
                for value, decode in zip(row, decoders, strict=True)
            )
            yield tuple(
                in_any_order(cell) if column.in_any_order and isinstance(cell, str) else cell
                for cell, column in zip(cells, columns, strict=True)
            )
