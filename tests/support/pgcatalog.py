"""The whole catalog of a database as text, for tests that ask whether anything is different."""

from __future__ import annotations

import psycopg

_QUESTIONS = {
    "schemas": "SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
    "relations": (
        "SELECT oid::regclass::text, relkind, relowner::regrole, relacl, reloptions FROM pg_class"
        " WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema)' ORDER BY 1"
    ),
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
        "SELECT oid::regprocedure::text FROM pg_proc"
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
