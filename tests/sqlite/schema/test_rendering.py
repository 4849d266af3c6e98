"""The files that a person reviews."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from support.golden import assert_golden
from support.schema_sources import LIBRARY, plan_script

from pgraduate.schema import render, role_plans
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
    "70_roles.sql",
)


@pytest.mark.parametrize("name", FILES)
def test_a_file_reads_as_it_was_approved(tmp_path: Path, name: str) -> None:
    assert_golden(GOLDEN / name, render(plan_script(tmp_path, LIBRARY))[name])


def test_the_roles_file_holds_statements_only_where_roles_were_named(tmp_path: Path) -> None:
    plain = plan_script(tmp_path, LIBRARY)
    named = replace(plain, roles=role_plans({"monitor": "m", "app": 'a"b', "readonly": "r'o"}))
    assert all(line.startswith("-- ") or line in ("", "--") for line in render(plain)["70_roles.sql"].splitlines())
    assert_golden(GOLDEN / "70_roles_named.sql", render(named)["70_roles.sql"])


def test_a_schema_name_with_a_line_end_stays_in_the_comment_of_its_roles(tmp_path: Path) -> None:
    text = render(replace(plan_script(tmp_path, LIBRARY), schema="a\nDROP TABLE x; --"))["70_roles.sql"]
    assert all(line.startswith("--") or not line for line in text.splitlines())


def test_suggested_role_names_keep_within_63_bytes(tmp_path: Path) -> None:
    text = render(replace(plan_script(tmp_path, LIBRARY), schema="ä" * 31))["70_roles.sql"]
    names = re.findall(r'^-- (?:app|readonly|monitor) = "(.*)"$', text, re.MULTILINE)
    assert len(set(names)) == 3
    assert all(len(name.encode()) <= 63 for name in names)


def test_the_same_source_always_gives_the_same_plan(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    assert plan_script(first, LIBRARY) == plan_script(second, LIBRARY)


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_no_line_of_a_comment_leaves_it(line_end: str) -> None:
    lines = list(comment(f"harmless{line_end}DROP TABLE x; --"))
    assert all(line.startswith("-- ") and "\r" not in line and "\n" not in line for line in lines)
