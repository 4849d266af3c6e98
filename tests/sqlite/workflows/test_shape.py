"""The sample has the promised shape: two files, seven tables in common, one of them different."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

FILES = ("workflows", "phases")
SCHEMAS = Path(__file__).parents[3] / "examples" / "workflows" / "app"


def _names(both: sqlite3.Connection, file: str, kind: str) -> set[str]:
    rows = both.execute(
        f"SELECT name FROM {file}.sqlite_master WHERE type = ? AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
        (kind,),
    )
    return {row[0] for row in rows}


def _columns(both: sqlite3.Connection, file: str, table: str) -> dict[str, tuple[str, str | None]]:
    rows = both.execute("SELECT name, type, dflt_value FROM pragma_table_xinfo(?, ?)", (table, file))
    return {name: (type_, default) for name, type_, default in rows}


def _shared(both: sqlite3.Connection) -> set[str]:
    return _names(both, "workflows", "table") & _names(both, "phases", "table")


def test_27_distinct_tables(both: sqlite3.Connection) -> None:
    tables = [_names(both, file, "table") for file in FILES]
    assert [len(names) for names in tables] + [len(set.union(*tables))] == [25, 9, 27]


def test_seven_tables_are_in_both_files(both: sqlite3.Connection) -> None:
    assert _shared(both) == {
        "cost_entries",
        "hook_events",
        "operation_patterns",
        "pattern_occurrences",
        "tool_calls",
        "tools",
        "workflow_history",
    }


def test_six_of_the_seven_have_one_shape(both: sqlite3.Connection) -> None:
    declared = [
        dict(both.execute(f"SELECT name, sql FROM {file}.sqlite_master WHERE type = 'table'")) for file in FILES
    ]
    different = {table for table in _shared(both) if declared[0][table] != declared[1][table]}
    assert different == {"workflow_history"}


def test_the_seventh_differs_in_twenty_columns_and_five_defaults(both: sqlite3.Connection) -> None:
    here, there = (_columns(both, file, "workflow_history") for file in FILES)
    defaults = {(here[name][1], there[name][1]) for name in here.keys() & there.keys() if here[name] != there[name]}
    changed = [name for name in here.keys() & there.keys() if here[name] != there[name]]
    assert (len(here.keys() - there.keys()), len(there.keys() - here.keys()), len(changed)) == (19, 1, 5)
    assert defaults == {("0.0", "NULL"), ("-1", "NULL")}


def test_47_distinct_indexes(both: sqlite3.Connection) -> None:
    indexes: set[tuple[str, str]] = set()
    for file in FILES:
        indexes |= set(
            both.execute(
                f"SELECT tbl_name, name FROM {file}.sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            )
        )
    assert len(indexes) == 47


def test_one_index_name_stands_for_two_tables(both: sqlite3.Connection) -> None:
    tables = [
        both.execute(f"SELECT tbl_name FROM {file}.sqlite_master WHERE name = 'idx_status'").fetchone()[0]
        for file in FILES
    ]
    assert tables == ["alerts", "phase_queue"]


def test_one_index_is_there_under_two_names(both: sqlite3.Connection) -> None:
    bodies = [
        both.execute("SELECT sql FROM workflows.sqlite_master WHERE name = ?", (name,))
        .fetchone()[0]
        .split(" ON ")[1]
        for name in ("idx_tool_calls_workflow", "idx_tc_workflow_id")
    ]
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    ("idea", "needle"), [("partial", "% WHERE %"), ("expression", "%lower(%"), ("descending", "% DESC%")]
)
def test_indexes_of_every_kind(both: sqlite3.Connection, idea: str, needle: str) -> None:
    for file in FILES:
        found = both.execute(
            f"SELECT count(*) FROM {file}.sqlite_master WHERE type = 'index' AND sql LIKE ?", (needle,)
        ).fetchone()[0]
        assert found >= 1, f"{file} has no {idea} index"


@pytest.mark.parametrize("kind", ["view", "trigger"])
def test_four_views_and_four_triggers_of_which_three_are_in_both(both: sqlite3.Connection, kind: str) -> None:
    here, there = (_names(both, file, kind) for file in FILES)
    assert (len(here), len(there), len(here | there)) == (4, 3, 4)


def test_every_view_can_be_read(dirty: Path) -> None:
    with closing(sqlite3.connect(dirty / "workflows.db")) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        rows = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    assert all(count > 0 for name, count in rows.items() if name != "recent_failures"), rows


def test_three_foreign_keys_reference_a_column_that_is_not_unique(both: sqlite3.Connection) -> None:
    tables = [
        table
        for table in sorted(_names(both, "workflows", "table"))
        for key in both.execute('SELECT "table", "to" FROM pragma_foreign_key_list(?, \'workflows\')', (table,))
        if key == ("workflow_history", "workflow_id")
    ]
    assert tables == ["cost_entries", "hook_events", "tool_calls"]


def test_no_table_is_empty(both: sqlite3.Connection) -> None:
    empty = [
        f"{file}.{table}"
        for file in FILES
        for table in _names(both, file, "table")
        if both.execute(f"SELECT count(*) FROM {file}.{table}").fetchone() == (0,)
    ]
    assert empty == []


@pytest.mark.parametrize("file", FILES)
def test_the_files_are_sound(both: sqlite3.Connection, file: str) -> None:
    assert both.execute(f"PRAGMA {file}.integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("file", FILES)
def test_the_files_have_the_schema_of_the_application(both: sqlite3.Connection, file: str) -> None:
    query = "SELECT type, name, sql FROM {}.sqlite_master ORDER BY type, name"
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript((SCHEMAS / f"schema_{file}.sql").read_text("utf-8"))
        expected = fresh.execute(query.format("main")).fetchall()
    assert both.execute(query.format(file)).fetchall() == expected


@pytest.mark.parametrize("file", FILES)
def test_the_next_id_is_beyond_the_greatest(both: sqlite3.Connection, file: str) -> None:
    greatest = both.execute(f"SELECT max(id) FROM {file}.workflow_history").fetchone()[0]
    sequence = both.execute(f"SELECT seq FROM {file}.sqlite_sequence WHERE name = 'workflow_history'").fetchone()[0]
    assert sequence == greatest + 3
