"""The files that a person reviews."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.golden import assert_golden
from support.schema_sources import LIBRARY, plan_script

from pgraduate.schema import render
from pgraduate.schema.rendering import comment

GOLDEN = Path(__file__).parent / "golden"
FILES = (
    "00_schema.sql",
    "10_tables.sql",
    "20_keys.sql",
    "30_indexes.sql",
    "40_foreign_keys.sql",
    "50_views.sql",
    "60_triggers.sql",
)


@pytest.mark.parametrize("name", FILES)
def test_a_file_reads_as_it_was_approved(tmp_path: Path, name: str) -> None:
    assert_golden(GOLDEN / name, render(plan_script(tmp_path, LIBRARY))[name])


def test_the_same_source_always_gives_the_same_plan(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert plan_script(first, LIBRARY) == plan_script(second, LIBRARY)


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_no_line_of_a_comment_leaves_it(line_end: str) -> None:
    lines = list(comment(f"harmless{line_end}DROP TABLE x; --"))
    assert all(line.startswith("-- ") and "\r" not in line and "\n" not in line for line in lines)
