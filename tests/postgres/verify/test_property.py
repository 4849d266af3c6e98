"""Random tables: what is loaded is equal, and one change of the target is found and named.

`make soak` raises the number of examples and makes them random; a failing one prints how to repeat it.
"""

from __future__ import annotations

import datetime
import json
import math
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from support.plans import RUN, column, plan, prepare_target, table
from support.server import PrivateServer
from support.soak import SOAK, Tally, count, tallied
from support.soak import seed as soak_seed

from pgraduate.copy import load, loader
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.result import TableResult, Verdict
from pgraduate.verify import Verification, verify

SEED = soak_seed(0)
bounded = settings(
    max_examples=count(30, full=400),
    derandomize=not SOAK,
    print_blob=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass(frozen=True)
class BadText:
    """The bytes of a text that are not valid UTF-8."""

    stored: bytes


INTEGERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3, 3),
    st.sampled_from([-(2**63), 2**63 - 1, 2**53 + 1, -(2**53) - 1, 2**31, -(2**31) - 1]),
)
REALS = st.one_of(
    st.floats(allow_nan=False),
    st.integers(-(2**60), 2**60).map(float),
    st.sampled_from(
        [-0.0, 0.0, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 2.0**63, -(2.0**63), 1e15, 1e16]
    ),
)
NUMBER_LIKE = st.sampled_from(
    ["1", "-0", "007", " 12 ", "1.0", "1e3", "1e400", ".5", "5.", "+7", "Infinity", "inf", "nan", "0x10", "1_000",
     "1e99999999999",
     "9223372036854775807", "9223372036854775808", "\\x00", "\\xzz", "\u0663", "1" * 30]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("ab\x00\t\n\\'\"\r é\U0001f600", max_size=6),
    NUMBER_LIKE,
)
BAD_TEXTS = st.sampled_from([b"\xff", b"a\xc3", b"\xed\xa0\x80", b"x\x00\x80", b"\xf8\x88\x80\x80\x80"]).map(
    BadText
)
BLOBS = st.one_of(st.binary(max_size=12), st.sampled_from([b"", b"\x00", b"\\x00", b"abc"]))
ANYTHING = st.one_of(INTEGERS, REALS, TEXTS, BAD_TEXTS, BLOBS)
MOMENTS = st.datetimes(datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999))

DOCUMENTS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text('abc "\\é', max_size=3), inner, max_size=3),
    ),
    max_leaves=6,
).map(lambda value: value if isinstance(value, (list, dict)) else [value])

KINDS: dict[str, st.SearchStrategy[Any]] = {
    "integer": INTEGERS,
    "real": REALS,
    "text": st.one_of(TEXTS, BAD_TEXTS),
    "blob": BLOBS,
    "number": st.one_of(INTEGERS, REALS.filter(lambda value: value != 0 or math.copysign(1, value) > 0)),
    "number double precision": st.one_of(INTEGERS.filter(lambda value: int(float(value)) == value), REALS),
    "boolean": st.sampled_from([0, 1]),
    "boolean_text:F/T": st.sampled_from(["F", "T"]),
    "uuid": st.uuids().map(str),
    "date": st.dates().map(str),
    "timestamp:YYYY-MM-DDTHH:MM:SS.fffZ": MOMENTS.map(lambda moment: moment.isoformat("T", "milliseconds") + "Z"),
    "timestamp:YYYY-MM-DD HH:MM:SS[.ffffff]+00:00": MOMENTS.map(lambda moment: f"{moment}+00:00"),
    "timestamp:YYYY-MM-DD[ HH:MM:SS]": MOMENTS.map(lambda moment: str(moment)[:19].removesuffix(" 00:00:00")),
    "timestamp:YYYY-MM-DDTHH:MM": MOMENTS.map(lambda moment: moment.isoformat("T", "minutes")),
    "epoch:s": st.integers(-62135596800, 253402300799),
    "epoch:us": st.integers(-62135596800 * 10**6, 253402300799 * 10**6),
    "julian": st.floats(2_444_239.5, 2_488_069.5, exclude_max=True),
    "decimal:15,4": st.integers(-(10**14), 10**14).map(lambda number: number / 10_000),
    "json_value": DOCUMENTS.map(json.dumps),
    "any_text:NUMERIC": ANYTHING,
    "any_text:INTEGER": ANYTHING,
    "any_text:REAL": ANYTHING,
    "any_text:TEXT": ANYTHING,
    "any_bytes": ANYTHING,
}


@dataclass(frozen=True)
class Example:
    kinds: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    keyed: bool

    @property
    def plan(self) -> SchemaPlan:
        columns = []
        for place, kind in enumerate(self.kinds):
            representation, _, type_name = kind.partition(" ") if kind.startswith("number") else (kind, "", "")
            may_be_bad = kind.startswith(("text", "any"))
            columns.append(column(f"c{place}", representation, type_name or None, quarantines=may_be_bad))
        if not self.keyed:
            return plan(table("t", columns, rows=len(self.rows)))
        return plan(
            table("t", [column("id", "integer"), *columns], key=["id"], rowid_alias="id", rows=len(self.rows))
        )

    def write(self, path: Path) -> None:
        connection = apsw.Connection(str(path))
        names = "".join(f", c{place}" for place in range(len(self.kinds)))
        connection.execute(
            f"CREATE TABLE t({'id INTEGER PRIMARY KEY' if self.keyed else ''}{names})".replace("(, ", "(")
        )
        with connection:
            for number, row in enumerate(self.rows):
                marks = ["CAST(? AS TEXT)" if isinstance(cell, BadText) else "?" for cell in row]
                values = [cell.stored if isinstance(cell, BadText) else cell for cell in row]
                if self.keyed:
                    marks, values = ["?", *marks], [number - 2, *values]
                connection.execute(f"INSERT INTO t VALUES ({', '.join(marks)})", values)
        connection.close()


@st.composite
def examples(draw: st.DrawFn, *, keyed: bool | None = None) -> Example:
    kinds = tuple(draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6)))
    row = st.tuples(*(st.one_of(st.none(), KINDS[kind]) for kind in kinds))
    rows = draw(st.lists(row, min_size=1, max_size=8))
    if not (has_key := draw(st.booleans()) if keyed is None else keyed):
        # Equal rows are what a table without a key can hold.
        rows += draw(st.lists(st.sampled_from(rows), max_size=3))
    return Example(kinds, tuple(rows), has_key)


@pytest.fixture(scope="module")
def database(server: PrivateServer) -> Iterator[str]:
    with server.database() as conninfo:
        yield conninfo


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    with tallied("Random tables, loaded and verified, as they are and with one change", SEED) as counting:
        yield counting


@contextmanager
def loaded(database: str, tally: Tally, example: Example) -> Iterator[tuple[psycopg.Connection, Path]]:
    """Load an example into a fresh table; what is done with it is one try."""
    with (
        tally.trying(),
        psycopg.connect(database, autocommit=True) as connection,
        tempfile.TemporaryDirectory() as directory,
    ):
        source = Path(directory) / "a.db"
        example.write(source)
        prepare_target(database, example.plan)
        load(lambda: psycopg.connect(database), source, example.plan, RUN)
        yield connection, source


def checked(connection: psycopg.Connection, source: Path, example: Example) -> tuple[Verification, TableResult]:
    found = verify(connection, source, example.plan, RUN, show_values=True)
    return found, found.tables[0]


@seed(SEED)
@bounded
@given(example=examples(), chunk_rows=st.sampled_from([1, 2, 100_000]))
def test_what_was_loaded_is_equal(database: str, tally: Tally, example: Example, chunk_rows: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "CHUNK_ROWS", chunk_rows)
        with loaded(database, tally, example) as (connection, source):
            found, result = checked(connection, source, example)
    assert found.verdict is Verdict.EQUAL, result
    assert result.rows_source == result.rows_target == len(example.rows)


@seed(SEED)
@bounded
@given(example=examples(keyed=True), data=st.data())
def test_one_changed_cell_is_named_by_key_and_column(
    database: str, tally: Tally, example: Example, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(example.rows) - 1), "row")
    place = data.draw(st.integers(0, len(example.kinds) - 1), "column")
    with loaded(database, tally, example) as (connection, source):
        change_cell(connection, example, row, place)
        found, result = checked(connection, source, example)
    assert found.verdict is Verdict.DIFFERENT
    assert [(item.key, item.kind, item.columns) for item in result.differences] == [
        (f"id={row - 2}", "changed", (f"c{place}",))
    ]


def change_cell(connection: psycopg.Connection, example: Example, row: int, place: int) -> None:
    """Change a cell of the target as little as its type allows; a NULL becomes some value."""
    name, type_name = f"c{place}", example.plan.tables[0].columns[place + 1].type
    stored = connection.execute(f"SELECT {name} FROM app.t WHERE id = %s", (row - 2,)).fetchone()
    assert stored is not None
    value = stored[0]
    changes: dict[str, Callable[[], Any]] = {
        "bigint": lambda: 0 if value is None else value ^ 1,
        "double precision": lambda: 0.5 if value is None or math.isinf(value) else math.nextafter(value, math.inf),
        "numeric": lambda: value.copy_negate() if value else 1,
        "numeric(15,4)": lambda: 1 if value is None else value + Decimal("0.0001") * (-1 if value > 0 else 1),
        "jsonb": lambda: Jsonb([] if value is None else [value]),
        "text": lambda: (value or "") + "x",
        "bytea": lambda: (value or b"") + b"\x00",
        "boolean": lambda: not value,
        "uuid": lambda: None if value else "00000000-0000-0000-0000-000000000000",
        "date": lambda: None if value else datetime.date(2000, 1, 1),
        "timestamp without time zone": lambda: (
            datetime.datetime(2000, 1, 1)
            if value is None
            else value ^ 1
            if isinstance(value, int)
            else _moved(value)
        ),
    }
    connection.execute(f"UPDATE app.t SET {name} = %s WHERE id = %s", (changes[type_name](), row - 2))


def _moved(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(microsecond=moment.microsecond ^ 1)


@seed(SEED)
@bounded
@given(example=examples(keyed=True), data=st.data())
def test_one_deleted_row_is_named(database: str, tally: Tally, example: Example, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(example.rows) - 1), "row") - 2
    with loaded(database, tally, example) as (connection, source):
        connection.execute("DELETE FROM app.t WHERE id = %s", (row,))
        _, result = checked(connection, source, example)
    assert [(item.key, item.kind) for item in result.differences] == [(f"id={row}", "missing")]


@seed(SEED)
@bounded
@given(example=examples(keyed=True))
def test_one_added_row_is_named(database: str, tally: Tally, example: Example) -> None:
    with loaded(database, tally, example) as (connection, source):
        connection.execute("INSERT INTO app.t (id) VALUES (1000)")
        _, result = checked(connection, source, example)
    assert [(item.key, item.kind) for item in result.differences] == [("id=1000", "unexpected")]


@seed(SEED)
@bounded
@given(example=examples(keyed=False), data=st.data())
def test_one_row_more_or_less_of_a_table_without_a_key_is_found(
    database: str, tally: Tally, example: Example, data: st.DataObject
) -> None:
    more = data.draw(st.booleans(), "more")
    with loaded(database, tally, example) as (connection, source):
        if more:
            connection.execute("INSERT INTO app.t SELECT * FROM app.t LIMIT 1")
        else:
            connection.execute("DELETE FROM app.t WHERE ctid = (SELECT ctid FROM app.t LIMIT 1)")
        found, result = checked(connection, source, example)
    assert found.verdict is Verdict.DIFFERENT
    assert result.rows_target - result.rows_source == (1 if more else -1)


@seed(SEED)
@bounded
@given(example=examples(keyed=True))
def test_two_rows_that_exchange_their_keys_are_both_named(database: str, tally: Tally, example: Example) -> None:
    if len(example.rows) < 2:
        example = Example(example.kinds, example.rows * 2, True)
    first, second = example.rows[0], example.rows[1]
    with loaded(database, tally, example) as (connection, source):
        connection.execute("UPDATE app.t SET id = 1000 WHERE id = -2")
        connection.execute("UPDATE app.t SET id = -2 WHERE id = -1")
        connection.execute("UPDATE app.t SET id = -1 WHERE id = 1000")
        _, result = checked(connection, source, example)
    same = repr(first) == repr(second)
    assert [item.key for item in result.differences] == ([] if same else ["id=-2", "id=-1"])
