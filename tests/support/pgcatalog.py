"""The whole catalog of a database as text, for tests that ask whether anything is different."""

from __future__ import annotations

import psycopg


def _rights(acl: str, kind: str, owner: str) -> str:
    """Give an ACL as sorted text; one that is not set reads as what it means, since no REVOKE unsets it again."""
    return f"ARRAY(SELECT a::text FROM unnest(coalesce({acl}, acldefault({kind}, {owner}))) AS a ORDER BY 1)"


_RELATION_RIGHTS = _rights("relacl", "CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"", "relowner")
_DATABASE_RIGHTS = _rights("datacl", "'d'", "datdba")
_SCHEMA_RIGHTS = _rights("nspacl", "'n'", "nspowner")
_FUNCTION_RIGHTS = _rights("proacl", "'f'", "proowner")
_QUESTIONS = {
    "database": (f"SELECT {_DATABASE_RIGHTS} FROM pg_database WHERE datname = current_database()"),
    "schemas": (
        f"SELECT nspname, nspowner::regrole, {_SCHEMA_RIGHTS} FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"
    ),
    "relations": (
        f"SELECT oid::regclass::text, relkind, relowner::regrole, {_RELATION_RIGHTS}, reloptions FROM pg_class"
        " WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1"
    ),
    "default rights": (
        "SELECT defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclobjtype, defaclacl::text"
        " FROM pg_default_acl ORDER BY 1, 2, 3"
    ),
    "roles": (
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit, rolbypassrls FROM pg_roles"
        " ORDER BY 1"
    ),
    "members": "SELECT roleid::regrole::text, member::regrole::text, admin_option FROM pg_auth_members ORDER BY 1, 2",
    "columns": (
        "SELECT attrelid::regclass::text, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity"
        " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
        " WHERE attnum > 0 AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1, 2"
    ),
    "constraints": (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1, 2"
    ),
    "functions": (
        f"SELECT oid::regprocedure::text, {_FUNCTION_RIGHTS} FROM pg_proc"
        " WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1"
    ),
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    "types": (
        "SELECT oid::regtype::text FROM pg_type"
        " WHERE typnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1"
    ),
    "operators": (
        "SELECT oid::regoperator::text FROM pg_operator"
        " WHERE oprnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1"
    ),
    "settings": (
        "SELECT setrole::regrole::text, setconfig FROM pg_db_role_setting"
        " WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"
    ),
}


def snapshot(conninfo: str) -> dict[str, list[tuple[object, ...]]]:
    """Read everything that a user could have made in this database."""
    with psycopg.connect(conninfo) as connection:
        return {name: connection.execute(question.encode()).fetchall() for name, question in _QUESTIONS.items()}
