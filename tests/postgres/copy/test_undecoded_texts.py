"""Texts of long rows, which pass as the bytes that they are stored as: the same rows, and the same refusals."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest
from support.plans import RUN, column, make_source, plan, prepare_target, table

from pgraduate.copy import CellRefused, chunk_stream, load
from pgraduate.copy.rows import RowEncoder
from pgraduate.copy.source import LONG, source_table
from pgraduate.errors import SourceUnusable, TargetUnusable
from pgraduate.sqlite import open_sealed

SCRIPT = "CREATE TABLE t (name TEXT PRIMARY KEY, s, limited, document, n)"
COLUMNS = [
    column("name", "text"),
    column("s", "text"),
    column("limited", "text", "varchar(3)"),
    column("document", "text", "json"),
    column("n", "number"),
]
UNDECODED = {"s", "limited", "document"}


PLANNED = plan(replace(table("t", COLUMNS, key=["name"]), longest=LONG))


def loaded(target: str, source: Path) -> list[tuple[Any, ...]]:
    with closing(open_sealed(source)) as sealed:
        read = source_table(sealed, PLANNED.tables[0])
    assert {COLUMNS[place].source for place in read.undecoded} == UNDECODED, "the test does not test what it says"
    prepare_target(target, PLANNED)
    load(lambda: psycopg.connect(target), source, PLANNED, RUN)
    with psycopg.connect(target) as connection:
        return connection.execute("SELECT name, s, limited, document::text, n FROM app.t ORDER BY name").fetchall()


@pytest.fixture(params=["psycopg's row formatter", "psycopg's write_row"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "psycopg's write_row":
        monkeypatch.setattr(chunk_stream, "private_format", lambda: None)


@pytest.mark.usefixtures("way")
def test_every_text_arrives(target: str, tmp_path: Path) -> None:
    rows = [
        ("a", "é\U0001f600" * LONG, "é\U0001f600z", '{"ä":  1}', 1),
        ("é", "", "", None, 2),
        ("n", None, None, "[]", None),
    ]
    source = make_source(tmp_path / "a.db", SCRIPT, {"t": rows})
    assert loaded(target, source) == sorted(rows)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("stored", "name"), [(b"secret", "blob"), (b"", "blob"), (5, "integer"), (0.5, "real")])
@pytest.mark.parametrize(("other", "as_read"), [("integer", True), ("number", False)])
def test_a_value_of_another_class_is_refused_by_name(
    target: str, tmp_path: Path, stored: Any, name: str, other: str, as_read: bool
) -> None:
    columns = [column("id", "integer"), column("s", "text"), column("n", other)]
    keyed = replace(table("t", columns, key=["id"], rowid_alias="id"), longest=LONG)
    rows = [(6, "fine", 1), (7, stored, 1)]
    source = make_source(tmp_path / "a.db", "CREATE TABLE t (id INTEGER PRIMARY KEY, s, n)", {"t": rows})
    with closing(open_sealed(source)) as sealed:
        encoder = RowEncoder(source_table(sealed, keyed), ("int8", "text", "int8" if as_read else "numeric"))
    assert encoder.sends_rows_as_read is as_read, "the test does not test what it says"
    prepare_target(target, plan(keyed))
    with pytest.raises(CellRefused, match=f"holds a value of class {name}") as caught:
        load(lambda: psycopg.connect(target), source, plan(keyed), RUN)
    assert caught.value.where == "table t, column s, rowid 7"
    assert "secret" not in str(caught.value.to_json())


def test_a_text_that_the_plan_did_not_expect_names_its_column(target: str, tmp_path: Path) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT, {"t": [("a", "fine", None, None, 1)]})
    with closing(apsw.Connection(str(source))) as sqlite:
        sqlite.execute("UPDATE t SET document = CAST(x'61ff' AS TEXT)")
    with pytest.raises(SourceUnusable) as caught:
        loaded(target, source)
    assert caught.value.where == "table t, column document"


def test_a_nul_that_the_plan_did_not_expect_stops_the_load_without_its_value(target: str, tmp_path: Path) -> None:
    source = make_source(tmp_path / "a.db", SCRIPT, {"t": [("a", "secret\x00", None, None, 1)]})
    with pytest.raises(TargetUnusable, match="22021") as caught:
        loaded(target, source)
    assert "secret" not in str(caught.value.to_json())
