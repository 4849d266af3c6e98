"""Whatever changes in the target after a run, `verify` names the table and the row.

One database is loaded once; each try changes it at random (one cell, a row added, deleted, or two rows whose cells
change places), is verified as a user verifies, and is repaired.  `make soak` makes 500 tries.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from support.cli import pgraduate
from support.fidelity import carry
from support.server import PrivateServer
from support.soak import Tally, count, seed, tallied
from support.sqlite_files import make

from pgraduate.journey.stages import verify_run
from pgraduate.settings import Settings, load

TRIES = count(40, full=500)
SEED = seed(20_250_101)

ROWS = 60
SCRIPT = (
    "CREATE TABLE plain (id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, b BLOB, n NUMERIC)",
    "CREATE TABLE rich (k TEXT PRIMARY KEY, yes BOOLEAN, at DATETIME, d DATE, u UUID, j JSON, m DECIMAL(8,2))"
    " WITHOUT ROWID",
    "CREATE TABLE mixed (a INTEGER, b TEXT, x, y BLOB, z, PRIMARY KEY (b, a))",
    "CREATE TABLE keyless (s TEXT, n INTEGER)",
    f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
    INSERT INTO plain SELECT i, i * 7919, i / 8.0, 'text ' || i, CAST('blob ' || i AS BLOB), i / 4.0 FROM n""",
    """INSERT INTO rich SELECT 'k' || id, id % 2, datetime(id * 86399, 'unixepoch'), date(id * 86400, 'unixepoch'),
    printf('%08x-0000-4000-8000-%012x', id, id), json_array(id), id * 1.25 FROM plain""",
    """INSERT INTO mixed SELECT id, 'b' || id, CASE id % 4 WHEN 0 THEN id WHEN 1 THEN id + 0.0 WHEN 2 THEN '' || id
    ELSE CAST('' || id AS BLOB) END, CASE id % 2 WHEN 0 THEN 'text' || id ELSE CAST('blob' || id AS BLOB) END,
    CASE id % 3 WHEN 0 THEN -0.0 WHEN 1 THEN id ELSE 'text' END FROM plain""",
    "INSERT INTO keyless SELECT 'row ' || (id / 2), id / 2 FROM plain",
    "INSERT INTO plain (id, s) VALUES (1000, 'a' || char(0) || 'b')",
)
KEYS = {"plain": ("id",), "rich": ("k",), "mixed": ("a", "b"), "keyless": ()}
CHANGES = {
    "bigint": "{0} + 1",
    "double precision": "{0} + 0.125",
    "numeric": "{0} + 0.25",
    "numeric(8,2)": "{0} + 0.01",
    "text": "{0} || 'x'",
    "bytea": "{0} || '\\x00'::bytea",
    "boolean": "NOT {0}",
    "date": "{0} + 1",
    "timestamp without time zone": "{0} + interval '1 second'",
    "uuid": "'ffffffff-0000-4000-8000-000000000000'",
    "json": "'[-1]'",
    # The class alone, where what stands there compares as equal or has the same bytes.
    "pgraduate_compat.any_value": """CASE ({0}).kind
        WHEN 1 THEN pgraduate_compat.any_value(round(({0}).number, 1 - scale(({0}).number)))
        WHEN 2 THEN pgraduate_compat.any_value(convert_to(({0}).text, 'UTF8'))
        ELSE pgraduate_compat.any_value(convert_from(({0}).bytes, 'UTF8'))
    END""",
}


@dataclass(frozen=True)
class Loaded:
    conninfo: str
    settings: Settings
    connection: psycopg.Connection
    columns: dict[str, dict[str, str]]
    """Type by column, by table."""


@pytest.fixture(scope="module")
def loaded(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    project = tmp_path_factory.mktemp("corruption")
    with server.database() as conninfo:
        carried = carry(make(project / "app.db", *SCRIPT), conninfo, project)
        assert (carried.verdict, carried.code, carried.quarantined) == ("equal", 3, 1), carried.why
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA kept")
            columns = {}
            for table in KEYS:
                connection.execute(f"CREATE TABLE kept.{table} AS TABLE app.{table}".encode())
                columns[table] = _columns(connection, table)
            yield Loaded(conninfo, load(project, target=conninfo, environment={}), connection, columns)


def _columns(connection: psycopg.Connection, table: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0",
            (f"app.{table}",),
        ).fetchall()
    )


@dataclass(frozen=True)
class Corruption:
    """A change of the target: the statements, the table, and what a verification must say of each row concerned."""

    table: str
    statements: tuple[str, ...]
    expected: frozenset[tuple[str, str, tuple[str, ...]]]
    """Key, kind and columns; for a table without a key the kinds alone, with the keys empty."""


def _corrupt_cell(loaded: Loaded, table: str, chance: random.Random) -> Corruption:
    column = chance.choice([name for name in loaded.columns[table] if name not in KEYS[table]])
    (place,) = _places(loaded, table, 1, chance, f"{column} IS NOT NULL")
    change = CHANGES[loaded.columns[table][column]].format(column)
    statement = f"UPDATE app.{table} SET {column} = {change} WHERE ctid = '{place}'"
    if KEYS[table]:
        return Corruption(table, (statement,), frozenset({(_key(loaded, table, place), "changed", (column,))}))
    return Corruption(table, (statement,), frozenset({("", "missing", ()), ("", "unexpected", ())}))


def _delete_row(loaded: Loaded, table: str, chance: random.Random) -> Corruption:
    (place,) = _places(loaded, table, 1, chance)
    key = _key(loaded, table, place)
    return Corruption(
        table, (f"DELETE FROM app.{table} WHERE ctid = '{place}'",), frozenset({(key, "missing", ())})
    )


def _add_row(loaded: Loaded, table: str, chance: random.Random) -> Corruption:
    (place,) = _places(loaded, table, 1, chance)
    number = chance.randrange(10_000, 10_000_000)
    new = {
        "plain": {"id": f"{number}"},
        "rich": {"k": f"'new {number}'"},
        "mixed": {"a": f"{number}"},
        "keyless": {},
    }
    items = [new[table].get(column, column) for column in loaded.columns[table]]
    same = _key(loaded, table, place).partition(", ")[2]
    key = {
        "plain": f"id={number}",
        "rich": f"k='new {number}'",
        "mixed": f"a={number}, {same}",
        "keyless": "",
    }[table]
    statement = f"INSERT INTO app.{table} SELECT {', '.join(items)} FROM app.{table} WHERE ctid = '{place}'"
    return Corruption(table, (statement,), frozenset({(key, "unexpected", ())}))


def _swap_rows(loaded: Loaded, table: str, chance: random.Random) -> Corruption:
    """Let two rows change all their cells but the key; a multiset of every column would not notice."""
    column = chance.choice([name for name in loaded.columns[table] if name not in KEYS[table]])
    if not KEYS[table]:
        return _corrupt_cell(loaded, table, chance)
    first, second = _places(loaded, table, 2, chance, f"{column} IS NOT NULL", distinct=column)
    statement = (
        f"UPDATE app.{table} AS t SET {column} = o.{column} FROM app.{table} AS o"
        f" WHERE (t.ctid, o.ctid) IN (('{first}', '{second}'), ('{second}', '{first}'))"
    )
    named = {(_key(loaded, table, place), "changed", (column,)) for place in (first, second)}
    return Corruption(table, (statement,), frozenset(named))


def _places(
    loaded: Loaded,
    table: str,
    count: int,
    chance: random.Random,
    where: str = "true",
    *,
    distinct: str | None = None,
) -> list[str]:
    once = f"DISTINCT ON ({distinct}::text)" if distinct else ""
    rows = loaded.connection.execute(
        f"SELECT ctid::text FROM (SELECT {once} ctid FROM app.{table} WHERE {where}) AS x ORDER BY 1".encode()
    ).fetchall()
    return [place for (place,) in chance.sample(rows, count)]


def _key(loaded: Loaded, table: str, place: str) -> str:
    """Write a row's key as a verification writes it."""
    names = KEYS[table]
    if not names:
        return ""
    row: Any = loaded.connection.execute(
        f"SELECT {', '.join(names)} FROM app.{table} WHERE ctid = %s::tid".encode(), (place,)
    ).fetchone()
    return ", ".join(
        f"{name}='{value}'" if isinstance(value, str) else f"{name}={value}"
        for name, value in zip(names, row, strict=True)
    )


def _repair(loaded: Loaded, table: str) -> None:
    with loaded.connection.transaction():
        loaded.connection.execute(f"TRUNCATE app.{table}".encode())
        loaded.connection.execute(f"INSERT INTO app.{table} TABLE kept.{table}".encode())


CORRUPTIONS = (_corrupt_cell, _corrupt_cell, _delete_row, _add_row, _swap_rows)


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    with tallied("Corruptions of a target, each named by verify", SEED) as counting:
        yield counting


@pytest.mark.parametrize("number", range(TRIES))
def test_a_corruption_is_named_by_table_and_key(loaded: Loaded, number: int, tally: Tally) -> None:
    with tally.trying():
        _corrupt_and_verify(loaded, number)


def _corrupt_and_verify(loaded: Loaded, number: int) -> None:
    print(f"seed {SEED}, try {number}")
    chance = random.Random(f"{SEED} {number}")
    table = chance.choice(sorted(KEYS))
    corruption = chance.choice(CORRUPTIONS)(loaded, table, chance)
    try:
        for statement in corruption.statements:
            print(statement)
            loaded.connection.execute(statement.encode())
        document = verify_run(loaded.settings)
        assert (document["verdict"], document["exit_code"]) == ("different", 4)
        (found,) = [item for item in document["tables"] if item["differing"]]
        assert found["name"] == table
        named = frozenset(
            (item["key"] if KEYS[table] else "", item["kind"], tuple(item["columns"]))
            for item in found["differences"]
        )
        assert named == corruption.expected
        assert all(item["key"] for item in found["differences"])
    finally:
        _repair(loaded, table)


def test_the_command_line_names_a_changed_cell_and_then_its_repair(loaded: Loaded) -> None:
    project = loaded.settings.project
    loaded.connection.execute("UPDATE app.rich SET m = m + 1 WHERE k = 'k7'")
    result = pgraduate("verify", "--to", loaded.conninfo, cwd=project)
    shown = pgraduate("verify", "--to", loaded.conninfo, "--show-values", cwd=project)
    _repair(loaded, "rich")
    assert result.code == 4
    assert "app.rich k='k7': changed in m\n" in result.out
    assert "app.rich k='k7': changed in m: 8.75 → 9.75\n" in shown.out
    assert "app.rich: 1 row differs\n" in result.out
    assert pgraduate("verify", "--to", loaded.conninfo, cwd=project).code == 3


def test_a_line_beside_the_rows_that_goes_is_a_difference(loaded: Loaded) -> None:
    """What is kept beside a value is part of the value."""
    with loaded.connection.transaction(force_rollback=False):
        loaded.connection.execute("CREATE TABLE kept.class AS TABLE pgraduate.kept_class")
        loaded.connection.execute(
            "DELETE FROM pgraduate.kept_class WHERE row_key = ARRAY['b3', '3'] AND column_name = 'z'"
        )
    document = verify_run(loaded.settings)
    loaded.connection.execute(
        "TRUNCATE pgraduate.kept_class; INSERT INTO pgraduate.kept_class TABLE kept.class; DROP TABLE kept.class"
    )
    (found,) = [item for item in document["tables"] if item["differing"]]
    (difference,) = found["differences"]
    assert (difference["key"], difference["columns"]) == ("a=3, b='b3'", ["z"])
