"""What an execution tells of a statement and the indexes on trial, on a server of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from support.server import PrivateServer

from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.indexes.planner import BuiltPlanner
from pgraduate.tune.indexes.verification import Bench, Use, execute

INDEX = Definition("public", "t", (column_key("counter"),))
ALL, NONE = frozenset({INDEX}), frozenset[Definition]()


@pytest.fixture
def clone(server: PrivateServer, target: str) -> Iterator[psycopg.Connection]:
    """A database in which the test is superuser and alone, as in a clone; the table has room for heap-only updates."""
    superuser = make_conninfo(server.superuser, dbname=conninfo_to_dict(target)["dbname"])
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE t (id int PRIMARY KEY, counter int, other int)"
            " WITH (fillfactor = 50, autovacuum_enabled = off);"
            "INSERT INTO t SELECT n, n, n FROM generate_series(1, 5000) AS n"
        )
        connection.execute("VACUUM (ANALYZE) t")
        yield connection


def _use(connection: psycopg.Connection, text: str) -> Use:
    bench = Bench(connection, BuiltPlanner(connection).show, rounds=3)
    _, used = bench.compare([Weighted("s", (text,), 1.0, ())], NONE, ALL)
    return used["s"]


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("SELECT id FROM t WHERE counter = 7", Use(read=frozenset({INDEX.name}))),
        ("SELECT id FROM t WHERE id = 7", Use()),
        ("INSERT INTO t VALUES (9000, 1, 1)", Use(kept_up=frozenset({INDEX.name}))),
        ("UPDATE t SET counter = counter + 1 WHERE id = 7", Use(kept_up=frozenset({INDEX.name}))),
        ("UPDATE t SET other = other + 1 WHERE id = 7", Use()),
    ],
    ids=["read by it", "read without it", "insert", "update of its column", "heap-only update"],
)
def test_what_a_statement_has_to_do_with_an_index(clone: psycopg.Connection, text: str, use: Use) -> None:
    assert _use(clone, text) == use


def test_a_hidden_index_costs_a_write_nothing_and_a_shown_one_is_whole_again(clone: psycopg.Connection) -> None:
    built = BuiltPlanner(clone)
    insert, found = "INSERT INTO t VALUES (9000, 1, 1)", "SELECT id FROM t WHERE counter = 7"

    def written() -> int:
        return min(execute(clone, insert).wal for _ in range(3))

    bare = written()
    built.show(ALL)
    assert written() > bare
    built.show(NONE)
    assert written() == bare
    assert INDEX.name not in execute(clone, found).indexes
    built.show(ALL)
    assert INDEX.name in execute(clone, found).indexes
    assert clone.execute(found.encode()).fetchall() == [(7,)]
    built.drop([INDEX])
    assert clone.execute("SELECT to_regclass(%s)", (INDEX.name,)).fetchone() == (None,)
