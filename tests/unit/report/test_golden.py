"""The rendered pages of fixed journals, byte for byte.  PGRADUATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import sample_run

from pgraduate import report
from pgraduate.report import RunReport

GOLDEN = Path(__file__).parent / "golden"
FORMATS: dict[str, Callable[[RunReport], str]] = {
    "md": report.render_markdown,
    "html": report.render_html,
    "json": lambda run: json.dumps(run.to_json(), indent=2, ensure_ascii=False) + "\n",
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("scenario", ["complete", "different", "failed", "killed"])
def test_a_run_renders_as_it_always_did(tmp_path: Path, scenario: str, suffix: str) -> None:
    journal = sample_run.write(tmp_path, getattr(sample_run, scenario)())
    text = FORMATS[suffix](report.read(journal))
    golden = GOLDEN / f"{scenario}.{suffix}"
    if os.environ.get("PGRADUATE_GOLDEN") == "1":
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
