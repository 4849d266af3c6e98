"""What uninstall says of the databases that the runtime made, and that their tables stay."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support.chosen import choose_server

from pgraduate import dbapi
from pgraduate.dbapi.pool import close_pools
from pgraduate.journey.uninstall import uninstall
from pgraduate.settings import load


def test_the_definitions_of_the_runtime_are_a_question(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    choose_server(monkeypatch, target)
    with dbapi.connect(tmp_path / "app.db") as connection:
        connection.execute("CREATE TABLE t(a INTEGER)")
        connection.execute("INSERT INTO t VALUES (1)")
        schema = connection.place.schema
    connection.close()
    close_pools()
    found = uninstall(load(target=target))
    (records,) = [trace for trace in found["found"] if trace["name"] == "pgraduate"]
    assert records["holds"] == "the definitions by which applications run on 1 schema"
    Path("pgraduate.toml").write_text('[decisions]\n"uninstall:pgraduate" = "discard"\n')
    uninstall(load(target=target), yes=True)
    with psycopg.connect(target) as server:
        assert server.execute(f'SELECT a FROM "{schema}".t').fetchall() == [(1,)]
        assert server.execute("SELECT to_regnamespace('pgraduate')").fetchone() == (None,)
