"""`tune indexes apply` killed before one of its statements: the next run leaves valid indexes, and undo leaves none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg
from support.cli import environment, pgraduate
from support.pgcatalog import snapshot
from support.soak import count, tallied
from support.tuning import fill

from pgraduate.model.wire import to_json
from pgraduate.tune.indexes.definition import Definition, column_key

APPLY = """
import os, signal, sys
import psycopg
from pgraduate.cli import main
left, count = int(sys.argv[1]), 0
execute = psycopg.Cursor.execute
def dying(self, *arguments, **options):
    global count
    if count == left:
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
    return execute(self, *arguments, **options)
psycopg.Cursor.execute = dying
sys.argv = ["pgraduate", *sys.argv[2:]]
try:
    main()
finally:
    print(f"{count} statements", file=sys.stderr)
"""
INDEXES = (
    Definition("shop", "call", (column_key("run_id"),)),
    Definition("shop", "run", (column_key("started_at"),), where="status = 'running'"),
)


def _apply(target: str, project: Path, *, after: int) -> tuple[int, str]:
    """Call apply, killed before statement number `after` (from 0); -1 for never."""
    command = [sys.executable, "-c", APPLY, str(after), "tune", "indexes", "apply", "--to", target, "--json"]
    done = subprocess.run(
        command,
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode, done.stderr


def _tuned(target: str) -> dict[str, bool]:
    with psycopg.connect(target) as connection:
        rows = connection.execute(
            "SELECT relname::text, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE relname LIKE '%_tuned'"
        ).fetchall()
    return dict(rows)


def test_killed_before_any_statement_the_next_run_repairs(target: str, tmp_path: Path) -> None:
    fill(target)
    with psycopg.connect(target) as connection:
        row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    assert row is not None
    document = {"system_identifier": row[0], "workload": {"file": None}}
    document["indexes"] = [{"definition": to_json(item)} for item in INDEXES]
    path = tmp_path / ".pgraduate" / "tune" / "indexes.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(document))
    before = snapshot(target)
    code, said = _apply(target, tmp_path, after=-1)
    assert code == 0, said
    statements = int(said.splitlines()[-1].split()[0])
    step = -(-statements // count(3, statements))
    with tallied("Kills of tune indexes apply, before each statement") as tally:
        for after in range(0, statements, step):
            assert pgraduate("tune", "indexes", "undo", "--to", target, cwd=tmp_path).code == 0
            assert _tuned(target) == {}
            with tally.trying():
                code, said = _apply(target, tmp_path, after=after)
                assert code == -9, said
                code, said = _apply(target, tmp_path, after=-1)
                assert code == 0, said
                assert _tuned(target) == {item.name: True for item in INDEXES}, f"killed before statement {after}"
    assert pgraduate("tune", "indexes", "undo", "--to", target, cwd=tmp_path).code == 0
    assert snapshot(target) == before
