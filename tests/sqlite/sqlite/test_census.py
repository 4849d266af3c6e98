"""The census: exact counts of what stands in a file, whatever was declared."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sqlite_files import make

from pgraduate.events import Event, StepProgress
from pgraduate.model.census import Census, ColumnCensus, TableCensus
from pgraduate.sqlite import read_catalog, take_census

Cell = None | int | float | str | bytes


def census_of(directory: Path, *statements: str) -> Census:
    path = make(directory / "app.db", *statements)
    return take_census(path, read_catalog(path))


def table_of(directory: Path, *statements: str) -> TableCensus:
    return census_of(directory, *statements).table("t")


def column_of(path: Path, declared: str, cells: list[Cell], encoding: str = "UTF-8") -> ColumnCensus:
    """Take the census of one column `c` that holds the cells as bound."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA encoding = '{encoding}'")
        connection.execute(f"CREATE TABLE t (c {declared})")
        connection.executemany("INSERT INTO t VALUES (?)", [(cell,) for cell in cells])
    return take_census(path, read_catalog(path)).table("t").column("c")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CELLS = st.lists(
    st.one_of(
        st.none(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.just(-0.0),
        TEXTS,
        st.binary(max_size=20),
    )
)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(cells=CELLS, encoding=st.sampled_from(["UTF-8", "UTF-16le", "UTF-16be"]))
def test_every_figure_is_what_python_counts(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Cell], encoding: str
) -> None:
    """An undeclared column keeps every bound value in its own class, so Python's own counts are the truth."""
    found = column_of(tmp_path_factory.mktemp("census") / "app.db", "", cells, encoding)
    integers = [cell for cell in cells if isinstance(cell, int)]
    reals = [cell for cell in cells if isinstance(cell, float)]
    texts = [cell for cell in cells if isinstance(cell, str)]
    blobs = [cell for cell in cells if isinstance(cell, bytes)]
    assert found == ColumnCensus(
        column="c",
        nulls=cells.count(None),
        integers=len(integers),
        reals=len(reals),
        texts=len(texts),
        blobs=len(blobs),
        integer_min=min(integers, default=None),
        integer_max=max(integers, default=None),
        text_longest=max(map(len, texts), default=0),
        text_longest_bytes=max((len(text.encode()) for text in texts), default=0),
        blob_longest=max(map(len, blobs), default=0),
        nul_texts=sum("\0" in text for text in texts),
        infinities=sum(math.isinf(real) for real in reals),
        whole_reals=sum(real.is_integer() for real in reals),
        negative_zeros=sum(real == 0 and math.copysign(1, real) < 0 for real in reals),
    )


@pytest.mark.parametrize(
    "raw", [b"caf\xe9", b"\xed\xa0\x80", b"\xc0\x80", b"\xff", b"a\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"]
)
def test_bytes_that_are_not_utf8_are_counted(tmp_path: Path, raw: bytes) -> None:
    found = table_of(
        tmp_path,
        "CREATE TABLE t (c TEXT)",
        f"INSERT INTO t VALUES (CAST(x'{raw.hex()}' AS TEXT)), ('good'), ('çà'), (CAST(x'{raw.hex()}' AS TEXT))",
    ).column("c")
    assert (found.texts, found.bad_texts, found.nul_texts) == (4, 2, 0)


@pytest.mark.parametrize("raw", [b"\x00\xd8", b"\x00\xd8a\x00", b"\x00\xdc\x00\xd8"])
def test_unpaired_surrogates_in_utf16_are_counted(tmp_path: Path, raw: bytes) -> None:
    found = table_of(
        tmp_path,
        "PRAGMA encoding = 'UTF-16le'",
        "CREATE TABLE t (c TEXT)",
        f"INSERT INTO t VALUES (CAST(x'{raw.hex()}' AS TEXT)), ('good'), ('😀')",
    ).column("c")
    assert (found.texts, found.bad_texts) == (3, 1)


def test_utf16_texts_of_odd_length_do_not_mend_each_other(tmp_path: Path) -> None:
    """No SQLite writes such texts, a damaged file holds them; joined by a NUL these two would read as two good ones."""
    odd = [b"\x61\x00\x62", b"\x00\x63\x00"]
    path = make(
        tmp_path / "app.db",
        "PRAGMA encoding = 'UTF-16le'",
        "CREATE TABLE t (c)",
        *(f"INSERT INTO t VALUES (x'{raw.hex()}')" for raw in odd),
    )
    content = path.read_bytes()
    for raw in odd:
        assert content.count(b"\x02\x12" + raw) == 1
        content = content.replace(b"\x02\x12" + raw, b"\x02\x13" + raw)  # the record's type: blob to text
    path.write_bytes(content)
    found = take_census(path, read_catalog(path)).table("t").column("c")
    assert (found.texts, found.bad_texts) == (2, 2)


def test_a_text_is_measured_beyond_its_nul(tmp_path: Path) -> None:
    found = column_of(tmp_path / "app.db", "TEXT", ["ab\0cdé", "xyz"])
    assert (found.text_longest, found.text_longest_bytes, found.nul_texts) == (6, 7, 1)


def test_a_table_wider_than_one_result_is_counted_whole(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(1990)]
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE t ({', '.join(names)})")
        connection.execute(f"INSERT INTO t VALUES ({', '.join(str(n) for n in range(1990))})")
    table = take_census(path, read_catalog(path)).table("t")
    assert [column.integer_max for column in table.columns] == list(range(1990))


def test_rows_and_rowids_are_those_of_the_table(tmp_path: Path) -> None:
    table = table_of(
        tmp_path, "CREATE TABLE t (a)", "INSERT INTO t (rowid) VALUES (-5), (0), (9223372036854775807)"
    )
    assert (table.rows, table.rowid_min, table.rowid_max) == (3, -5, 2**63 - 1)


def test_a_column_named_rowid_does_not_hide_the_rowid(tmp_path: Path) -> None:
    table = table_of(tmp_path, "CREATE TABLE t (RowId, oid)", "INSERT INTO t (_rowid_, rowid) VALUES (4, 99)")
    assert (table.rowid_min, table.rowid_max) == (4, 4)


@pytest.mark.parametrize(
    "definition", ["CREATE TABLE t (rowid, _rowid_, oid)", "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID"]
)
def test_a_rowid_that_cannot_be_asked_for_is_none(tmp_path: Path, definition: str) -> None:
    column = "rowid" if "oid)" in definition else "a"
    table = table_of(tmp_path, definition, f"INSERT INTO t ({column}) VALUES (4)")
    assert (table.rows, table.rowid_min, table.rowid_max) == (1, None, None)


def test_an_empty_table_has_no_figures(tmp_path: Path) -> None:
    table = table_of(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, s)")
    assert (table.rows, table.rowid_min, table.rowid_max, table.bytes) == (0, None, None, 0)
    assert table.column("s") == ColumnCensus("s")


def test_null_keys_are_counted_by_row(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE t (a TEXT, b, PRIMARY KEY (a, b))",
        "INSERT INTO t VALUES (NULL, NULL), (NULL, 1), ('x', 1), ('y', NULL)",
    )
    assert table.null_keys == 3


def test_bytes_are_those_of_the_records_overflow_included(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE t (b)",
        "CREATE INDEX i ON t (b)",
        "INSERT INTO t VALUES (zeroblob(100000)), (zeroblob(10))",
    )
    assert 100_010 < table.bytes < 100_030


def test_generated_columns_are_counted(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE t (a, v AS (a * 2), s TEXT AS (a || 'x') STORED)",
        "INSERT INTO t (a) VALUES (1), (30)",
    )
    assert (table.column("v").integer_max, table.column("s").text_longest) == (60, 3)


def test_virtual_tables_are_counted_and_their_shadows_not(tmp_path: Path) -> None:
    census = census_of(
        tmp_path, "CREATE VIRTUAL TABLE t USING fts5(title, body)", "INSERT INTO t VALUES ('one', 'two three')"
    )
    (table,) = census.tables
    assert (table.table, table.rows, table.bytes) == ("t", 1, len("one" + "two three"))
    assert [column.column for column in table.columns] == ["title", "body", "rowid"]


def test_an_unknown_collation_disturbs_no_count(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.create_collation("backwards", lambda left, right: (left < right) - (left > right))
        connection.execute("CREATE TABLE p (w TEXT COLLATE backwards PRIMARY KEY)")
        connection.execute("CREATE TABLE t (w TEXT REFERENCES p)")
        connection.executemany("INSERT INTO p VALUES (?)", [(str(n),) for n in range(500)])
        connection.execute("INSERT INTO t SELECT w FROM p UNION ALL VALUES ('nowhere')")
    census = take_census(path, read_catalog(path))
    assert (census.table("p").rows, census.table("p").column("w").texts) == (500, 500)
    assert census.table("t").orphans == (1,)
    assert census.table("t").parent_duplicates == (0,)


ORPHANS = [
    pytest.param("CREATE TABLE p (id INTEGER PRIMARY KEY)", "x REFERENCES p", (2, 0), id="rowid"),
    pytest.param("CREATE TABLE p (id PRIMARY KEY)", "x REFERENCES p", (2, 0), id="unique index"),
    pytest.param("CREATE TABLE p (id)", "x REFERENCES p (id)", (2, 0), id="no unique index"),
    pytest.param("CREATE TABLE p (other)", "x REFERENCES p (id)", (4, 0), id="no such column"),
    pytest.param("CREATE TABLE q (id)", "x REFERENCES p", (4, 0), id="no parent"),
]


@pytest.mark.parametrize(("parent", "child", "expected"), ORPHANS)
def test_rows_without_a_parent_are_counted(
    tmp_path: Path, parent: str, child: str, expected: tuple[int, int]
) -> None:
    table = table_of(
        tmp_path,
        parent,
        f"INSERT INTO {parent.split()[2]} VALUES (1), (2), (3)",
        f"CREATE TABLE t ({child})",
        "INSERT INTO t VALUES (1), (3), (77), (78), (NULL), (NULL)",
    )
    assert (table.orphans, table.parent_duplicates) == ((expected[0],), (expected[1],))


def test_orphans_stand_in_the_order_of_the_keys(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, u TEXT UNIQUE)",
        "INSERT INTO p VALUES (1, 'a')",
        "CREATE TABLE t (x REFERENCES p, y REFERENCES p (u), z REFERENCES p)",
        "INSERT INTO t VALUES (1, 'b', 1), (1, 'c', 2), (1, 'a', 1)",
    )
    assert table.orphans == (0, 2, 1)


def test_a_partial_key_has_no_orphans(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE p (a, b, PRIMARY KEY (a, b))",
        "CREATE TABLE t (x, y, FOREIGN KEY (y, x) REFERENCES p (b, a))",
        "INSERT INTO p VALUES (1, 2)",
        "INSERT INTO t VALUES (1, 2), (1, NULL), (NULL, 9), (2, 1)",
    )
    assert table.orphans == (1,)


def test_parents_that_stand_twice_are_counted_once_per_value(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE p (id)",
        "INSERT INTO p VALUES (1), (1), (1), (2), (3), (3), (NULL), (NULL)",
        "CREATE TABLE t (x REFERENCES p (id))",
        "INSERT INTO t VALUES (1), (2)",
    )
    assert (table.orphans, table.parent_duplicates) == ((0,), (2,))


def test_the_parents_collation_decides(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE p (id TEXT COLLATE NOCASE)",
        "INSERT INTO p VALUES ('A'), ('a')",
        "CREATE TABLE t (x TEXT REFERENCES p (id))",
        "INSERT INTO t VALUES ('a'), ('B')",
    )
    assert (table.orphans, table.parent_duplicates) == ((1,), (1,))


CONVERSIONS: list[tuple[str, list[Cell], str, int]] = [
    ("BOOLEAN", [0, 1, 1, None], "boolean", 3),
    ("BOOLEAN", ["no", "yes"], "boolean_text:no/yes", 2),
    ("DATE", ["2024-02-29", "0001-01-01"], "date", 2),
    ("DATETIME", ["2024-02-29 10:00:00", "1999-12-31 23:59:59"], "timestamp:YYYY-MM-DD HH:MM:SS", 2),
    ("DATETIME", ["2024-02-29T10:00:00.123Z"], "timestamp:YYYY-MM-DDTHH:MM:SS.fffZ", 1),
    (
        "TIMESTAMP",
        ["2024-02-29 10:00:00", "2024-02-29 10:00:00.000001"],
        "timestamp:YYYY-MM-DD HH:MM:SS[.ffffff]",
        2,
    ),
    ("DATETIME", ["2024-02-29", "2024-02-29 10:00:00"], "timestamp:YYYY-MM-DD[ HH:MM:SS]", 2),
    ("DATETIME", [1704164645123, 1704164645124], "epoch:ms", 2),
    ("GUID", ["6f1c2b1e-4f0d-4c11-9b0a-0123456789ab"], "uuid", 1),
    ("JSON", ['{"a": [1, 2]}', "null"], "json", 2),
    ("DECIMAL(5,2)", [1, 2.25, -999.99], "number", 3),
    ("DECIMAL(5,2)", [1, 2.25, -999.99], "number:5,2", 3),
    ("INTEGER", [1, 2.5], "number", 2),
    ("NUMERIC", [2**63 * 1.0, 0.5], "number", 2),
]


@pytest.mark.parametrize(("declared", "cells", "name", "count"), CONVERSIONS)
def test_values_that_all_convert_are_all_counted(
    tmp_path: Path, declared: str, cells: list[Cell], name: str, count: int
) -> None:
    found = column_of(tmp_path / "app.db", declared, cells)
    assert found.conversions[name] == count == found.values


@pytest.mark.parametrize(
    ("declared", "cells", "name"),
    [
        ("BOOLEAN", [0, 1, 2], "boolean"),
        ("BOOLEAN", ["no", "yes", "maybe"], "boolean_text:no/yes"),
        ("DATE", ["2024-02-29", "2023-02-29"], "date"),
        ("DATETIME", ["2024-02-29 10:00:00", "2024-02-29T10:00:00"], "timestamp:YYYY-MM-DD HH:MM:SS"),
        ("DATETIME", [1704164645123], "epoch:s"),
        ("DATETIME", [1704164645, "2024-02-29 10:00:00"], "epoch:s"),
        ("GUID", ["6F1C2B1E-4F0D-4C11-9B0A-0123456789AB"], "uuid"),
        ("JSON", ["{}", "{oops}"], "json"),
        ("JSON", ["{}", b"{}"], "json"),
        ("DECIMAL(5,2)", [1, 1230.99], "number:5,2"),
        ("DECIMAL(5,2)", [1, 1.005], "number:5,2"),
        ("DECIMAL(5,2)", [1, "1,234.5"], "number"),
    ],
)
def test_one_value_that_does_not_convert_keeps_the_count_below(
    tmp_path: Path, declared: str, cells: list[Cell], name: str
) -> None:
    found = column_of(tmp_path / "app.db", declared, cells)
    assert found.conversions.get(name, 0) < found.values


def test_a_whole_real_is_no_number_that_comes_back(tmp_path: Path) -> None:
    """REAL affinity keeps 2.0 a real, which NUMERIC's reading would turn into an integer."""
    found = column_of(tmp_path / "app.db", "DOUBLE DECIMAL", [2.0, 2.5, math.inf])
    assert (found.reals, found.whole_reals, found.infinities) == (3, 1, 1)
    assert found.conversions["number"] == 2


def test_in_an_empty_column_every_form_holds(tmp_path: Path) -> None:
    found = column_of(tmp_path / "app.db", "DATETIME", [None])
    assert found.conversions["timestamp:YYYY-MM-DD HH:MM:SS"] == 0 == found.values
    assert found.conversions["epoch:ms"] == 0


def test_a_bad_text_fails_every_form(tmp_path: Path) -> None:
    found = table_of(
        tmp_path, "CREATE TABLE t (c JSON)", "INSERT INTO t VALUES ('\"good\"'), (CAST(x'22e922' AS TEXT))"
    ).column("c")
    assert found.bad_texts == 1
    assert found.conversions["json"] == 1


def test_forms_are_followed_over_many_batches(tmp_path: Path) -> None:
    rows = "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i < 4999) "
    table = table_of(
        tmp_path,
        "CREATE TABLE t (good DATE, late DATE)",
        rows + "INSERT INTO t SELECT date('2000-01-01', i || ' days'), "
        "CASE i WHEN 4500 THEN 'now' ELSE date('2000-01-01', i || ' days') END FROM n",
    )
    assert table.column("good").conversions["date"] == 5000
    assert table.column("late").conversions["date"] == 4500


def test_progress_counts_the_rows_of_every_table(tmp_path: Path) -> None:
    events: list[Event] = []

    class Recorder:
        def emit(self, event: Event, /) -> None:
            events.append(event)

    path = make(
        tmp_path / "app.db",
        "CREATE TABLE a (x DATE)",
        "CREATE TABLE b (x)",
        "INSERT INTO a VALUES ('2024-01-01'), ('x')",
    )
    take_census(path, read_catalog(path), sink=Recorder())
    assert events == [
        StepProgress("census", 0, None, "rows", "a, table 1 of 2"),
        StepProgress("census", 2, None, "rows", "a, table 1 of 2"),
        StepProgress("census", 2, None, "rows", "b, table 2 of 2"),
    ]
