"""Statements of which only the shape is known: values drawn from the rows make them run, and an index is proven by them."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from support.server import PrivateServer
from support.tuning import fill

from pgraduate.tune.indexes.accesses import read_statement
from pgraduate.tune.indexes.advice import advise, study
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.costs import Weighted
from pgraduate.tune.indexes.examples import is_shape, with_examples
from pgraduate.tune.indexes.planner import BuiltPlanner
from pgraduate.tune.indexes.verification import Bench, verify
from pgraduate.workload.snapshots import Activity, Counters, workload_of


@pytest.fixture(scope="module")
def shop(server: PrivateServer) -> Iterator[psycopg.Connection]:
    """A database in which the test is superuser and alone, as in a clone."""
    with server.database() as target:
        fill(target)
        superuser = make_conninfo(server.superuser, dbname=conninfo_to_dict(target)["dbname"])
        with psycopg.connect(superuser, autocommit=True) as connection:
            yield connection


def _filled(connection: psycopg.Connection, text: str) -> Weighted:
    catalog = read_catalog(connection)
    (item,) = with_examples(
        connection, [Weighted("s", (text,), 1.0, read_statement(text, catalog).accesses)], catalog
    )
    return item


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM shop.call WHERE run_id = $1",
        "SELECT id FROM shop.call WHERE run_id = $1 AND tool = $2 AND detail = $3::jsonb",
        "SELECT id FROM shop.call WHERE $1 = run_id AND id IN ($2, $3)",
        "SELECT c.id FROM shop.call c JOIN shop.run r ON r.id = c.run_id WHERE r.owner = $1 LIMIT $2 OFFSET $3",
        "SELECT id FROM shop.run WHERE id IN (SELECT run_id FROM shop.call WHERE called_at = $1)",
        "UPDATE shop.run SET title = $1, counter = $2 WHERE id = $3 RETURNING id",
        "DELETE FROM shop.call WHERE id = $1 AND tool <> 'costs $2' RETURNING id",
    ],
)
def test_each_text_finds_rows(shop: psycopg.Connection, text: str) -> None:
    item = _filled(shop, text)
    assert not is_shape(item)
    assert len(item.texts) == 3
    for example in item.texts:
        with shop.transaction(force_rollback=True):
            assert shop.execute(example.encode()).fetchall(), example


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM shop.call WHERE called_at > $1",
        "SELECT id FROM shop.run WHERE owner LIKE $1",
        "SELECT id FROM shop.run WHERE id = $1 AND lower(owner) = $2",
        "INSERT INTO shop.run (id, status) VALUES ($1, $2)",
    ],
)
def test_what_nobody_can_tell_is_not_guessed(shop: psycopg.Connection, text: str) -> None:
    item = _filled(shop, text)
    assert is_shape(item)
    assert item.texts == (text,)


def test_a_table_without_rows_has_no_values(shop: psycopg.Connection) -> None:
    with shop.transaction(force_rollback=True):
        shop.execute("CREATE TABLE shop.bare (id int)")
        assert is_shape(_filled(shop, "SELECT id FROM shop.bare WHERE id = $1"))


def test_an_index_for_the_counters_of_the_server_is_proven(shop: psycopg.Connection) -> None:
    activity = [
        Activity("missing", "SELECT id, tool FROM shop.call WHERE run_id = $1", Counters(calls=500)),
        Activity("recent", "SELECT id FROM shop.call WHERE called_at > $1", Counters(calls=5)),
    ]
    catalog, built = read_catalog(shop), BuiltPlanner(shop)
    try:
        subject = study(workload_of(activity), catalog, built)
        advice = advise(shop, subject, built, budget=64 << 20)
        statements = with_examples(shop, subject.statements, catalog)
        proof = verify(Bench(shop, built.show), statements, frozenset(item.definition for item in advice.proposed))
        assert any(item.keys[0].column == "run_id" for item in proof.kept), (advice, proof)
        assert proof.unmeasured == ("recent",)
    finally:
        built.drop(list(built._shown))
