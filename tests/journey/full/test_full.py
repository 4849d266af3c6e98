"""The sample through every verb: what stands at the end is true, whole and committed."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.browser import look, sheets
from support.cli import environment, pgraduate
from support.figures import figures, mapped, without_digits
from support.full_journey import BRANCH, SECRET, SOURCES, Walked, walk
from support.html_page import Page

from pgraduate.cli.app import VERBS
from pgraduate.document import Evidence, Extras, Story, commands, render, tell
from pgraduate.journal import Journal
from pgraduate.model.figure import NOT_MEASURED

ELSEWHERE = {"demo", "undo", "uninstall"}
"""Verbs that walk the whole way themselves, or back; they have journeys of their own."""
PAGE = "migration/MIGRATION_COMPLETE.md"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    with walk(tmp_path_factory.mktemp("full")) as done:
        yield done


@pytest.fixture(scope="module")
def conninfo(walked: Walked) -> str:
    return str(walked.last("run")["target"]["conninfo"])


@pytest.fixture(scope="module")
def evidence(walked: Walked) -> Evidence:
    return Evidence.of(Journal.open(walked.project / ".pgraduate", walked.last("run")["run_id"]))


@pytest.fixture(scope="module")
def story(evidence: Evidence, conninfo: str) -> Story:
    return tell(evidence, commands(conninfo, embedded=True), None, None)


def test_every_verb_is_walked(walked: Walked) -> None:
    assert set(VERBS) - ELSEWHERE <= walked.verbs


def test_the_pages_are_what_the_journal_tells(walked: Walked, story: Story) -> None:
    """Told anew from the journal alone, every page is the committed one, letter by letter."""
    for name, text in render(story, Extras()).items():
        stands = (walked.project / name).read_text()
        assert text.strip() in stands if name == "README.md" else text == stands, name


def test_replace_all_figures_and_no_digit_is_left(story: Story) -> None:
    for name, text in render(mapped(story, without_digits), Extras()).items():
        shown = Page(text).text if name.endswith(".html") else text
        assert not re.findall(r".{0,40}\d.{0,20}", shown), name


def test_every_figure_stands_in_the_journal(evidence: Evidence, story: Story) -> None:
    """Each value with its step is what that step wrote, or the number of its facts of one name, or their sum."""
    written: dict[str, set[float]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str, str]] = Counter()
    for entry in evidence.entries:
        step, name = str(entry["step"]), str(entry.get("name"))
        written.setdefault(step, set()).update(_numbers(entry))
        if entry["type"] == "fact" and isinstance(entry["value"], dict):
            counts[step, name] += 1
            for key, value in [*entry["value"].items(), *(entry["value"].get("objects") or {}).items()]:
                sums[step, name, key] += value if isinstance(value, (int, float)) else 0
    for (step, *_), number in [*counts.items(), *sums.items()]:
        written[step].add(float(number))
    single = [item for item in figures(story) if item.value is not None and item.step in written]
    assert len(single) > 100
    for figure in single:
        assert float(figure.value or 0) in written[figure.step], figure


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, bool):
        return
    if isinstance(value, (int, float)):
        yield float(value)
    elif isinstance(value, dict):
        yield from (number for item in value.values() for number in _numbers(item))
    elif isinstance(value, list):
        yield from (number for item in value for number in _numbers(item))


def test_the_statistics_are_those_of_the_database(walked: Walked, conninfo: str) -> None:
    page = (walked.project / PAGE).read_text()
    shown = dict(re.findall(r"^\| (tables|indexes|views|triggers|rows) \| ([\d,]+) \|$", page, re.MULTILINE))
    schemas = ["workflows", "phases"]
    with psycopg.connect(conninfo) as connection:
        tables = connection.execute(
            "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname = ANY (%s)", (schemas,)
        ).fetchall()
        rows = sum(
            connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()[0]  # type: ignore[index]
            for (name,) in tables
        )
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM pg_indexes WHERE schemaname = ANY (%(s)s)),"
            " (SELECT count(*) FROM pg_views WHERE schemaname = ANY (%(s)s)),"
            " (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            "   WHERE NOT t.tgisinternal AND c.relnamespace::regnamespace::text = ANY (%(s)s))",
            {"s": schemas},
        ).fetchone()
    assert counts is not None
    assert {name: int(text.replace(",", "")) for name, text in shown.items()} == {
        "tables": len(tables), "rows": rows, "indexes": counts[0], "views": counts[1], "triggers": counts[2]
    }  # fmt: skip


def test_the_rows_compared_are_those_of_the_sources(walked: Walked, story: Story) -> None:
    total = 0
    for source in walked.last("run")["sources"]:
        with sqlite3.connect(source["sealed"]) as database:
            names = [
                name
                for (name,) in database.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                )
            ]
            total += sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names)
        database.close()
    assert story.report.totals.rows.value == total


def test_changes_to_the_code_are_those_of_git(walked: Walked) -> None:
    page = (walked.project / PAGE).read_text()
    assert "- files: 1\n- lines added: 1\n- lines removed: 0\n- commits: 1\n" in page


def test_phases_that_were_not_walked_say_so(walked: Walked) -> None:
    page = (walked.project / PAGE).read_text()
    for phase in ("Deploy", *(["Prove"] if {"trial", "bench"}.isdisjoint(VERBS) else [])):
        assert f"| {phase} | not walked | {NOT_MEASURED} | {NOT_MEASURED} | {NOT_MEASURED} |" in page


def test_only_what_pgraduate_made_is_committed(walked: Walked) -> None:
    assert walked.git("branch", "--show-current").strip() == BRANCH
    names = walked.git("show", "--name-only", "--format=", "HEAD").split()
    assert names
    assert all(name == "README.md" or name.startswith("migration/") for name in names)
    tracked = walked.git("ls-files").split()
    assert not [name for name in tracked if name.endswith((".db", ".gz", ".dump"))]
    assert walked.git("status", "--porcelain") == ""


def test_no_secret_is_written_anywhere(walked: Walked) -> None:
    for path in walked.project.rglob("*"):
        if path.is_file() and path.stat().st_size < 1 << 20:
            assert SECRET.encode() not in path.read_bytes(), path


def test_the_message_is_made_of_the_evidence(walked: Walked, story: Story) -> None:
    message = " ".join(walked.git("log", "-1", "--format=%B").split())
    assert f"data {story.report.verdict}" in message
    assert f"rows: {story.report.totals.rows.value:,};" in message
    for sentence in story.obstacles:
        assert sentence in message


def test_writing_again_changes_nothing(walked: Walked) -> None:
    again = pgraduate("document", "--json", cwd=walked.project)
    assert again.document["written"] == []
    assert walked.git("status", "--porcelain") == ""


def test_a_late_writer_of_the_archived_file_fails(walked: Walked) -> None:
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(walked.project / SOURCES[0])


def test_every_archive_verifies(walked: Walked) -> None:
    archives = walked.last("archive list")["archives"]
    assert len(archives) == len(SOURCES)
    for item in archives:
        assert pgraduate("archive", "verify", item["name"], "--json", cwd=walked.project).document["verified"]


def test_the_page_in_a_browser(walked: Walked, tmp_path: Path) -> None:
    page = walked.project / "migration/MIGRATION_COMPLETE.html"
    seen = look(page, tmp_path)
    assert seen.console == []
    assert (seen.width, seen.wide) == (400, [])
    assert seen.scroll <= 400
    assert sheets(page, tmp_path) <= 6


def test_every_block_of_the_readme_can_be_executed(walked: Walked) -> None:
    """The last test: what the blocks do adds to the journal, and so to what the documents would tell."""
    readme = (walked.project / "README.md").read_text()
    section = readme[readme.index("<!-- pgraduate: begin") : readme.index("<!-- pgraduate: end")]
    blocks = re.findall(r"^```sh\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == len(commands("", embedded=True))
    path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    connect = next(block for block in blocks if block.startswith("export DATABASE_URL="))
    for block in blocks:
        script = connect.splitlines()[0] + "\n" + block
        done = subprocess.run(
            ["sh", "-eu", "-c", script],
            cwd=walked.project,
            env=environment({"PATH": path}),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=300,
            check=False,
        )
        looked = "pgraduate maintain check" in block or "pgraduate maintain run" in block
        assert done.returncode in ((0, 3) if looked else (0,)), block + done.stderr
