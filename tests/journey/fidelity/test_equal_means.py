"""Beside the verdict stands what "equal" says of every type that is another than SQLite's storage class."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import pgraduate
from support.fidelity import carry
from support.sqlite_files import make

SCRIPT = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, is_new INTEGER, doc TEXT, notes TEXT, s DATE)",
    "INSERT INTO t VALUES (1, 1, '{\"b\": 1, \"a\": 2}', '[]', '2024-01-02'), (2, 0, '[1.0]', NULL, NULL)",
)
MEANT = [
    {"type": "boolean", "columns": 1, "means": "the same integer, 0 or 1"},
    {"type": "date", "columns": 1, "means": "the same text, read back from the day"},
    {"type": "jsonb", "columns": 2, "means": "equal as JSON values"},
]


def test_a_rich_run_says_it_in_the_document_the_text_and_the_report(target: str, tmp_path: Path) -> None:
    carried = carry(make(tmp_path / "app.db", *SCRIPT), target, tmp_path, policy="rich")
    assert (carried.verdict, carried.document["equal_means"]) == ("equal", MEANT), carried.why
    shown = pgraduate("verify", "--to", target, cwd=tmp_path)
    assert shown.code == 0
    assert "equal means for jsonb (2 columns): equal as JSON values\n" in shown.out
    for name, words in (
        ("md", "for jsonb (2 columns): equal as JSON values"),
        ("html", "equal as JSON values"),
    ):
        assert words in Path(carried.document["report"][name]).read_text("utf-8")


@pytest.mark.parametrize("policy", ["faithful", "declared"])
def test_other_policies_give_every_value_back_and_have_nothing_to_say(
    policy: str, target: str, tmp_path: Path
) -> None:
    carried = carry(make(tmp_path / "app.db", *SCRIPT), target, tmp_path, policy=policy)
    assert (carried.verdict, carried.document["equal_means"]) == ("equal", [])
    assert "equal means" not in pgraduate("verify", "--to", target, cwd=tmp_path).out
