"""Who checks the checker: mistakes are planted in the loader, and each must be found and named by its row."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from struct import pack
from typing import Any

import apsw
import psycopg
import pytest
from psycopg.types.json import Jsonb
from support.measured_page import MeasuredPage
from support.plans import RUN, column, make_source, plan, prepare_target, table
from support.server import PrivateServer

from pgraduate.copy import load
from pgraduate.copy.encoders.any_value import any_value
from pgraduate.copy.ranges import Range
from pgraduate.copy.rows import RowEncoder, SideLine
from pgraduate.copy.source import Row, SourceTable
from pgraduate.model.result import RowDifference, Verdict
from pgraduate.verify import verify

COLUMNS = [
    column("id", "integer"),
    column("i", "integer"),
    column("r", "real"),
    column("x", "text"),
    column("b", "blob"),
    column("flag", "boolean"),
    column("at", "timestamp:YYYY-MM-DD HH:MM:SS.ffffff"),
    column("n", "number", "double precision", keeps_class=True),
    column("a", "any_text:NUMERIC", keeps_class=True),
    column("q", "text", quarantines=True),
    column("words", "boolean_text:no/yes"),
    column("day", "date"),
    column("e", "epoch:ms"),
    column("any_b", "any_bytes", keeps_class=True),
    column("jd", "julian"),
    column("price", "decimal:15,4"),
    column("doc", "json_value"),
    column("v", "any_value"),
]
PLACE = {item.source: place for place, item in enumerate(COLUMNS)}

ROWS: list[tuple[Any, ...]] = [
    (1, 2**53 + 1, 0.1, "Élan ", b"\x01", 1, "2024-02-29 01:02:03.000004", 5, 1,
     "fine", "yes", "2024-02-29", 1, b"b", 2460311.123456789, 12.3456, '{"a": [1, 2.50], "b": "1"}', 5.0),
    (2, 5, -0.0, "a\tb", None, 0, None, 5.0, "1",
     "a\x00b", "no", None, -1, "text", 2444239.5, 5.0, '[]', "5"),
    (3, None, 1e308, "", b"", 1, "0001-01-01 00:00:00.000000", None, 2.5,
     None, None, "0001-01-01", None, 7, None, None, None, 0.4494910647887381),
    (4, -5, float("inf"), None, b"\x00\xff", None, "9999-12-31 23:59:59.999999", 0.5, b"\x00",
     "z", "yes", None, 0, 1.5, 2488069.25, -0.1, '{"b": null, "a": "\\u00e9"}', b"5"),
]  # fmt: skip

Values = list[Any]
Plant = Callable[[pytest.MonkeyPatch], None]


def in_cells(name: str, bug: Callable[[Any], Any]) -> Plant:
    """Plant a bug in the encoding of one column; it sees the encoded value, NULL included."""

    def change(values: Values) -> Values:
        values[PLACE[name]] = bug(values[PLACE[name]])
        return values

    return in_rows(change)


def in_rows(bug: Callable[[Values], Values]) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        encode = RowEncoder.encode
        patch.setattr(RowEncoder, "encode", lambda self, row: bug(list(encode(self, row))))

    return plant


def in_stream(bug: Callable[[list[Row]], list[Row]]) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        rows = SourceTable.rows

        def planted(self: SourceTable, sealed: apsw.Connection, part: Range) -> Iterator[Row]:
            return iter(bug(list(rows(self, sealed, part))))

        patch.setattr(SourceTable, "rows", planted)

    return plant


def in_lines(bug: Callable[[SideLine], SideLine | None]) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        take = RowEncoder.take_lines
        patch.setattr(
            RowEncoder,
            "take_lines",
            lambda self: [changed for line in take(self) if (changed := bug(line)) is not None],
        )

    return plant


def float4(value: float | None) -> Any:
    return value if value is None or abs(value) > 3e38 else struct.unpack("f", struct.pack("f", value))[0]


def only(kind: type, bug: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: bug(value) if isinstance(value, kind) else value


def in_document(bug: Callable[[str], str]) -> Callable[[Any], Any]:
    return only(Jsonb, lambda value: Jsonb(bug(value.obj), dumps=str))


_EMPTY_TEXT = pack("!Ii", 25, 0)


def in_value(stored: int | float | str | bytes, instead: bytes) -> Plant:
    """Plant another form in the place of one value of any class."""
    return in_cells("v", lambda encoded: instead if encoded == any_value(stored) else encoded)


def with_number(digits: str) -> bytes:
    """Write a number of any class by these very digits, less than 1 and a multiple of four of them."""
    fraction = digits.partition(".")[2]
    groups = [int(fraction[place : place + 4]) for place in range(0, len(fraction), 4)]
    number = pack(f"!hhHh{len(groups)}H", len(groups), -1, 0, len(fraction), *groups)
    whole = any_value(0.5)
    before, behind = whole.split(pack("!hhHhH", 1, -1, 0, 1, 5000))
    return before[:-4] + pack("!i", len(number)) + number + behind


def swap_first(values: Values) -> Values:
    if values[0] == 4:
        values[PLACE["q"]], values[PLACE["x"]] = values[PLACE["x"]], values[PLACE["q"]]
    return values


BUGS: dict[str, tuple[Plant, Sequence[tuple[int, str, tuple[str, ...]]]]] = {
    "a NULL blob becomes empty": (
        in_cells("b", lambda value: value or b""), [(2, "changed", ("b",))]),
    "an empty text becomes NULL": (
        in_cells("x", lambda value: value or None), [(3, "changed", ("x",))]),
    "a double is rounded to float4": (
        in_cells("r", float4), [(1, "changed", ("r",))]),
    "a negative zero loses its sign": (
        in_cells("r", only(float, lambda value: value + 0.0)), [(2, "changed", ("r",))]),
    "an infinity becomes the greatest double": (
        in_cells("r", only(float, lambda value: min(value, 1.7976931348623157e308))), [(4, "changed", ("r",))]),
    "an integer goes through a double": (
        in_cells("i", only(int, lambda value: int(float(value)))), [(1, "changed", ("i",))]),
    "an integer is cut to 32 bits": (
        in_cells("i", only(int, lambda value: (value + 2**31) % 2**32 - 2**31)), [(1, "changed", ("i",))]),
    "a text ends at its NUL's place": (
        in_lines(lambda line: replace(line, value=line.value.split(b"\x00")[0]) if line.value else line),
        [(2, "changed", ("q",))]),
    "a text is trimmed": (
        in_cells("x", only(str, str.rstrip)), [(1, "changed", ("x",))]),
    "a text is put in upper case": (
        in_cells("q", only(str, lambda value: value.upper() if len(value) == 1 else value)),
        [(4, "changed", ("q",))]),
    "a text is decomposed": (
        in_cells("x", only(str, lambda value: value.replace("\u00c9", "E\u0301"))), [(1, "changed", ("x",))]),
    "a tab becomes blanks": (
        in_cells("x", only(str, str.expandtabs)), [(2, "changed", ("x",))]),
    "a blob becomes the text of its hex digits": (
        in_cells("b", lambda value: value.hex().encode() if value else value),
        [(1, "changed", ("b",)), (4, "changed", ("b",))]),
    "a boolean is flipped": (
        in_cells("flag", lambda value: value if value is None else not value),
        [(1, "changed", ("flag",)), (2, "changed", ("flag",)), (3, "changed", ("flag",))]),
    "a NULL boolean becomes false": (
        in_cells("flag", bool), [(4, "changed", ("flag",))]),
    "yes and no are exchanged": (
        in_cells("words", lambda value: value if value is None else not value),
        [(1, "changed", ("words",)), (2, "changed", ("words",)), (4, "changed", ("words",))]),
    "microseconds are dropped": (
        in_cells("at", only(datetime, lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000))),
        [(1, "changed", ("at",)), (4, "changed", ("at",))]),
    "an epoch's unit is mistaken": (
        in_cells("e", only(datetime, lambda value: datetime(1970, 1, 1) + (value - datetime(1970, 1, 1)) * 1000)),
        [(1, "changed", ("e",)), (2, "changed", ("e",))]),
    "a day is off by one": (
        in_cells("day", lambda value: value and value.replace(day=value.day % 28 + 1)),
        [(1, "changed", ("day",)), (3, "changed", ("day",))]),
    "a Julian day begins at midnight": (
        in_cells("jd", only(datetime, lambda value: value + timedelta(hours=12))),
        [(1, "changed", ("jd",)), (2, "changed", ("jd",)), (4, "changed", ("jd",))]),
    "a Julian day is cut to milliseconds": (
        in_cells("jd", only(datetime, lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000))),
        [(1, "changed", ("jd",))]),
    "money is rounded to cents": (
        in_cells("price", only(Decimal, lambda value: round(value, 2))), [(1, "changed", ("price",))]),
    "money loses its sign": (
        in_cells("price", only(Decimal, abs)), [(4, "changed", ("price",))]),
    "a number in a document becomes a text": (
        in_cells("doc", in_document(lambda text: text.replace("2.50", '"2.50"'))), [(1, "changed", ("doc",))]),
    "a text in a document becomes a number": (
        in_cells("doc", in_document(lambda text: text.replace('"1"', "1"))), [(1, "changed", ("doc",))]),
    "a null in a document is left out": (
        in_cells("doc", in_document(lambda text: text.replace('"b": null, ', ""))), [(4, "changed", ("doc",))]),
    "an empty list becomes an empty object": (
        in_cells("doc", in_document(lambda text: "{}" if text == "[]" else text)), [(2, "changed", ("doc",))]),
    "an array in a document is turned round": (
        in_cells("doc", in_document(lambda text: text.replace("1, 2.50", "2.50, 1"))), [(1, "changed", ("doc",))]),
    "a number among texts is written as a double": (
        in_cells("a", lambda value: "1.0" if value == "1" else value),
        [(1, "changed", ("a",)), (2, "changed", ("a",))]),
    "a whole REAL of any class becomes an INTEGER": (
        in_value(5.0, any_value(5)), [(1, "changed", ("v",))]),
    "a text of any class becomes a blob": (
        in_value("5", any_value(b"5")), [(2, "changed", ("v",))]),
    "a text of any class becomes the number that it reads as": (
        in_value("5", any_value(5)), [(2, "changed", ("v",))]),
    "a REAL of any class is cut to 15 digits": (
        in_value(0.4494910647887381, any_value(0.449491064788738)), [(3, "changed", ("v",))]),
    "a REAL of any class has digits that equal no parameter's": (
        in_value(0.4494910647887381, with_number("0.4494910647887381")), [(3, "changed", ("v",))]),
    "a member that a value does not use holds something": (
        in_value(b"5", any_value(b"5").replace(_EMPTY_TEXT, pack("!Ii", 25, 1) + b"x")),
        [(4, "changed", ("v",))]),
    "a member that a value does not use is NULL": (
        in_value(b"5", any_value(b"5").replace(_EMPTY_TEXT, pack("!Ii", 25, -1))), [(4, "changed", ("v",))]),
    "a value of any class is a row of NULLs": (
        in_value("5", pack("!i", 4) + b"".join(pack("!Ii", oid, -1) for oid in (21, 1700, 25, 17))),
        [(2, "changed", ("v",))]),
    "a kept class is lost": (
        in_lines(lambda line: None if line.column == "n" else line), [(2, "changed", ("n",))]),
    "a kept class is another": (
        in_lines(lambda line: replace(line, storage_class="text") if line.storage_class == "blob" else line),
        [(4, "changed", ("a",))]),
    "a number kept as bytes loses its class": (
        in_lines(lambda line: None if line.storage_class == "integer" else line), [(3, "changed", ("any_b",))]),
    "the bytes in quarantine are cut": (
        in_lines(lambda line: replace(line, value=line.value[:-1]) if line.value else line),
        [(2, "changed", ("q",))]),
    "a quarantine line is lost": (
        in_lines(lambda line: None if line.value else line), [(2, "changed", ("q",))]),
    "two columns of one row are exchanged": (
        in_rows(swap_first), [(4, "changed", ("x", "q"))]),
    "the last row is lost": (
        in_stream(lambda rows: rows[:-1]), [(4, "missing", ())]),
    "a row in the middle is lost": (
        in_stream(lambda rows: [*rows[:1], *rows[2:]]), [(2, "missing", ())]),
    "a row is loaded under another key": (
        in_cells("id", lambda value: 9 if value == 3 else value), [(3, "missing", ()), (9, "unexpected", ())]),
}  # fmt: skip


def _frame(rows: Sequence[str]) -> str:
    caught = sum(row.endswith("| caught |") for row in rows)
    lines = "\n".join(rows)
    return f"""# Who checks the checker

**In short:** {len(BUGS)} mistakes were planted in the loader, one at a time; `verify` caught {caught} of {len(BUGS)}.

The checker shares no code with the loader, so a mistake in one is seen by the other. Each line is a test: it plants the
mistake where the loader encodes a cell, reads a row or keeps a line beside the rows, loads four rows of eighteen columns
with it, and verifies. "Caught" means that the verdict was "different" and that exactly the rows and columns concerned
were named. Without a planted mistake the same rows are equal.

| Planted mistake | Where | What verify named | |
|---|---|---|---|
{lines}
"""


def _where(plant: Plant) -> str:
    """Say what the mistake was planted in: the function that made the plant is called after it."""
    return {
        "in_rows": "the encoding of a cell",
        "in_stream": "the reading of rows",
        "in_lines": "the lines beside the rows",
    }[plant.__qualname__.partition(".")[0]]


def _page_row(name: str, differences: Sequence[RowDifference]) -> str:
    named = "; ".join(
        f"{item.key} {item.kind}" + (f" in {', '.join(item.columns)}" if item.columns else "")
        for item in differences
    )
    expected = [(f"id={number}", kind, names) for number, kind, names in BUGS[name][1]]
    verdict = "caught" if _named(differences) == expected else "missed"
    return f"| {name} | {_where(BUGS[name][0])} | {named} | {verdict} |"


PAGE = MeasuredPage(Path(__file__).parents[3] / "docs" / "checker.md", [f"| {name} |" for name in BUGS], _frame)


@pytest.fixture(scope="module")
def database(server: PrivateServer) -> Iterator[str]:
    with server.database() as conninfo:
        yield conninfo


def _verify_with(database: str, tmp_path: Path, patch: pytest.MonkeyPatch, plant: Plant, *, key: bool) -> Any:
    source = make_source(
        tmp_path / "a.db",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, i INTEGER, r, x TEXT, b BLOB, flag BOOLEAN, at TEXT, n, a,"
        " q TEXT, words TEXT, day TEXT, e INTEGER, any_b BLOB, jd REAL, price REAL, doc TEXT, v)",
        {"t": ROWS},
    )
    planned = plan(table("t", COLUMNS, key=["id"] if key else [], rowid_alias="id", rows=len(ROWS)))
    prepare_target(database, planned)
    with patch.context() as planted:
        plant(planted)
        load(lambda: psycopg.connect(database), source, planned, RUN)
    with psycopg.connect(database, autocommit=True) as connection:
        return verify(connection, source, planned, RUN)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found_and_its_rows_are_named(
    name: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, expected = BUGS[name]
    found = _verify_with(database, tmp_path, monkeypatch, plant, key=True)
    (result,) = found.tables
    assert found.verdict is Verdict.DIFFERENT
    assert _named(result.differences) == [(f"id={number}", kind, names) for number, kind, names in expected]
    assert result.differing == len(expected)
    PAGE.hold(f"| {name} |", _page_row(name, result.differences))


def test_the_page_of_planted_bugs_has_all_of_them_and_no_other() -> None:
    PAGE.hold_frame()


def _named(differences: Sequence[RowDifference]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(item.key, item.kind, item.columns) for item in differences]


def test_a_row_that_a_table_without_a_key_holds_twice_is_found(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _verify_with(database, tmp_path, monkeypatch, in_stream(lambda rows: [rows[0], *rows]), key=False)
    (result,) = found.tables
    assert found.verdict is Verdict.DIFFERENT
    assert [(item.kind, item.columns) for item in result.differences] == [("unexpected", ())]
    assert (result.rows_source, result.rows_target) == (4, 5)


def test_without_a_planted_bug_the_same_rows_are_equal(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _verify_with(database, tmp_path, monkeypatch, lambda patch: None, key=True)
    assert found.verdict is Verdict.EQUAL, found.tables
