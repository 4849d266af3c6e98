"""What is proposed for a database with planted reasons, by each way of asking the planner."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from support.server import PrivateServer
from support.tuning import STATEMENTS, fill

from pgraduate.tune.indexes.advice import Advice, advise, study
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.hygiene import superfluous
from pgraduate.tune.indexes.planner import BuiltPlanner, HypotheticalPlanner, Planner
from pgraduate.workload import bind, gather

WORKLOAD = gather(
    [(bind(item.sql, item.parameters), item.calls, None) for item in STATEMENTS.values()], "the planted workload"
)


@pytest.fixture(scope="module")
def superuser(server: PrivateServer) -> Iterator[str]:
    """The planted database, as its server's superuser; nobody else works in it, as in a clone."""
    with server.database() as target:
        fill(target)
        yield make_conninfo(server.superuser, dbname=conninfo_to_dict(target)["dbname"])


def _advice(connection: psycopg.Connection, planner: Planner, budget: int = 64 << 20) -> Advice:
    subject = study(WORKLOAD, read_catalog(connection), planner)
    return advise(connection, subject, planner, budget=budget)


def _bodies(advice: Advice) -> list[str]:
    return [item.definition.body() for item in advice.proposed]


@pytest.fixture(params=["built", "hypothetical"], scope="module")
def advice(superuser: str, request: pytest.FixtureRequest) -> Iterator[Advice]:
    with psycopg.connect(superuser, autocommit=True) as connection:
        built = BuiltPlanner(connection)
        planner: Planner = built
        if request.param == "hypothetical":
            found = connection.execute("SELECT FROM pg_available_extensions WHERE name = 'hypopg'").fetchone()
            if found is None:
                pytest.skip("HypoPG is not installed beside this server")
            connection.execute("CREATE EXTENSION IF NOT EXISTS hypopg")
            planner = HypotheticalPlanner(connection, built)
        try:
            yield _advice(connection, planner)
        finally:
            built.drop(list(built._shown))


def test_the_planted_missing_index_is_found(advice: Advice) -> None:
    assert any('"call" ("run_id"' in body for body in _bodies(advice))


def test_the_running_workflows_get_a_partial_index(advice: Advice) -> None:
    (body,) = [body for body in _bodies(advice) if '"run" ("started_at"' in body]
    assert body.endswith("WHERE \"status\" = 'running'")


def test_no_partial_index_holds_most_rows(advice: Advice) -> None:
    every = [*_bodies(advice), *(item.definition.body() for item in advice.passed)]
    assert not any("'completed'" in body for body in every)


def test_a_predicate_with_now_is_refused_with_what_works_instead(advice: Advice) -> None:
    (refusal,) = advice.refusals
    assert refusal.table == "shop.call"
    assert "IMMUTABLE" in refusal.why
    assert "called_at over all rows" in refusal.instead
    assert any('"call" ("called_at"' in body and "WHERE" not in body for body in _bodies(advice))


def test_an_index_on_a_hot_updated_column_is_rejected_for_its_write_cost(advice: Advice) -> None:
    assert not any('"counter"' in body for body in _bodies(advice))
    rejected = [item for item in advice.passed if item.definition.columns[:1] == ("counter",)]
    assert rejected
    assert all("no longer be heap-only" in item.why for item in rejected if "upkeep" in item.why)
    assert any("upkeep" in item.why for item in rejected)


def test_an_expression_gets_an_index_on_it(advice: Advice) -> None:
    assert any('(LOWER("owner"))' in body for body in _bodies(advice))


def test_containment_gets_a_gin_index(advice: Advice) -> None:
    assert any('USING gin ("detail"' in body for body in _bodies(advice))


def test_the_estimate_falls_and_every_statement_was_read(advice: Advice) -> None:
    assert advice.cost_after < 0.5 * advice.cost_before
    assert advice.unread == ()
    assert advice.complete


def test_what_is_served_already_is_not_proposed_again(superuser: str) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE INDEX served ON shop.call (run_id)")
        built = BuiltPlanner(connection)
        try:
            found = _advice(connection, built)
            assert not any(body == 'ON "shop"."call" ("run_id")' for body in _bodies(found))
        finally:
            built.drop(list(built._shown))
            connection.execute("DROP INDEX shop.served")


def test_the_budget_is_kept(superuser: str) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        built = BuiltPlanner(connection)
        try:
            found = _advice(connection, built, budget=300_000)
            assert sum(item.bytes for item in found.proposed) <= 300_000
        finally:
            built.drop(list(built._shown))


def test_superfluous_indexes_are_named_and_what_others_rest_on_is_not(target: str) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int);"
            "CREATE INDEX one ON t (b); CREATE INDEX same ON t (b); CREATE INDEX also_unique ON t (a);"
            "CREATE INDEX longer ON t (b, a); CREATE INDEX partial ON t (b) WHERE a > 5;"
            "CREATE INDEX expression ON t ((b + 1)); CREATE INDEX descending ON t (b DESC)"
        )
        found = {item.name: item.kind for item in superfluous(connection, read_catalog(connection))}
    assert found == {
        "public.also_unique": "duplicate",
        "public.one": "overlapping",
        "public.same": "duplicate",
    }
