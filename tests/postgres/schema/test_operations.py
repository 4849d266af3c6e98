"""Making a planned schema, killed anywhere, and taking it back."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.dying import Killed, dying
from support.pgcatalog import snapshot
from support.schema_sources import LIBRARY, RUN, plan_script, prepare
from support.server import PrivateServer

from pgraduate.model.operation import Operation, Plan
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.postgres.catalog import LoadedCatalog, read_catalog
from pgraduate.schema import CreateTables, FinishObjects, plan_create, plan_finish, render

Steps = tuple[tuple[Operation[psycopg.Connection], Plan], ...]


def steps(planned: SchemaPlan) -> Steps:
    return ((CreateTables(), plan_create(planned, RUN)), (FinishObjects(), plan_finish(planned, RUN)))


def apply(connection: psycopg.Connection, planned: SchemaPlan) -> None:
    for operation, plan in steps(planned):
        operation.apply(connection, plan)


def standing(connection: psycopg.Connection, planned: SchemaPlan) -> LoadedCatalog:
    return read_catalog(connection, planned.schema)


@pytest.fixture
def library(tmp_path: Path) -> SchemaPlan:
    return plan_script(tmp_path, LIBRARY)


def test_both_operations_hold_after_they_were_applied(connection: psycopg.Connection, library: SchemaPlan) -> None:
    prepare(connection)
    apply(connection, library)
    assert [operation.check(connection, plan).why for operation, plan in steps(library)] == ["", ""]


def test_nothing_holds_before_it_was_applied(connection: psycopg.Connection, library: SchemaPlan) -> None:
    prepare(connection)
    assert not any(operation.check(connection, plan).holds for operation, plan in steps(library))


def test_a_second_apply_changes_nothing(connection: psycopg.Connection, library: SchemaPlan) -> None:
    prepare(connection)
    apply(connection, library)
    before = standing(connection, library)
    apply(connection, library)
    assert standing(connection, library) == before


def test_undo_gives_back_the_catalog(target: str, connection: psycopg.Connection, library: SchemaPlan) -> None:
    prepare(connection)
    before = snapshot(target)
    apply(connection, library)
    for operation, plan in reversed(steps(library)):
        operation.undo(connection, plan)
    assert snapshot(target) == before
    assert connection.execute("SELECT count(*) FROM pgraduate.object").fetchone() == (0,)


def test_undo_of_the_second_operation_gives_back_the_first_ones_catalog(
    target: str, connection: psycopg.Connection, library: SchemaPlan
) -> None:
    prepare(connection)
    (create, created), (finish, finished) = steps(library)
    create.apply(connection, created)
    before = snapshot(target), standing(connection, library)
    finish.apply(connection, finished)
    finish.undo(connection, finished)
    assert (snapshot(target), standing(connection, library)) == before


def test_undo_without_apply_touches_nothing(
    target: str, connection: psycopg.Connection, library: SchemaPlan
) -> None:
    prepare(connection)
    connection.execute("CREATE SCHEMA lib CREATE TABLE tag (mine int)")
    before = snapshot(target)
    for operation, plan in reversed(steps(library)):
        operation.undo(connection, plan)
    assert snapshot(target) == before


def test_a_schema_that_stood_there_before_stays(
    target: str, connection: psycopg.Connection, library: SchemaPlan
) -> None:
    prepare(connection)
    connection.execute("CREATE SCHEMA lib")
    before = snapshot(target)
    apply(connection, library)
    for operation, plan in reversed(steps(library)):
        operation.undo(connection, plan)
    assert snapshot(target) == before


def test_killed_at_any_statement_the_same_command_completes_it(server: PrivateServer, tmp_path: Path) -> None:
    small = """
        CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT UNIQUE DEFAULT 'x', CHECK (t <> 'y'));
        CREATE TABLE b (a INTEGER REFERENCES a);
        CREATE INDEX b_a ON b (a);
        CREATE VIEW v AS SELECT t FROM a;
    """
    planned = plan_script(tmp_path, small)
    with server.database() as conninfo:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            prepare(connection)
            empty = snapshot(conninfo)
            apply(connection, planned)
            whole = snapshot(conninfo)
        for operation, plan in steps(planned):
            at, alive = 0, False
            while not alive:
                with psycopg.connect(conninfo, autocommit=True) as connection:
                    _take_back(connection, planned)
                    assert snapshot(conninfo) == empty
                    if operation.kind == FinishObjects.kind:
                        CreateTables().apply(connection, plan_create(planned, RUN))
                try:
                    with closing(dying(conninfo, after=at)) as connection:
                        operation.apply(connection, plan)
                    alive = True
                except Killed:
                    at += 1
                with psycopg.connect(conninfo, autocommit=True) as connection:
                    apply(connection, planned)
                assert snapshot(conninfo) == whole, f"killed before statement {at} of {operation.kind}"
            assert at > len(plan.facts["objects"]), "the kill points cover every object"


def test_killed_at_any_statement_undo_completes(server: PrivateServer, tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE VIEW v AS SELECT id FROM a;")
    with server.database() as conninfo:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            prepare(connection)
        empty = snapshot(conninfo)
        at, alive = 0, False
        while not alive:
            with psycopg.connect(conninfo, autocommit=True) as connection:
                apply(connection, planned)
            try:
                with closing(dying(conninfo, after=at)) as connection:
                    _take_back(connection, planned)
                alive = True
            except Killed:
                at += 1
            with psycopg.connect(conninfo, autocommit=True) as connection:
                _take_back(connection, planned)
            assert snapshot(conninfo) == empty
        assert at > 5


def test_a_plan_survives_the_journal(library: SchemaPlan) -> None:
    for _, plan in steps(library):
        assert from_json(Plan, to_json(plan)) == plan


def test_psql_makes_the_same_catalog_from_the_files(
    server: PrivateServer, tmp_path: Path, library: SchemaPlan
) -> None:
    with server.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        prepare(connection)
        apply(connection, library)
        by_operations = snapshot(conninfo), standing(connection, library)
        _take_back(connection, library)
        for name, text in render(library).items():
            file = tmp_path / name
            file.write_text(text, "utf-8")
            command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), name
        assert (snapshot(conninfo), standing(connection, library)) == by_operations


def test_an_object_that_the_rows_do_not_need_is_refused_alone(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE a (n INTEGER, CHECK (n > 0)); CREATE INDEX a_n ON a (n);")
    prepare(connection)
    CreateTables().apply(connection, plan_create(planned, RUN))
    connection.execute("INSERT INTO lib.a VALUES (-1)")
    FinishObjects().apply(connection, plan_finish(planned, RUN))
    assert [index.name for index in standing(connection, planned).indexes] == ["a_n"]
    assert connection.execute("SELECT kind FROM pgraduate.refused_object").fetchall() == [("check",)]
    assert FinishObjects().check(connection, plan_finish(planned, RUN)).holds


def test_a_key_that_the_rows_violate_is_refused_with_its_name_and_no_value(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE a (n TEXT UNIQUE); CREATE TABLE b (n REFERENCES a (n));")
    prepare(connection)
    CreateTables().apply(connection, plan_create(planned, RUN))
    connection.execute("INSERT INTO lib.a VALUES ('secret'), ('secret')")
    FinishObjects().apply(connection, plan_finish(planned, RUN))
    found = connection.execute("SELECT kind, reason FROM pgraduate.refused_object ORDER BY kind DESC").fetchall()
    assert [kind for kind, _ in found] == ["unique", "foreign key"]
    assert not any("secret" in reason for _, reason in found)
    assert FinishObjects().check(connection, plan_finish(planned, RUN)).holds


def _take_back(connection: psycopg.Connection, planned: SchemaPlan) -> None:
    for operation, plan in reversed(steps(planned)):
        operation.undo(connection, plan)
