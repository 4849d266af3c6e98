"""A run taken back leaves the catalog as it was."""

from __future__ import annotations

from pathlib import Path

import psycopg
from support.cli import pgraduate
from support.pgcatalog import snapshot
from support.sources import make_shop


def test_undo_gives_back_the_catalog_as_it_was(tmp_path: Path, target: str) -> None:
    with psycopg.connect(target) as connection:
        connection.execute("CREATE TABLE public.mine (id integer)")
    before = snapshot(target)
    shop = make_shop(tmp_path / "shop.db")
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    assert snapshot(target) != before
    undone = pgraduate("undo", "--to", target, "--json", cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert undone.document["removed"]
    assert snapshot(target) == before


def test_after_an_undo_the_run_can_be_made_again(tmp_path: Path, target: str) -> None:
    shop = make_shop(tmp_path / "shop.db")
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    pgraduate("undo", "--to", target, cwd=tmp_path)
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0


def test_undo_refuses_to_lose_rows_written_since(tmp_path: Path, target: str) -> None:
    shop = make_shop(tmp_path / "shop.db")
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    with psycopg.connect(target) as connection:
        connection.execute("INSERT INTO product (title, price) VALUES ('new', 1)")
    after_write = snapshot(target)
    refused = pgraduate("undo", "--to", target, "--json", cwd=tmp_path)
    assert refused.code == 5
    assert "product" in refused.document["error"]["message"]
    assert snapshot(target) == after_write


def test_undo_of_one_of_two_runs_leaves_the_other(tmp_path: Path, target: str) -> None:
    one, two = make_shop(tmp_path / "one.db"), make_shop(tmp_path / "two.db")
    pgraduate("run", one, "--to", target, cwd=tmp_path)
    middle = snapshot(target)
    pgraduate("run", two, "--to", target, cwd=tmp_path)
    assert pgraduate("undo", "--to", target, cwd=tmp_path).code == 0
    assert snapshot(target) == middle
    assert pgraduate("verify", "--to", target, cwd=tmp_path).code == 0


def test_undo_where_nothing_was_done_says_so(tmp_path: Path, target: str) -> None:
    result = pgraduate("undo", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 2
    assert "knows no run" in result.document["error"]["message"]


def test_uninstall_leaves_only_what_the_users_objects_need(tmp_path: Path, target: str) -> None:
    shop = make_shop(tmp_path / "shop.db")
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    listed = pgraduate("uninstall", "--to", target, "--json", cwd=tmp_path).document
    assert not listed["removed"]
    assert listed["found"] == listed["left"]
    document = pgraduate("uninstall", "--to", target, "--yes", "--json", cwd=tmp_path).document
    assert all(trace["needed_by"] for trace in document["left"])
    left = {trace["name"] for trace in document["left"] if trace["kind"] == "schema"}
    with psycopg.connect(target) as connection:
        present = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pgraduate%'").fetchall()
        assert {name for (name,) in present} == left
        assert connection.execute("SELECT count(*) FROM purchase").fetchone() == (500,)
