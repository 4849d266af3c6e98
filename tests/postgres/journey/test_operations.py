"""The contract of every registered operation: killed anywhere, applied again it holds; undone, nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from support.dying import Killed, dying
from support.pgcatalog import snapshot
from support.server import PrivateServer
from support.sources import make_shop

from pgraduate.backup import back_up
from pgraduate.events import Silence
from pgraduate.journey.operations import REGISTRY, plan_compat, plan_grants, plan_records, plan_vacuum
from pgraduate.journey.planning import plan_source
from pgraduate.maintain.tasks import Task
from pgraduate.model.operation import Plan
from pgraduate.model.plan import RolePlan, SchemaPlan
from pgraduate.postgres import records
from pgraduate.postgres.runs import RunSource, register
from pgraduate.postgres.search_path import plan_search_path
from pgraduate.schema import plan_create, plan_finish
from pgraduate.settings import load
from pgraduate.tune.indexes.building import plan_build, plan_drop
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.tables.altering import plan_options
from pgraduate.tune.tables.churn import Churn
from pgraduate.tune.tables.formulas import propose
from pgraduate.verify import Move, TableMoves, plan_restore

RUN = "20260102-030405-678"
PURPOSES: tuple[Literal["app", "readonly", "monitor"], ...] = ("app", "readonly", "monitor")


@pytest.fixture(autouse=True)
def creator(server: PrivateServer) -> Iterator[None]:
    """The owner may create roles; those it leaves behind go when the test's database is gone."""
    with server.roles(created_by_owner=True):
        yield


@pytest.fixture
def shop(tmp_path: Path) -> tuple[RunSource, SchemaPlan]:
    path = make_shop(tmp_path / "shop.db", purchases=0)
    sealed = back_up(path, tmp_path / "sealed", "shop")
    record = RunSource("shop", str(path), "shop", sealed.digest, sealed.bytes, str(sealed.path))
    return record, plan_source(record, load(tmp_path, environment={}), sink=Silence())


Prepare = Callable[[psycopg.Connection, tuple[RunSource, SchemaPlan]], Plan]


def _records(_connection: psycopg.Connection, _shop: tuple[RunSource, SchemaPlan]) -> Plan:
    return plan_records()


def _compat(_connection: psycopg.Connection, _shop: tuple[RunSource, SchemaPlan]) -> Plan:
    return plan_compat()


def _create(connection: psycopg.Connection, shop: tuple[RunSource, SchemaPlan]) -> Plan:
    records.install(connection)
    register(connection, RUN, "0", [shop])
    REGISTRY["compat.install"].apply(connection, plan_compat())
    return plan_create(shop[1], RUN)


def _finish(connection: psycopg.Connection, shop: tuple[RunSource, SchemaPlan]) -> Plan:
    plan = _create(connection, shop)
    REGISTRY[plan.operation].apply(connection, plan)
    return plan_finish(shop[1], RUN)


def _vacuum(connection: psycopg.Connection, shop: tuple[RunSource, SchemaPlan]) -> Plan:
    plan = _create(connection, shop)
    REGISTRY[plan.operation].apply(connection, plan)
    return plan_vacuum(shop[1])


def _search_path(connection: psycopg.Connection, _shop: tuple[RunSource, SchemaPlan]) -> Plan:
    return plan_search_path(connection, ["shop"])


def _restore(connection: psycopg.Connection, shop: tuple[RunSource, SchemaPlan]) -> Plan:
    plan = _create(connection, shop)
    REGISTRY[plan.operation].apply(connection, plan)
    connection.execute("ALTER TABLE shop.product ADD COLUMN title_bytes bytea")
    connection.execute("INSERT INTO shop.product (id, title, price) VALUES (1, 'Caf\ufffd', 1), (2, 'whole', 2)")
    connection.execute(
        "INSERT INTO pgraduate.quarantine (schema_name, table_name, column_name, row_key, class, value, reason)"
        " VALUES ('shop', 'product', 'title', '{1}', 'text', 'Caf\\351', 'not valid')"
    )
    moves = TableMoves("shop", "product", ("id",), True, (Move("title", "title_bytes"),))
    return plan_restore(connection, [moves])


def _grants(connection: psycopg.Connection, shop: tuple[RunSource, SchemaPlan]) -> Plan:
    record, planned = shop
    planned = replace(planned, roles=tuple(RolePlan(purpose, f"shop_{purpose}") for purpose in PURPOSES))
    plan = _finish(connection, (record, planned))
    REGISTRY[plan.operation].apply(connection, plan)
    grants = plan_grants(connection, RUN, [planned])
    assert grants is not None
    return grants


def _upkeep(connection: psycopg.Connection, _shop: tuple[RunSource, SchemaPlan]) -> Plan:
    """A rebuild of an index of which an earlier one left a copy."""
    connection.execute("CREATE TABLE worn AS SELECT g AS id FROM generate_series(1, 100) AS g")
    connection.execute("CREATE INDEX worn_id ON worn (id)")
    return Task("reindex", "public", "worn_id", 'REINDEX INDEX CONCURRENTLY "public"."worn_id"', "worn").plan()


def _indexes(connection: psycopg.Connection, shop: tuple[RunSource, SchemaPlan]) -> Plan:
    plan = _finish(connection, shop)
    REGISTRY[plan.operation].apply(connection, plan)
    return plan_build(
        [
            Definition("shop", "product", (column_key("title"), column_key("price"))),
            Definition("shop", "product", (column_key("price"),), where='"price" > 5'),
        ]
    )


def _dropped(connection: psycopg.Connection, _shop: tuple[RunSource, SchemaPlan]) -> Plan:
    connection.execute(
        "CREATE TABLE plain (a int, b text); CREATE INDEX plain_twice ON plain (b DESC, a) WHERE a > 5"
    )
    (index,) = read_catalog(connection).indexes
    return plan_drop([(index, "plain")])


def _options(connection: psycopg.Connection, _shop: tuple[RunSource, SchemaPlan]) -> Plan:
    """Parameters for two tables at work, one of which has some already."""
    connection.execute("CREATE TABLE busy (id int) WITH (toast_tuple_target = 4000, autovacuum_enabled = on)")
    connection.execute("CREATE TABLE busier (id int)")
    set_already = ("toast_tuple_target=4000", "autovacuum_enabled=on")
    work = Churn("public", "busy", 1000.0, 9000, 4000, 0, 300, 0, 0, set_already, 50.0, 0.2)
    return plan_options(connection, propose([work, replace(work, name="busier", options=())]))


EXAMPLES: dict[str, Prepare] = {
    "indexes.build": _indexes,
    "indexes.drop": _dropped,
    "tables.options": _options,
    "records.install": _records,
    "compat.install": _compat,
    "schema.create": _create,
    "schema.finish": _finish,
    "tables.vacuum": _vacuum,
    "role.search_path": _search_path,
    "role.grants": _grants,
    "quarantine.restore": _restore,
    "maintain.upkeep": _upkeep,
}


def test_every_registered_operation_has_an_example() -> None:
    assert set(EXAMPLES) == set(REGISTRY)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_killed_at_every_statement_it_completes_when_applied_again(
    kind: str, target: str, shop: tuple[RunSource, SchemaPlan]
) -> None:
    operation: Any = REGISTRY[kind]
    with psycopg.connect(target, autocommit=True) as connection:
        plan = EXAMPLES[kind](connection, shop)
    kills = 0
    while True:
        victim = dying(target, after=kills)
        try:
            operation.apply(victim, plan)
        except Killed:
            kills += 1
            continue
        finally:
            victim.close()
        break
    with psycopg.connect(target, autocommit=True) as connection:
        assert operation.check(connection, plan).holds
    assert kills >= 1


@pytest.mark.parametrize("kind", EXAMPLES)
def test_undone_it_gives_back_the_catalog_as_it_was(
    kind: str, target: str, shop: tuple[RunSource, SchemaPlan]
) -> None:
    operation: Any = REGISTRY[kind]
    with psycopg.connect(target, autocommit=True) as connection:
        plan = EXAMPLES[kind](connection, shop)
        before = snapshot(target)
        operation.apply(connection, plan)
        operation.undo(connection, plan)
        assert snapshot(target) == before
        operation.undo(connection, plan)
        assert snapshot(target) == before


@pytest.mark.parametrize("kind", EXAMPLES)
def test_killed_in_its_undo_it_is_undone_by_the_next(
    kind: str, target: str, shop: tuple[RunSource, SchemaPlan]
) -> None:
    operation: Any = REGISTRY[kind]
    with psycopg.connect(target, autocommit=True) as connection:
        plan = EXAMPLES[kind](connection, shop)
        before = snapshot(target)
        operation.apply(connection, plan)
    kills = 0
    while True:
        victim = dying(target, after=kills)
        try:
            operation.undo(victim, plan)
        except Killed:
            kills += 1
            continue
        finally:
            victim.close()
        break
    assert snapshot(target) == before
