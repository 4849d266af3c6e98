"""What a role can do with a run's tables, as the server answers, and without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.pgcatalog import snapshot
from support.server import PrivateServer
from support.sources import make_shop

ROLES = ("clerk", "stranger")


@pytest.fixture(scope="module")
def carried(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A shop in a database that nobody connects to: each test has a copy of it."""
    directory = tmp_path_factory.mktemp("shop")
    with server.database() as conninfo:
        assert pgraduate("run", make_shop(directory / "shop.db"), "--to", conninfo, cwd=directory).code == 0
        yield conninfo.rpartition("dbname=")[2]


@pytest.fixture
def shop(server: PrivateServer, carried: str) -> Iterator[str]:
    """A shop in the target, and two plain roles: one that the owner may become, one that it may not."""
    with server.roles(*ROLES), server.database(template=carried) as target:
        with psycopg.connect(server.superuser, autocommit=True) as superuser:
            superuser.execute("GRANT clerk TO owner")
        yield target


def test_each_granted_right_is_found_and_no_other(shop: str, tmp_path: Path) -> None:
    with psycopg.connect(shop, autocommit=True) as owner:
        owner.execute("GRANT USAGE ON SCHEMA shop TO clerk; GRANT SELECT, INSERT ON shop.purchase TO clerk")
        owner.execute("GRANT UPDATE (price) ON shop.product TO clerk")
    before = snapshot(shop)
    result = pgraduate("verify", "--as", "clerk", "--to", shop, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    document = result.document
    rights = {(right["name"], right["privilege"]): right for right in document["rights"]}
    can = {item for item, right in rights.items() if right["can"] and right["kind"] in ("table", "view")}
    assert can == {("shop.purchase", "SELECT"), ("shop.purchase", "INSERT")}
    assert rights["shop.product", "UPDATE"]["granted"] == "columns"
    assert rights["shop.customer", "DELETE"]["refusal"] == "42501"
    assert not rights["shop", "CREATE"]["can"]
    assert (document["role"], document["assumed"]) == ("clerk", "set role")
    assert snapshot(shop) == before


def test_a_granted_table_in_a_closed_schema_cannot_be_used(shop: str, tmp_path: Path) -> None:
    with psycopg.connect(shop, autocommit=True) as owner:
        owner.execute("GRANT SELECT ON shop.purchase TO clerk")
    document = pgraduate("verify", "--as", "clerk", "--to", shop, "--json", cwd=tmp_path).document
    (right,) = [r for r in document["rights"] if (r["name"], r["privilege"]) == ("shop.purchase", "SELECT")]
    assert (right["granted"], right["can"]) == ("all", False)


def test_the_owner_can_do_everything(shop: str, tmp_path: Path) -> None:
    document = pgraduate("verify", "--as", "owner", "--to", shop, "--json", cwd=tmp_path).document
    assert document["assumed"] == "own connection"
    assert [right for right in document["rights"] if not right["can"]] == []


def test_a_role_of_its_own_connection_needs_no_right_on_the_records(server: PrivateServer, tmp_path: Path) -> None:
    with server.roles("stranger"), server.database() as target:
        assert pgraduate("run", make_shop(tmp_path / "shop.db"), "--to", target, cwd=tmp_path).code == 0
        own = target.replace("user=owner", "user=stranger")
        result = pgraduate("verify", "--as", "stranger", "--to", own, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    tables = [right for right in result.document["rights"] if right["kind"] == "table"]
    assert len(tables) == 12
    assert not any(right["can"] for right in tables)


def test_a_role_that_cannot_be_assumed_is_refused_with_the_grant(shop: str, tmp_path: Path) -> None:
    result = pgraduate("verify", "--as", "stranger", "--to", shop, "--json", cwd=tmp_path)
    assert result.code == 5
    assert 'GRANT "stranger" TO "owner"' in result.document["error"]["hint"]


def test_a_role_that_does_not_exist_is_refused(shop: str, tmp_path: Path) -> None:
    result = pgraduate("verify", "--as", "nobody here", "--to", shop, "--json", cwd=tmp_path)
    assert result.code == 5
    assert 'CREATE ROLE "nobody here"' in result.document["error"]["hint"]


def test_people_read_a_line_per_table(shop: str, tmp_path: Path) -> None:
    result = pgraduate("verify", "--as", "owner", "--to", shop, cwd=tmp_path)
    line = next(line for line in result.out.splitlines() if "shop.purchase" in line)
    assert line.split() == ["table", "shop.purchase", "yes", "yes", "yes", "yes"]


DML = (
    "INSERT INTO shop.customer (name, email) VALUES ('new', 'new@example.org')",
    "UPDATE shop.customer SET name = name",
    "SELECT count(*) FROM shop.customer",
    "DELETE FROM shop.customer WHERE name = 'new'",
)
DDL = (
    "CREATE TABLE shop.own (id int)",
    "ALTER TABLE shop.customer ADD COLUMN more int",
    "CREATE INDEX own ON shop.customer (name)",
    "DROP TABLE shop.purchase",
    "TRUNCATE shop.purchase",
    "CREATE SCHEMA own",
    "DELETE FROM pgraduate.run",
)


def test_the_applications_role_writes_rows_and_changes_no_definition(
    server: PrivateServer, target: str, tmp_path: Path
) -> None:
    with psycopg.connect(server.superuser, autocommit=True) as superuser:
        superuser.execute("CREATE ROLE clerk LOGIN; GRANT clerk TO owner")
    try:
        (tmp_path / "pgraduate.toml").write_text('[roles]\napp = "clerk"\n')
        assert pgraduate("run", make_shop(tmp_path / "shop.db"), "--to", target, cwd=tmp_path).code == 0
        result = pgraduate("verify", "--as", "clerk", "--to", target, "--json", cwd=tmp_path)
        rights = {(right["name"], right["privilege"]): right["can"] for right in result.document["rights"]}
        for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            assert rights["shop.customer", privilege]
        assert not rights["shop", "CREATE"]
        with psycopg.connect(target.replace("user=owner", "user=clerk"), autocommit=True) as clerk:
            for statement in DML:
                clerk.execute(statement.encode())
            for statement in DDL:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    clerk.execute(statement.encode())
    finally:
        with psycopg.connect(target.replace("user=owner", "user=postgres"), autocommit=True) as own:
            own.execute("DROP OWNED BY clerk CASCADE")
            own.execute("DROP ROLE clerk")


def test_what_only_an_administrator_may_do_for_a_role_is_a_statement_that_works(
    server: PrivateServer, tmp_path: Path
) -> None:
    """The owner may grant what it owns, and may not say where the role looks for tables."""
    with server.roles("reader"), server.database() as target:
        (tmp_path / "pgraduate.toml").write_text('[roles]\nreadonly = "reader"\n')
        result = pgraduate("run", make_shop(tmp_path / "shop.db"), "--to", target, "--json", cwd=tmp_path)
        (finding,) = [one for one in result.document["findings"] if one["code"] == "ROLE_NEEDS_ADMINISTRATOR"]
        assert "search_path of the readonly role, which finds the tables by qualified names only" in finding["what"]
        reader = target.replace("user=owner", "user=reader")
        with psycopg.connect(reader) as before:
            before.execute("SELECT FROM shop.customer")
            with pytest.raises(psycopg.errors.UndefinedTable):
                before.execute("SELECT FROM customer")
        with psycopg.connect(target.replace("user=owner", "user=postgres"), autocommit=True) as administrator:
            administrator.execute(finding["hint"].removeprefix("as an administrator: ").encode())
        with psycopg.connect(reader) as after:
            after.execute("SELECT FROM customer")
