"""Whether anything outside still needs the compat schema, by the catalog's own record."""

from __future__ import annotations

import psycopg
import pytest

from pgraduate import compat
from pgraduate.compat.install import SCHEMA
from pgraduate.postgres.records import script


def _dependents(connection: psycopg.Connection) -> int:
    row = connection.execute(script("compat_dependents"), {"schema": SCHEMA}).fetchone()
    assert row is not None
    return int(row[0])


def test_its_own_functions_and_types_are_no_dependents(connection: psycopg.Connection) -> None:
    compat.install(connection)
    assert _dependents(connection) == 0


@pytest.mark.parametrize(
    "definition",
    [
        "CREATE TABLE t (v pgraduate_compat.any_value)",
        "CREATE TABLE t (v pgraduate_compat.any_value[])",
        "CREATE VIEW v AS SELECT pgraduate_compat.any_value(5) AS x",
        "CREATE TABLE t (at text DEFAULT pgraduate_compat.datetime('now'))",
        "CREATE FUNCTION f() RETURNS pgraduate_compat.any_value LANGUAGE sql AS 'SELECT NULL::pgraduate_compat.any_value'",
    ],
)
def test_what_uses_a_type_or_a_function_is_one(definition: str, connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("CREATE SCHEMA app; SET search_path = app")
    connection.execute(definition.encode())
    assert _dependents(connection) > 0
