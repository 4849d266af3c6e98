"""A small database with planted reasons to tune, and the workload that meets them."""

from __future__ import annotations

from pathlib import Path

import psycopg

from pgraduate.workload import Execution, write_recording

SECRET = "Zaphod Beeblebrox"
"""A value of the workload that no report may show."""

SCHEMA = """
CREATE SCHEMA shop;
CREATE TABLE shop.run (
    id int PRIMARY KEY, status text NOT NULL, started_at timestamptz NOT NULL, owner text NOT NULL,
    counter int NOT NULL DEFAULT 0, title text);
CREATE TABLE shop.call (
    id int PRIMARY KEY, run_id int NOT NULL REFERENCES shop.run, called_at timestamptz NOT NULL, tool text,
    detail jsonb);
INSERT INTO shop.run
SELECT n, CASE WHEN n % 100 = 0 THEN 'running' ELSE 'completed' END, timestamptz '2026-01-01' + n * interval '1 minute',
       'owner ' || n % 500, n % 50, repeat('x', 40) FROM generate_series(1, 12000) AS n;
INSERT INTO shop.call
SELECT n, 1 + n % 12000, timestamptz '2026-01-01' + n * interval '20 seconds', 'tool ' || n % 9,
       jsonb_build_object('code', n % 1000, 'text', repeat('y', 20)) FROM generate_series(1, 30000) AS n;
"""

STATEMENTS = {
    "missing": Execution("SELECT id, tool FROM shop.call WHERE run_id = $1", (77,), calls=500),
    "running": Execution(
        "SELECT id, owner FROM shop.run WHERE status = 'running' ORDER BY started_at DESC LIMIT 20", calls=400
    ),
    "most": Execution("SELECT count(*) FROM shop.run WHERE status = 'completed' AND title IS NULL", calls=2),
    "recent": Execution(
        "SELECT id, tool FROM shop.call WHERE called_at > now() - interval '1 hour' ORDER BY called_at DESC LIMIT 50",
        calls=300,
    ),
    "counter": Execution("SELECT id FROM shop.run WHERE counter = $1", (7,), calls=20),
    "bump": Execution("UPDATE shop.run SET counter = counter + 1 WHERE id = $1", (5,), calls=50_000),
    "detail": Execution("SELECT id FROM shop.call WHERE detail @> '{\"code\": 77}'", calls=50),
    "owner": Execution("SELECT id FROM shop.run WHERE lower(owner) = lower($1)", (SECRET,), calls=100),
}  # fmt: skip


def fill(conninfo: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        connection.execute("VACUUM (ANALYZE)")


def write_workload(path: Path, *names: str) -> Path:
    """Record the named statements, all of them where none is named."""
    write_recording(path, "postgresql", [STATEMENTS[name] for name in names or STATEMENTS])
    return path
