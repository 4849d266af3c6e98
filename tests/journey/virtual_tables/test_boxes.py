"""R-Trees arrive as tables with the values that SQLite shows, and an index for searches by box."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.cli import pgraduate
from support.sqlite_files import make

DATABASES = Path(os.environ.get("PGRADUATE_DATABASES") or Path(__file__).parents[4] / "shared" / "databases")


def run(path: Path, target: str) -> tuple[int, Any]:
    result = pgraduate("run", path, "--to", target, "--json", cwd=path.parent)
    assert result.out, result.err
    return result.code, result.document


def rows(target: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(target) as connection:
        return connection.execute(query.encode()).fetchall()


def in_sqlite(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_an_rtree_arrives_as_sqlite_shows_it(target: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE VIRTUAL TABLE place USING rtree(id, minX, maxX, minY, maxY, +label TEXT, +weight)",
        "INSERT INTO place VALUES (1, 0.1, 0.2, 0.3, 0.4, 'one', 1.5), (-7, -80.77, -80.75, 35.3, 35.35, NULL, 'x')",
    )
    code, document = run(path, target)
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    shown = in_sqlite(path, "SELECT id, minX, maxX, minY, maxY, label FROM place ORDER BY id")
    assert rows(target, "SELECT id, minx, maxx, miny, maxy, label FROM app.place ORDER BY id") == shown
    assert shown[1][1] != 0.1


def test_the_box_index_answers_a_search(target: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE VIRTUAL TABLE place USING rtree(id, x0, x1, y0, y1)",
        *(f"INSERT INTO place VALUES ({n}, {n}, {n + 1}, {-n}, {1 - n})" for n in range(50)),
    )
    assert run(path, target)[0] == 0
    corners = "point(x0::double precision, y0::double precision), point(x1::double precision, y1::double precision)"
    query = (
        f"SELECT id FROM app.place WHERE box({corners}) && box(point(10.2, -9.8), point(11.5, -9.5)) ORDER BY id"
    )
    with psycopg.connect(target) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_indexscan = off")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {query}".encode()))
    assert "place_box" in plan
    wanted = in_sqlite(path, "SELECT id FROM place WHERE x1 >= 10.2 AND x0 <= 11.5 AND y1 >= -9.8 AND y0 <= -9.5")
    assert rows(target, query) == sorted(wanted)


@pytest.mark.parametrize(
    ("columns", "row", "method"),
    [
        ("id, a0, a1", "1, 2, 3", "btree"),
        ("id, a0, a1, b0, b1, c0, c1", "1, 2, 3, 4, 5, 6, 7", "gist"),
        ("id, a0, a1, b0, b1, c0, c1, d0, d1, e0, e1", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11", "gist"),
    ],
)
@pytest.mark.parametrize("module", ["rtree", "rtree_i32"])
def test_any_number_of_dimensions_arrives(
    module: str, columns: str, row: str, method: str, target: str, tmp_path: Path
) -> None:
    path = make(
        tmp_path / "app.db",
        f"CREATE VIRTUAL TABLE place USING {module}({columns})",
        f"INSERT INTO place VALUES ({row})",
    )
    code, document = run(path, target)
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    assert rows(target, f"SELECT {columns} FROM app.place") == in_sqlite(path, f"SELECT {columns} FROM place")
    found = rows(target, "SELECT indexdef FROM pg_indexes WHERE indexname = 'place_box'")
    assert f"USING {method} (" in found[0][0]


def test_a_box_that_ends_before_it_starts_is_refused_as_in_sqlite(target: str, tmp_path: Path) -> None:
    path = make(tmp_path / "app.db", "CREATE VIRTUAL TABLE place USING rtree(id, x0, x1)")
    run(path, target)
    with psycopg.connect(target) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("INSERT INTO app.place VALUES (1, 3, 2)")


def test_the_rows_go_on_with_the_next_number(target: str, tmp_path: Path) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE VIRTUAL TABLE place USING rtree(id, x0, x1)",
        "INSERT INTO place VALUES (41, 1, 2)",
    )
    run(path, target)
    with psycopg.connect(target) as connection:
        assert connection.execute("INSERT INTO app.place (x0, x1) VALUES (1, 2) RETURNING id").fetchone() == (42,)


def test_a_module_that_is_not_known_is_left_behind(target: str, tmp_path: Path) -> None:
    path = make(tmp_path / "app.db", "CREATE TABLE kept (a)")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'shape', 'shape', 0,"
            " 'CREATE VIRTUAL TABLE shape USING VirtualSpatialIndex()')"
        )
    code, document = run(path, target)
    (item,) = [item for item in document["objects"] if item["kind"] == "virtual table"]
    assert (code, item["outcome"]) == (3, "not_carried")
    assert "virtualspatialindex" in item["reason"]


@pytest.mark.parametrize(
    ("file", "table", "count"),
    [("edge_fts.db", "email", 1), ("edge_rtree.db", "demo_index", 2), ("john_snow.gpkg", "rtree_deaths_geom", 322)],
)
def test_a_real_database_arrives_with_its_virtual_tables(
    file: str, table: str, count: int, target: str, tmp_path: Path
) -> None:
    if not (DATABASES / file).is_file():
        pytest.skip("the sample databases are not beside the checkout")
    _, document = run(Path(shutil.copyfile(DATABASES / file, tmp_path / file)), target)
    assert document["verdict"] == "equal"
    found = {entry["name"]: (entry["rows_source"], entry["rows_target"]) for entry in document["tables"]}
    assert found[table] == (count, count)
    assert not [
        item for item in document["objects"] if item["kind"] == "virtual table" and item["outcome"] == "not_carried"
    ]
