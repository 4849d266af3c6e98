"""`tune tables` as a user meets it: planned from real writes, set, taken back."""

from __future__ import annotations

from pathlib import Path

import psycopg
from support.cli import pgraduate
from support.pgcatalog import snapshot


def test_planned_set_and_taken_back(target: str, tmp_path: Path) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("CREATE TABLE job (id int PRIMARY KEY, n int) WITH (autovacuum_enabled = off)")
        connection.execute("INSERT INTO job SELECT g, 0 FROM generate_series(1, 2000) AS g; ANALYZE job")
        for _ in range(3):
            connection.execute("UPDATE job SET n = n + 1")
    before = snapshot(target)
    planned = pgraduate("tune", "tables", "plan", "--to", target, "--json", cwd=tmp_path)
    assert planned.code == 0, planned.err
    (table,) = planned.document["tables"]
    assert table["table"] == "job"
    assert snapshot(target) == before
    applied = pgraduate("tune", "tables", "apply", "--to", target, "--json", cwd=tmp_path)
    assert (applied.code, applied.document["altered"]) == (0, ["public.job"])
    assert snapshot(target) != before
    again = pgraduate("tune", "tables", "plan", "--to", target, "--json", cwd=tmp_path)
    assert again.document["tables"] == []
    undone = pgraduate("tune", "tables", "undo", "--to", target, "--json", cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert snapshot(target) == before
