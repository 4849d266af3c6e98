"""A load into a standing schema, killed anywhere, completes when applied again; undone, nothing of it is left."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.dump import rows_of
from support.dying import Killed, dying
from support.pgcatalog import snapshot

from pgraduate.backup import back_up
from pgraduate.events import Silence
from pgraduate.journey.existing import plan_into
from pgraduate.journey.operations import REGISTRY
from pgraduate.model.operation import Plan
from pgraduate.model.plan import SchemaPlan
from pgraduate.postgres import records
from pgraduate.postgres.runs import RunSource, register
from pgraduate.schema import plan_create, plan_finish
from pgraduate.settings import Policy, Settings

RUN = "20260102-030405-678"
SOURCE = """
CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, b INTEGER); CREATE TABLE b (id INTEGER PRIMARY KEY);
INSERT INTO b VALUES (1); INSERT INTO a VALUES (7, 1);
"""
STANDING = """
CREATE TABLE b (id int PRIMARY KEY, place serial); INSERT INTO b VALUES (5);
CREATE TABLE a (id serial PRIMARY KEY, b int CONSTRAINT ab REFERENCES b, twice int GENERATED ALWAYS AS (b * 2) STORED);
INSERT INTO a (b) VALUES (5);
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER quiet BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION noop();
ALTER TABLE a ENABLE ALWAYS TRIGGER quiet;
"""


@pytest.fixture
def planned(tmp_path: Path, target: str) -> SchemaPlan:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as source, source:
        source.executescript(SOURCE)
    sealed = back_up(path, tmp_path / "sealed", "app")
    record = RunSource("app", str(path), "public", sealed.digest, sealed.bytes, str(sealed.path))
    answers = {"rows:public.a": "replace", "rows:public.b": "replace"}
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(STANDING)
        settings = Settings(tmp_path, target, policy=Policy.EXISTING, decisions=answers)
        plan = plan_into(connection, record, settings, sink=Silence())
        records.install(connection)
        register(connection, RUN, "0", [(record, plan)])
    return plan


def _load(target: str) -> None:
    """Stand in for the copy, which writes between the two operations."""
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("INSERT INTO b VALUES (1); INSERT INTO a (id, b) VALUES (7, 1)")


def _survives(target: str, act: Callable[[Any, Plan], None], plan: Plan) -> int:
    kills = 0
    while True:
        victim = dying(target, after=kills)
        try:
            act(victim, plan)
        except Killed:
            kills += 1
            continue
        finally:
            victim.close()
        return kills


def _state(target: str) -> tuple[object, object, object]:
    with psycopg.connect(target) as connection:
        fires = connection.execute("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal").fetchall()
    return snapshot(target), rows_of(target), fires


def test_killed_at_every_statement_it_completes_and_killed_in_its_undo_it_is_undone(
    planned: SchemaPlan, target: str
) -> None:
    before = _state(target)
    create, finish = REGISTRY["schema.create"], REGISTRY["schema.finish"]
    plans = plan_create(planned, RUN), plan_finish(planned, RUN)
    assert _survives(target, create.apply, plans[0]) >= 4
    _load(target)
    assert _survives(target, finish.apply, plans[1]) >= 4
    with psycopg.connect(target, autocommit=True) as connection:
        assert finish.check(connection, plans[1]).holds
        assert connection.execute("INSERT INTO a DEFAULT VALUES RETURNING id").fetchone() == (8,)
        connection.execute("DELETE FROM a WHERE id = 8")
    _survives(target, finish.undo, plans[1])
    _survives(target, create.undo, plans[0])
    assert _state(target) == before
