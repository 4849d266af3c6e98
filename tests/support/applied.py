"""The catalog that a run makes, and the files of `schema -o` given to psql alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

_CATALOG = (
    "SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
    " a.attcollation::regcollation::text, pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = {0}::regnamespace"
    " ORDER BY 1, a.attnum",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
    " WHERE connamespace = {0}::regnamespace ORDER BY 1, 2",
    "SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
    " WHERE c.relnamespace = {0}::regnamespace ORDER BY 1",
    "SELECT viewname, definition FROM pg_views WHERE schemaname::text = {1} ORDER BY 1",
    "SELECT pg_get_triggerdef(t.oid), tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = {0}::regnamespace AND NOT tgisinternal ORDER BY 1",
    "SELECT oid::regprocedure::text, provolatile::text, prosrc FROM pg_proc WHERE pronamespace = {0}::regnamespace"
    " ORDER BY 1",
    "SELECT sequencename, last_value, start_value, increment_by FROM pg_sequences WHERE schemaname::text = {1} ORDER BY 1",
    "SELECT objoid::regclass::text, objsubid, description FROM pg_description"
    " WHERE classoid = 'pg_class'::regclass AND objoid IN"
    " (SELECT oid FROM pg_class WHERE relnamespace = {0}::regnamespace) ORDER BY 1, 2",
    "SELECT 'schema', nspacl::text FROM pg_namespace WHERE oid = {0}::regnamespace",
    "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = {0}::regnamespace ORDER BY 1",
    "SELECT oid::regprocedure::text, proacl::text FROM pg_proc WHERE pronamespace = {0}::regnamespace ORDER BY 1",
    "SELECT defaclrole::regrole::text, defaclobjtype::text, defaclacl::text FROM pg_default_acl"
    " WHERE defaclnamespace = {0}::regnamespace ORDER BY 1, 2",
    "SELECT r.rolname, r.rolcanlogin, r.rolinherit, s.setconfig FROM pg_db_role_setting s"
    " JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase"
    # The owner's own path is set by a run, and is no part of the files.
    " WHERE d.datname = current_database() AND r.rolname <> current_user ORDER BY 1",
)


def catalog_of(conninfo: str, schema: str) -> list[list[tuple[object, ...]]]:
    """Read all that stands in a schema, as PostgreSQL writes it."""
    with psycopg.connect(conninfo) as connection:
        # A run sets the search_path of the database, and that decides how PostgreSQL writes names.
        connection.execute("SET search_path = ''")
        quoted = sql.Literal(sql.Identifier(schema).as_string(connection))
        return [
            connection.execute(sql.SQL(query).format(quoted, sql.Literal(schema))).fetchall() for query in _CATALOG
        ]


def apply_files(directory: Path, conninfo: str) -> None:
    """Give the files to psql in the order of their names; every one must be taken without an error."""
    for file in sorted(directory.glob("*.sql")):
        command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-f", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        errors = [line for line in done.stderr.splitlines() if "NOTICE" not in line]
        assert (done.returncode, errors) == (0, []), file.name
