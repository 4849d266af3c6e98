"""Statements out of a server's log, in each of its formats."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from pgraduate.workload import Execution
from pgraduate.workload.log import read_log

STDERR = """\
2026-01-02 03:04:05.678 UTC [17] app@shop LOG:  duration: 12.500 ms  statement: select a
\tfrom t where b = 'it''s'
2026-01-02 03:04:05.679 UTC [17] app@shop LOG:  connection authorized: user=app
2026-01-02 03:04:05.680 UTC [17] app@shop LOG:  duration: 3.000 ms  execute s1: select a from t where b = $1 and c = $2
2026-01-02 03:04:05.680 UTC [17] app@shop DETAIL:  parameters: $1 = 'x, y', $2 = NULL
2026-01-02 03:04:05.681 UTC [17] app@shop LOG:  duration: 1.000 ms  bind s1: select a from t where b = $1
2026-01-02 03:04:05.682 UTC [17] app@shop ERROR:  relation "u" does not exist at character 15
2026-01-02 03:04:05.682 UTC [17] app@shop STATEMENT:  select a from u
2026-01-02 03:04:05.683 UTC [17] app@shop LOG:  duration: 2.000 ms  execute <unnamed>: select $1
"""
EXPECTED = [
    Execution("select a\nfrom t where b = 'it''s'", seconds=0.0125),
    Execution("select a from t where b = 'x, y' and c = NULL", seconds=0.003),
    Execution("select $1", seconds=0.002),
]


def test_stderr_format(tmp_path: Path) -> None:
    (tmp_path / "server.log").write_text(STDERR)
    assert list(read_log(tmp_path / "server.log")) == EXPECTED


ENTRIES = [
    ("duration: 12.500 ms  statement: select a\nfrom t where b = 'it''s'", ""),
    ("connection authorized", ""),
    (
        "duration: 3.000 ms  execute s1: select a from t where b = $1 and c = $2",
        "parameters: $1 = 'x, y', $2 = NULL",
    ),
    ("duration: 2.000 ms  execute <unnamed>: select $1", ""),
]


def test_csvlog(tmp_path: Path) -> None:
    with (tmp_path / "server.csv").open("w", newline="") as file:
        for message, detail in ENTRIES:
            csv.writer(file).writerow([*[""] * 13, message, detail, *[""] * 8])
    assert list(read_log(tmp_path / "server.csv")) == EXPECTED


def test_jsonlog(tmp_path: Path) -> None:
    lines = [json.dumps({"message": message, "detail": detail}) for message, detail in ENTRIES]
    (tmp_path / "server.json").write_text("\n".join([*lines, '{"torn']))
    assert list(read_log(tmp_path / "server.json")) == EXPECTED
