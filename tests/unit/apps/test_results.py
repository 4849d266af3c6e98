"""What the last full run found, as it is committed: the page is drawn from it, and nothing in it is a defect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HERE = ROOT / "tests" / "apps"
RESULTS = json.loads((HERE / "results.json").read_text("utf-8"))
VERDICTS = [
    pytest.param(verdict, id=f"{name}, {policy}")
    for name, found in RESULTS["applications"].items()
    for policy, verdict in found["policies"].items()
]


def test_the_page_is_drawn_from_the_results() -> None:
    draw = "import json, sys; from page import page; print(page(json.load(sys.stdin)), end='')"
    done = subprocess.run(
        [sys.executable, "-c", draw],
        input=json.dumps(RESULTS),
        env={"PYTHONPATH": str(HERE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (ROOT / "docs" / "applications.md").read_text("utf-8")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_statement_is_translated_or_refused_by_name(verdict: dict) -> None:
    assert verdict["statements"] == verdict["translated"] + sum(verdict["refused"].values())
    assert verdict["unparsed"] == []


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_server_prepares_every_translation(verdict: dict) -> None:
    assert verdict["prepare_failures"] == []
