"""Every defect that the generator lists is really there, as often as it says, and nothing else is."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

README = Path(__file__).parents[3] / "examples" / "workflows" / "README.md"
Defects = list[dict[str, Any]]
KINDS = {
    "colliding-id",
    "duplicate-key",
    "empty-timestamp",
    "flag-text",
    "flag-two",
    "invalid-json",
    "iso-timestamp",
    "not-utf-8",
    "nul-character",
    "null-key",
    "orphan",
    "over-long",
    "tiny-cost",
}


def _found(connection: sqlite3.Connection, listed: Defects) -> dict[str, int]:
    return {_name(defect): connection.execute(defect["find"]).fetchone()[0] for defect in listed}


def _rows(defect: dict[str, Any]) -> str:
    depends_on_size = (defect["kind"], defect["table"]) == ("colliding-id", "workflow_history")
    return "half of the runs" if depends_on_size else str(defect["count"])


def _name(defect: dict[str, Any]) -> str:
    return "{file}.{table}.{column}: {kind}".format(**defect)


def test_every_kind_of_dirt_is_listed(listed: Defects) -> None:
    assert {defect["kind"] for defect in listed} == KINDS


def test_a_defect_is_listed_once(listed: Defects) -> None:
    assert len({_name(defect) for defect in listed}) == len(listed)


def test_every_defect_is_there_in_the_stated_number(both: sqlite3.Connection, listed: Defects) -> None:
    assert _found(both, listed) == {_name(defect): defect["count"] for defect in listed}


def test_clean_files_have_none_of_it(both_clean: sqlite3.Connection, listed: Defects) -> None:
    assert _found(both_clean, listed) == {_name(defect): 0 for defect in listed}


def test_the_only_orphans_are_the_planted_ones(both: sqlite3.Connection, listed: Defects) -> None:
    planted = {
        (defect["file"], defect["table"], defect["column"]): defect["count"]
        for defect in listed
        if defect["kind"] == "orphan"
    }
    assert _orphans(both) == planted


def test_clean_files_have_no_orphans(both_clean: sqlite3.Connection) -> None:
    assert _orphans(both_clean) == {}


def test_the_readme_lists_the_same_dirt(listed: Defects) -> None:
    lines = README.read_text("utf-8").splitlines()
    dirt = [
        line.split("|")[1:5]
        for line in lines
        if line.startswith(("| `workflows.", "| `phases.")) and ".db" not in line
    ]
    table = [[cell.strip(" `") for cell in cells] for cells in dirt]
    expected = [["{file}.{table}.{column}".format(**d), _rows(d), d["kind"], d["why"]] for d in listed]
    assert sorted(table) == sorted(expected)


def test_text_that_is_not_utf_8_is_stored_as_text(both: sqlite3.Connection) -> None:
    both.text_factory = bytes
    (stored,) = both.execute(
        "SELECT typeof(body), body FROM workflows.workflow_notes WHERE instr(CAST(body AS BLOB), x'e9') > 0"
    ).fetchall()
    assert stored == (b"text", "déjà vérifié".encode("latin-1"))


def test_text_goes_on_after_its_nul(both: sqlite3.Connection) -> None:
    stored = both.execute("SELECT body FROM workflows.workflow_notes WHERE instr(body, char(0)) > 0").fetchall()
    assert stored == [("exit status:\0 137",)]


def test_an_id_of_both_files_names_different_runs(both: sqlite3.Connection) -> None:
    here, there = (
        both.execute(f"SELECT workflow_id FROM {file}.workflow_history WHERE id = 1").fetchone()[0]
        for file in ("workflows", "phases")
    )
    assert here != there


def test_natural_keys_join_the_runs_of_both_files(both: sqlite3.Connection) -> None:
    unknown = both.execute(
        """
        SELECT count(*) FROM phases.workflow_history
         WHERE workflow_id NOT IN (SELECT workflow_id FROM workflows.workflow_history WHERE workflow_id IS NOT NULL)
        """
    ).fetchone()[0]
    assert unknown == 0


def _orphans(both: sqlite3.Connection) -> dict[tuple[str, str, str], int]:
    """Count the violations of every foreign key, also of those that SQLite itself refuses to check."""
    found = {}
    for file in ("workflows", "phases"):
        for (table,) in both.execute(f"SELECT name FROM {file}.sqlite_master WHERE type = 'table'").fetchall():
            for parent, pairs in _keys(both, file, table):
                present = " AND ".join(f"t.{column} IS NOT NULL" for column, _ in pairs)
                matching = " AND ".join(f"p.{key} = t.{column}" for column, key in pairs)
                lost = both.execute(
                    f"""
                    SELECT count(*) FROM {file}.{table} t
                     WHERE {present} AND NOT EXISTS (SELECT 1 FROM {file}.{parent} p WHERE {matching})
                    """
                ).fetchone()[0]
                if lost:
                    found[file, table, pairs[0][0]] = lost
    return found


def _keys(both: sqlite3.Connection, file: str, table: str) -> list[tuple[str, list[tuple[str, str]]]]:
    keys: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    rows = both.execute('SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?, ?)', (table, file))
    for number, parent, column, key in rows:
        keys.setdefault(number, (parent, []))[1].append((column, key))
    return list(keys.values())
