"""Random databases: what a run says of them is true, and nothing ends a run that is not documented.

The verdict is judged by an oracle of its own (support/oracle.py), which shares no code with loader and checker.
Each example is a file of one to four tables; `make test` makes as many as hold 200 tables, `make soak` makes 2,000 files.
One journey carries some twenty files, and where it fails each goes alone, so that the one at fault is named with its rows.
"""

from __future__ import annotations

import math
import random
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from support import oracle
from support.fidelity import answer, asking, carry_all, cleared, in_this_process, last_plans
from support.server import PrivateServer
from support.soak import SOAK, Tally, count, tallied
from support.soak import seed as soak_seed

from pgraduate.settings import Policy

SEED = soak_seed(0)
EXAMPLES, TABLES = count(90, full=2_000), count(200, full=2_000)
TOGETHER = 20
"""Files of one journey: most of a small journey's time is its own, not its file's."""
bounded = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    database=None,
    derandomize=not SOAK,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

Value = int | float | str | bytes | None

TYPES = (
    "", "INTEGER", "INT", "TEXT", "VARCHAR(5)", "BLOB", "REAL", "NUMERIC", "DECIMAL(6,2)", "BOOLEAN", "DATE",
    "DATETIME", "TIMESTAMP", "JSON", "UUID", "long varchar", "unsigned big int", "string", "TIME", "ANY",
)  # fmt: skip
NAMES = ("a", "B", "c d", 'e"f', "größe", "order", "g.h", "%s", "ctid", "x" * 70, "x" * 69 + "y")
INTEGERS = st.one_of(
    st.integers(-3, 3),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1_704_164_645, 1_704_164_645_123]),
)
REALS = st.one_of(
    st.floats(allow_nan=False),
    st.integers(-(10**20), 10**20).map(float),
    st.sampled_from([-0.0, 0.5, 1.0, math.inf, -math.inf, 5e-324, 1e15, 9.223372036854775807e18, 1e-7, 2460311.5]),
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", "\0", "a\0b", "5", "5.0", " 5", "5e0", "0x5", "Infinity", "\\x35", "A", "a", "é", "NULL"]),
    st.sampled_from(
        [
            "2024-01-02",
            "2024-01-02 03:04:05",
            "2024-01-02T03:04:05.678Z",
            "0000-00-00",
            "now",
            "t",
            "f",
            "true",
            "Y",
        ]
    ),
    st.sampled_from(["{}", '{"a": "\\u0000"}', "[1, 2]", "7d444840-9dc0-11d1-b245-5ffdce74fad2", "1,234.5", "NaN"]),
)
BLOBS = st.one_of(st.binary(max_size=8), st.sampled_from([b"5", b"a", b"\\x35"]))


@dataclass(frozen=True)
class BadText:
    """The bytes of a text that is not valid in UTF-8."""

    stored: bytes


BAD_TEXTS = st.binary(min_size=1, max_size=4).map(lambda stored: BadText(b"\xff" + stored))
ANYTHING = st.one_of(st.none(), INTEGERS, REALS, TEXTS, BLOBS, BAD_TEXTS)

# Most columns hold one class with a few strangers, as real ones do; some hold anything.
KINDS = st.sampled_from([INTEGERS, REALS, TEXTS, BLOBS, st.one_of(INTEGERS, REALS), ANYTHING])


HINTED = (
    ("created_at", st.integers(315_532_800, 1_704_164_645)),
    ("created_at", st.integers(315_532_800_000, 1_704_164_645_123)),
    ("created_at", st.datetimes().map(lambda moment: moment.isoformat(" ", "seconds"))),
    ("created_at", st.one_of(REALS, st.floats(2_444_239.0, 2_488_070.0))),
    ("is_new", st.sampled_from([0, 1])),
    ("price", st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)),
    ("price", st.one_of(st.integers(-3, 3), st.integers(-300, 300).map(lambda cents: cents / 100))),
    (
        "document",
        st.sampled_from(['{"a": 1.0}', " [] ", '{"a": 1, "a": 2}', "[-0, 1e5, 1e400]", '["\\u00e9", "é"]']),
    ),
)
"""Names that say something, with values that mostly bear it out."""


@dataclass(frozen=True)
class Column:
    name: str
    definition: str
    values: st.SearchStrategy[Value | BadText]


@dataclass(frozen=True)
class Table:
    name: str
    sql: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value | BadText, ...], ...]


@st.composite
def databases(draw: st.DrawFn) -> tuple[Table, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique_by=str.lower))
    keys: dict[str, str] = {}
    made = []
    for name in names:
        table, key = _table(draw, name, keys)
        made.append(table)
        if key is not None:
            keys[name] = key
    return tuple(made)


def _table(draw: st.DrawFn, name: str, parents: dict[str, str]) -> tuple[Table, str | None]:
    """Draw a table, and the column that others may refer to, if there is one."""
    key = draw(st.sampled_from(["rowid", "autoincrement", "one", "two", "without rowid", "none"]))
    columns = [_column(draw, place) for place in range(draw(st.integers(1, 4)))]
    constraints = []
    if key in ("rowid", "autoincrement"):
        clause = "INTEGER PRIMARY KEY" + (" AUTOINCREMENT" if key == "autoincrement" else "")
        ids = st.one_of(st.integers(-5, 50), st.sampled_from([2**63 - 1, -(2**63)]))
        columns.insert(0, Column("id", f'"id" {clause}', ids))
    elif key != "none":
        width = min(2 if key == "two" else 1, len(columns))
        constraints.append(f"PRIMARY KEY ({', '.join(_quoted(column.name) for column in columns[:width])})")
    if draw(st.booleans()):
        constraints.append(f"UNIQUE ({_quoted(columns[-1].name)})")
    if draw(st.booleans()) and parents:
        parent = draw(st.sampled_from(sorted(parents)))
        action = draw(st.sampled_from(["", " ON DELETE CASCADE", " DEFERRABLE INITIALLY DEFERRED"]))
        target = draw(st.sampled_from(["", f" ({_quoted(parents[parent])})"]))
        constraints.append(
            f"FOREIGN KEY ({_quoted(columns[-1].name)}) REFERENCES {_quoted(parent)}{target}{action}"
        )
    suffix = " WITHOUT ROWID" if key == "without rowid" else ""
    items = ", ".join([*(column.definition for column in columns), *constraints])
    rows = draw(st.lists(st.tuples(*(column.values for column in columns)), max_size=8))
    sql = f"CREATE TABLE {_quoted(name)} ({items}){suffix}"
    referable = columns[0].name if key not in ("none", "two") else None
    return Table(name, sql, tuple(column.name for column in columns), tuple(rows)), referable


def _column(draw: st.DrawFn, place: int) -> Column:
    name = f"{draw(st.sampled_from(['n', 'N n', 'ß', 'select']))}{place}"
    collation = draw(st.sampled_from(["", "", "", " COLLATE NOCASE", " COLLATE RTRIM"]))
    default = draw(st.sampled_from(["", "", "", " DEFAULT 5", " DEFAULT 'x'", " DEFAULT CURRENT_TIMESTAMP"]))
    kind = draw(KINDS)
    if draw(st.booleans()):
        word, kind = draw(st.sampled_from(HINTED))
        name = f"{word}{place}"
    values = kind if draw(st.integers(0, 3)) else st.one_of(kind, st.none(), ANYTHING)
    return Column(name, f"{_quoted(name)} {draw(st.sampled_from(TYPES))}{collation}{default}", values)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _make(path: Path, tables: tuple[Table, ...]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in tables:
            connection.execute(table.sql)
            for row in table.rows:
                marks = ", ".join("CAST(? AS TEXT)" if isinstance(value, BadText) else "?" for value in row)
                values = [value.stored if isinstance(value, BadText) else value for value in row]
                # A row that breaks a constraint of the random schema is not part of the example.
                with suppress(sqlite3.IntegrityError):
                    connection.execute(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", values)


@pytest.fixture(scope="module")
def shared_target(server: PrivateServer) -> Iterator[str]:
    with server.database() as conninfo, in_this_process():
        yield conninfo


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    with tallied("Random databases, carried and judged by an oracle", SEED) as counting:
        yield counting


@dataclass(frozen=True)
class Example:
    tables: tuple[Table, ...]
    choice: int
    """Which answers its decisions get."""

    def answers(self, path: Path, policy: Policy) -> dict[str, str]:
        """Answer every decision of its file, and those that follow from the answers."""
        ask, answers = asking(path, policy), dict[str, str]()
        while missing := [decision for decision in ask(answers) if decision.id not in answers]:
            keys = [option.key for option in missing[0].options]
            answers[missing[0].id] = random.Random(f"{self.choice} {missing[0].id}").choice(keys)
        return answers


def _draw() -> dict[Policy, list[Example]]:
    """Draw the examples, by the policy that each is carried under."""
    drawn = defaultdict(list)
    policies = st.sampled_from([Policy.FAITHFUL, Policy.DECLARED, Policy.RICH])

    @seed(SEED)
    @bounded
    @given(tables=databases(), policy=policies, choice=st.integers(0, 2**32))
    def draw(tables: tuple[Table, ...], policy: Policy, choice: int) -> None:
        drawn[policy].append(Example(tables, choice))

    draw()
    return drawn


def test_the_verdict_on_a_random_database_is_true(shared_target: str, tally: Tally) -> None:
    drawn = _draw()
    assert sum(map(len, drawn.values())) == EXAMPLES
    assert sum(len(example.tables) for examples in drawn.values() for example in examples) >= TABLES
    for policy, examples in drawn.items():
        for start in range(0, len(examples), TOGETHER):
            _judge(shared_target, examples[start : start + TOGETHER], policy, tally)


def _judge(target: str, examples: Sequence[Example], policy: Policy, tally: Tally) -> None:
    """Carry the examples in one journey; where it fails, carry each alone, and fail with the one at fault."""
    with tally.trying(len(examples)):
        try:
            _carry(target, examples, policy)
        except Exception as error:
            for example in examples:
                try:
                    _carry(target, [example], policy)
                except Exception as alone:
                    alone.add_note(f"seed {SEED}, policy {policy}: {example}")
                    raise alone from error
            raise


def _carry(target: str, examples: Sequence[Example], policy: Policy) -> None:
    with tempfile.TemporaryDirectory() as directory, cleared(target) as connection:
        project, answers = Path(directory), {}
        paths = [project / f"app{place}.db" for place in range(len(examples))]
        for path, example in zip(paths, examples, strict=True):
            _make(path, example.tables)
            answers.update(example.answers(path, policy))
        answer(project, answers)
        carried = carry_all(paths, target, project, policy=policy)
        assert carried.error is None, carried.why
        assert (carried.verdict, carried.code in (0, 3)) == ("equal", True), carried.why
        refused = connection.execute("SELECT kind, name, reason FROM pgraduate.refused_object").fetchall()
        assert refused == [], "an object was refused only once the rows were there"
        for path, plan in zip(paths, last_plans(connection), strict=True):
            assert oracle.differences(path, connection, plan) == []
