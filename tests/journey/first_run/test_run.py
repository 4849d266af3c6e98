"""One ordinary database, the whole way."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.sources import fingerprint, make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return make_shop(tmp_path / "data" / "shop.db")


def test_an_ordinary_database_arrives_whole(shop: Path, target: str, tmp_path: Path) -> None:
    result = pgraduate("run", shop, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.err + result.out
    document = result.document
    assert document["verdict"] == "equal"
    assert document["why"] == []
    rows = {table["name"]: (table["rows_source"], table["rows_target"]) for table in document["tables"]}
    assert rows == {"customer": (50, 50), "product": (20, 20), "purchase": (500, 500)}
    assert {item["outcome"] for item in document["objects"]} <= {"carried", "translated"}


def test_the_figures_are_those_of_the_target(shop: Path, target: str, tmp_path: Path) -> None:
    document = pgraduate("run", shop, "--to", target, "--json", cwd=tmp_path).document
    with psycopg.connect(document["target"]["conninfo"]) as connection:
        for table in document["tables"]:
            counted = connection.execute(f'SELECT count(*) FROM shop."{table["name"]}"').fetchone()
            assert counted == (table["rows_target"],)


def test_the_keys_stand_valid_in_the_catalog(shop: Path, target: str, tmp_path: Path) -> None:
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    with psycopg.connect(target) as connection:
        found = connection.execute(
            "SELECT confrelid::regclass::text, confdeltype, convalidated FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = 'shop.purchase'::regclass ORDER BY 1"
        ).fetchall()
    assert found == [("customer", "c", True), ("product", "a", True)]


def test_the_tables_are_found_unqualified(shop: Path, target: str, tmp_path: Path) -> None:
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT count(*) FROM purchase").fetchone() == (500,)


def test_the_next_id_is_sqlites_next_id(shop: Path, target: str, tmp_path: Path) -> None:
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    with psycopg.connect(target) as connection:
        row = connection.execute("INSERT INTO product (title, price) VALUES ('new', 1) RETURNING id").fetchone()
    assert row == (21,)


def test_the_trigger_works_in_the_target(shop: Path, target: str, tmp_path: Path) -> None:
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    with psycopg.connect(target) as connection:
        connection.execute("INSERT INTO purchase (customer_id, product_id) VALUES (1, 1)")
        row = connection.execute("SELECT note FROM purchase ORDER BY id DESC LIMIT 1").fetchone()
    assert row == ("none",)


def test_the_source_is_not_touched(shop: Path, target: str, tmp_path: Path) -> None:
    before = fingerprint(shop.parent)
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    assert fingerprint(shop.parent) == before


def test_a_finished_run_is_not_repeated(shop: Path, target: str, tmp_path: Path) -> None:
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    again = pgraduate("run", shop, "--to", target, "--json", cwd=tmp_path)
    assert again.code == 5
    assert again.document["error"]["code"] == "REFUSED"


def test_verify_names_a_changed_row_by_its_key(shop: Path, target: str, tmp_path: Path) -> None:
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    with psycopg.connect(target) as connection:
        connection.execute("UPDATE purchase SET quantity = quantity + 1 WHERE id = 77")
    result = pgraduate("verify", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 4
    document = result.document
    assert document["verdict"] == "different"
    (table,) = [table for table in document["tables"] if table["differing"]]
    assert (table["name"], table["differing"]) == ("purchase", 1)
    (difference,) = table["differences"]
    assert (difference["key"], difference["kind"], difference["columns"]) == ("id=77", "changed", ["quantity"])


def test_the_report_of_a_run_stands_beside_its_journal(shop: Path, target: str, tmp_path: Path) -> None:
    document = pgraduate("run", shop, "--to", target, "--json", cwd=tmp_path).document
    page = Path(document["report"]["html"]).read_text()
    assert "purchase" in page
    report = json.loads(Path(document["report"]["json"]).read_text())
    assert report["schema_version"] == 1


def test_status_says_what_stands_there(shop: Path, target: str, tmp_path: Path) -> None:
    pgraduate("run", shop, "--to", target, cwd=tmp_path)
    document = pgraduate("status", "--to", target, "--json", cwd=tmp_path / "data").document
    (run,) = document["runs"]
    assert (run["state"], run["verdict"], run["rows_done"], run["rows_planned"]) == ("finished", "equal", 570, 570)


def test_two_sources_go_to_a_schema_each(tmp_path: Path, target: str) -> None:
    first, second = make_shop(tmp_path / "one.db"), make_shop(tmp_path / "two.db", purchases=7)
    document = pgraduate("run", first, second, "--to", target, "--json", cwd=tmp_path).document
    assert document["verdict"] == "equal"
    counts = {(t["schema"], t["name"]): t["rows_target"] for t in document["tables"]}
    assert (counts["one", "purchase"], counts["two", "purchase"]) == (500, 7)


def test_the_embedded_server_needs_no_setup(shop: Path, tmp_path: Path) -> None:
    try:
        result = pgraduate("run", shop, "--json", cwd=tmp_path)
        assert result.code == 0, result.err
        conninfo = result.document["target"]["conninfo"]
        status = pgraduate("server", "status", "--json", cwd=tmp_path).document
        assert status["conninfo"] == conninfo
        with psycopg.connect(conninfo) as connection:
            assert connection.execute("SELECT count(*) FROM purchase").fetchone() == (500,)
    finally:
        assert pgraduate("server", "remove", "--yes", cwd=tmp_path).code == 0


def test_a_dry_run_writes_nothing(shop: Path, target: str, tmp_path: Path) -> None:
    result = pgraduate("run", shop, "--to", target, "--dry-run", "--json", cwd=tmp_path)
    assert result.code == 0
    assert result.document["sources"][0]["rows"] == 570
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regnamespace('shop')").fetchone() == (None,)
    assert not (tmp_path / ".pgraduate").exists()


def test_schema_writes_files_that_psql_would_take(shop: Path, tmp_path: Path) -> None:
    document = pgraduate("schema", shop, "-o", tmp_path / "ddl", "--json", cwd=tmp_path).document
    (schema,) = document["schemas"]
    text = "\n".join(Path(name).read_text() for name in schema["written"])
    assert 'CREATE TABLE "shop"."purchase"' in text


def test_a_backup_is_a_whole_database(shop: Path, tmp_path: Path) -> None:
    document = pgraduate("backup", shop, "-o", tmp_path / "kept.db", "--json", cwd=tmp_path).document
    assert Path(document["sealed"]) == tmp_path / "kept.db"
    assert (tmp_path / "kept.db").stat().st_size == document["bytes"]
