"""The files of `schema -o`, applied by psql alone to an empty database, make what `run` makes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
from support.cli import pgraduate

QUERIES = (
    "SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attcollation,"
    " pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " WHERE c.relnamespace = 'app'::regnamespace ORDER BY 1, a.attnum",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'app'::regnamespace ORDER BY 1, 2",
    "SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
    " WHERE c.relnamespace = 'app'::regnamespace ORDER BY 1",
    "SELECT viewname, definition FROM pg_views WHERE schemaname = 'app' ORDER BY 1",
    "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = 'app'::regnamespace AND NOT tgisinternal ORDER BY 1",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace IN ('app'::regnamespace, 'pgraduate_compat'::regnamespace)"
    " ORDER BY 1, 2",
)


def _catalog(target: str) -> list[list[tuple[object, ...]]]:
    with psycopg.connect(target) as connection:
        found = [connection.execute(query.encode()).fetchall() for query in QUERIES]
        named = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'app' ORDER BY 1"
        for (name,) in connection.execute(named.encode()).fetchall():
            query = f'SELECT last_value, is_called FROM app."{name}"'
            found.append([(name,), *connection.execute(query.encode())])
        return found


def test_psql_alone_makes_the_merged_sample(tmp_path: Path, target: str) -> None:
    sample = Path(__file__).parents[3] / "examples" / "workflows"
    command = [sys.executable, sample / "generate.py", "--out", tmp_path, "--seed", "7", "--size", "small"]
    subprocess.run(command, check=True, capture_output=True)
    shutil.copy(sample / "pgraduate.toml", tmp_path)
    files = ("workflows.db", "phases.db", "--target-schema", "app")
    assert pgraduate("schema", *files, "-o", "ddl", cwd=tmp_path).code == 0
    assert pgraduate("run", *files, "--to", target, cwd=tmp_path).code == 3
    by_run = _catalog(target)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("DROP SCHEMA app, pgraduate_compat, pgraduate CASCADE")
    for file in sorted((tmp_path / "ddl").glob("*.sql")):
        done = subprocess.run(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", target, "-f", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, re.sub(r"^psql:.*NOTICE.*$", "", done.stderr, flags=re.M).strip()) == (0, ""), file
    assert _catalog(target) == by_run
