"""Proving a role's rights runs nobody's code and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from support.pgcatalog import snapshot
from support.server import PrivateServer

from pgraduate.errors import Refused, TargetUnusable
from pgraduate.verify import Right, RoleReport, prove_role

TABLES = """
CREATE SCHEMA app;
CREATE TABLE app.item (
    id bigint GENERATED ALWAYS AS IDENTITY, name text, twice text GENERATED ALWAYS AS (name || name) STORED
);
CREATE TABLE app.empty ();
CREATE SEQUENCE app.number;
CREATE VIEW app.names AS SELECT name FROM app.item;
GRANT USAGE ON SCHEMA app TO reader;
GRANT ALL ON app.item, app.empty, app.number, app.names TO reader;
"""
NOISY = """
CREATE FUNCTION app.noise() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN PERFORM nextval('app.number'); RETURN NULL; END$$;
CREATE TRIGGER noisy BEFORE INSERT OR UPDATE OR DELETE ON app.item FOR EACH STATEMENT EXECUTE FUNCTION app.noise();
"""


@pytest.fixture
def owner(server: PrivateServer, target: str) -> Iterator[psycopg.Connection]:
    """The owner of a few tables, who may act as the role `reader`."""
    with psycopg.connect(server.superuser, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE reader; GRANT reader TO owner")
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(TABLES)
        yield connection
        connection.rollback()
        connection.execute("DROP SCHEMA app CASCADE")
    with psycopg.connect(server.superuser, autocommit=True) as superuser:
        superuser.execute("DROP ROLE reader")


def rights(report: RoleReport) -> dict[tuple[str, str], Right]:
    return {(right.name, right.privilege): right for right in report.rights}


def test_every_right_on_a_table_is_tried(owner: psycopg.Connection) -> None:
    found = rights(prove_role(owner, "reader", ["app"]))
    for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        assert found["app.item", privilege] == Right("table", "app.item", privilege, True, "all", "executed")
    assert found["app.empty", "INSERT"].can
    assert found["app.names", "SELECT"].can
    assert not found["app", "CREATE"].can


def test_no_trigger_fires(owner: psycopg.Connection) -> None:
    owner.execute(NOISY)
    found = rights(prove_role(owner, "reader", ["app"]))
    assert {found["app.item", item].tried for item in ("INSERT", "UPDATE", "DELETE")} == {"planned"}
    assert found["app.item", "INSERT"].can
    row = owner.execute("SELECT is_called FROM app.number").fetchone()
    assert row == (False,)


def test_a_planned_attempt_sees_a_missing_right(owner: psycopg.Connection) -> None:
    owner.execute(NOISY)
    owner.execute("REVOKE INSERT ON app.item FROM reader")
    right = rights(prove_role(owner, "reader", ["app"]))["app.item", "INSERT"]
    assert (right.can, right.tried, right.refusal) == (False, "planned", "42501")


def test_no_rule_runs(owner: psycopg.Connection) -> None:
    owner.execute("CREATE RULE loud AS ON DELETE TO app.item DO ALSO SELECT nextval('app.number')")
    assert rights(prove_role(owner, "reader", ["app"]))["app.item", "DELETE"].tried == "planned"
    assert owner.execute("SELECT is_called FROM app.number").fetchone() == (False,)


def test_no_event_trigger_runs(owner: psycopg.Connection, target: str) -> None:
    with psycopg.connect(target.replace("user=owner", "user=postgres"), autocommit=True) as superuser:
        superuser.execute(
            "CREATE FUNCTION public.loud() RETURNS event_trigger LANGUAGE plpgsql AS"
            " $$BEGIN PERFORM nextval('app.number'); END$$;"
            "CREATE EVENT TRIGGER loud ON ddl_command_end EXECUTE FUNCTION public.loud()"
        )
        found = rights(prove_role(owner, "owner", ["app"]))
        superuser.execute("DROP EVENT TRIGGER loud; DROP FUNCTION public.loud()")
    assert (found["app", "CREATE"].tried, found["app", "CREATE"].can) == ("asked", True)
    assert owner.execute("SELECT is_called FROM app.number").fetchone() == (False,)


def test_nothing_is_left_behind(owner: psycopg.Connection, target: str) -> None:
    before = snapshot(target)
    report = prove_role(owner, "owner", ["app"])
    assert all(right.can for right in report.rights)
    assert owner.execute("SELECT current_user, is_called FROM app.number").fetchone() == ("owner", False)
    assert snapshot(target) == before


def test_a_sequence_in_a_closed_schema_cannot_be_used(owner: psycopg.Connection) -> None:
    assert rights(prove_role(owner, "reader", ["app"]))["app.number", "USAGE"].can
    owner.execute("REVOKE USAGE ON SCHEMA app FROM reader")
    assert not rights(prove_role(owner, "reader", ["app"]))["app.number", "USAGE"].can


def test_a_read_only_transaction_is_told_from_a_missing_grant(owner: psycopg.Connection) -> None:
    owner.execute("SET default_transaction_read_only = on")
    right = rights(prove_role(owner, "reader", ["app"]))["app.item", "INSERT"]
    assert (right.granted, right.can, right.refusal) == ("all", False, "25006")
    owner.execute("RESET default_transaction_read_only")


@pytest.mark.parametrize(
    ("forced", "role", "applies"), [(False, "owner", False), (True, "owner", True), (False, "reader", True)]
)
def test_row_level_security_is_told(owner: psycopg.Connection, forced: bool, role: str, applies: bool) -> None:
    owner.execute("ALTER TABLE app.item ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON app.item USING (id = 1)")
    if forced:
        owner.execute("ALTER TABLE app.item FORCE ROW LEVEL SECURITY")
    (found,) = prove_role(owner, role, ["app"]).row_security
    assert (found.table, found.forced, found.applies, found.policies) == ("app.item", forced, applies, 1)


def test_a_lock_that_is_held_leaves_the_question_open(
    owner: psycopg.Connection, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pgraduate.verify.role.LOCK_TIMEOUT", "50ms")
    with psycopg.connect(target) as other:
        other.execute("LOCK TABLE app.item IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TargetUnusable, match="lock"):
            prove_role(owner, "reader", ["app"])


def test_a_role_that_is_not_there_is_refused(owner: psycopg.Connection) -> None:
    with pytest.raises(Refused, match="no role"):
        prove_role(owner, "nobody", ["app"])
