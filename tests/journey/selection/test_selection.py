"""A selection from its words to the verdict, the next verification, the live source and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support import oracle
from support.cli import pgraduate
from support.fidelity import Carried, carry, last_plan
from support.server import PrivateServer
from support.sqlite_files import make

from pgraduate.errors import UsageError
from pgraduate.journey.assessing import assess_sources
from pgraduate.journey.since import verify_since
from pgraduate.journey.stages import plan_schema_files, verify_run
from pgraduate.settings import Settings, load

SCRIPT = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, ssn TEXT UNIQUE, region TEXT,"
    " CHECK (region <> ssn))",
    'CREATE TABLE "Order" (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer(id), created TEXT,'
    " note TEXT, log_id INTEGER REFERENCES log_entry)",
    "CREATE TABLE log_entry (id INTEGER PRIMARY KEY, t TEXT)",
    'CREATE TABLE item (order_id INTEGER REFERENCES "Order"(id), n INTEGER, PRIMARY KEY (order_id, n)) WITHOUT ROWID',
    "CREATE INDEX by_expression ON customer (lower(ssn))",
    "CREATE INDEX by_name ON customer (name)",
    'CREATE VIEW sales AS SELECT c.name, count(*) AS n FROM customer c JOIN "Order" o ON o.customer_id = c.id'
    " GROUP BY c.name",
    'CREATE VIEW secrets AS SELECT "ssn" FROM customer',
    "CREATE VIEW stars AS SELECT * FROM customer",
    "CREATE VIEW logs AS SELECT t FROM log_entry",
    'CREATE TRIGGER audit AFTER INSERT ON "Order" BEGIN INSERT INTO log_entry (t) VALUES (new.note); END',
    "CREATE TRIGGER hides AFTER UPDATE OF name ON customer BEGIN UPDATE customer SET region = new.ssn; END",
    "CREATE TRIGGER marks AFTER DELETE ON item BEGIN"
    " UPDATE \"Order\" SET note = 'gone' WHERE id = old.order_id; END",
    """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
    INSERT INTO customer SELECT i, 'n' || i, 's' || i, CASE i % 2 WHEN 1 THEN 'EU' ELSE 'US' END FROM n""",
    "INSERT INTO log_entry SELECT id, 'x' FROM customer WHERE id < 6",
    """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
    INSERT INTO "Order" SELECT i, i % 10 + 1, (2020 + i % 5) || '-01-01', NULL, i % 5 + 1 FROM n""",
    'INSERT INTO item SELECT id, 1 FROM "Order"',
)
WORDS = """
[selection]
exclude = ["log_*", "customer.ssn"]
[rename]
order = "purchase"
"order.note" = "Remark"
[filter]
customer = "region = 'EU' -- only there"
order = "customer_id IN (SELECT id FROM customer WHERE region = 'EU') AND \\"Order\\".created > '2021'"
"""
KEPT_ORDERS = [i for i in range(1, 51) if (i % 10 + 1) % 2 == 1 and i % 5 > 0]


def project(directory: Path, words: str = WORDS) -> Path:
    (directory / "pgraduate.toml").write_text(words, "utf-8")
    return make(directory / "shop.db", *SCRIPT)


@pytest.fixture(scope="module")
def selected(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Carried, Settings]]:
    """One run by a selection; the tests that follow look at it and leave it as it was."""
    directory = tmp_path_factory.mktemp("selection")
    with server.database() as conninfo:
        carried = carry(project(directory), conninfo, directory)
        yield carried, load(directory, target=conninfo, environment={})


def test_what_was_selected_arrives_and_what_was_not_is_listed(selected: tuple[Carried, Settings]) -> None:
    carried, settings = selected
    assert (carried.verdict, carried.code) == ("equal", 3), carried.why
    assert set(carried.not_carried) == {
        "table log_entry", "column customer.ssn", "rows customer", "rows Order", "unique customer(ssn)",
        "check customer.check 1", "index by_expression", "foreign key Order(log_id)", "foreign key item(order_id)",
        "view secrets", "view stars", "view logs", "trigger audit", "trigger hides",
    }  # fmt: skip
    with psycopg.connect(settings.target) as connection:
        kept = connection.execute('SELECT id, "Remark" FROM shop.purchase ORDER BY id').fetchall()
        assert kept == [(number, None) for number in KEPT_ORDERS]
        columns = connection.execute("SELECT * FROM shop.customer").description
        assert [column.name for column in columns or ()] == ["id", "name", "region"]


def test_the_foreign_keys_concerned_are_decided_or_shown(selected: tuple[Carried, Settings]) -> None:
    carried, _ = selected
    evidence = {item["id"]: item["evidence"] for item in carried.document["decisions"]}
    assert evidence == {
        "fk_parent:shop.Order(log_id)": "log_entry is left out by the selection",
        "fk_orphans:shop.item(order_id)": f"{50 - len(KEPT_ORDERS)} rows without a parent;"
        f" the filter of Order leaves {50 - len(KEPT_ORDERS)} rows behind",
    }
    shown = [item["what"] for item in carried.document["findings"] if item["code"] == "FK_RENAMED"]
    assert shown == ['the foreign key is now "shop"."purchase" ("customer_id") to "shop"."customer" ("id")']


def test_a_view_over_filtered_tables_is_compared_with_what_they_carry(selected: tuple[Carried, Settings]) -> None:
    carried, settings = selected
    (view,) = carried.document["views"]
    assert (view["name"], view["rows_source"], view["rows_target"], view["differing"]) == ("sales", 4, 4, 0)
    with psycopg.connect(settings.target) as connection:
        total = connection.execute("SELECT sum(n) FROM shop.sales").fetchone()
    assert total == (len(KEPT_ORDERS),)


def test_the_oracle_finds_the_same_rows(selected: tuple[Carried, Settings], tmp_path: Path) -> None:
    _, settings = selected
    path = make(
        tmp_path / "shop.db",
        *SCRIPT,
        "DROP TRIGGER hides",
        "DROP TRIGGER audit",
        "DROP TRIGGER marks",
        "DELETE FROM \"Order\" WHERE NOT (customer_id % 2 = 1 AND created > '2021')",
        "DELETE FROM customer WHERE region <> 'EU'",
    )
    with psycopg.connect(settings.target) as connection:
        assert oracle.differences(path, connection, last_plan(connection)) == []


def test_a_later_verification_needs_no_selection(selected: tuple[Carried, Settings], tmp_path: Path) -> None:
    """It is in the plan that the target records; a pgraduate.toml that has changed since changes nothing."""
    _, settings = selected
    words = settings.project / "pgraduate.toml"
    text = words.read_text("utf-8")
    words.write_text("", "utf-8")
    try:
        document = verify_run(load(settings.project, target=settings.target, environment={}))
        assert (document["verdict"], document["exit_code"]) == ("equal", 3)
        with psycopg.connect(settings.target, autocommit=True) as connection:
            connection.execute("INSERT INTO shop.customer VALUES (2, 'n2', 'US')")
            document = verify_run(settings)
            connection.execute("DELETE FROM shop.customer WHERE id = 2")
        (found,) = [table for table in document["tables"] if table["differing"]]
        assert [(item["key"], item["kind"]) for item in found["differences"]] == [("id=2", "unexpected")]
    finally:
        words.write_text(text, "utf-8")


def test_since_speaks_of_what_was_selected(selected: tuple[Carried, Settings]) -> None:
    _, settings = selected
    path = settings.project / "shop.db"
    original = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE customer SET ssn = 'other' WHERE id = 1")
        connection.execute("INSERT INTO customer VALUES (90, 'n90', 's90', 'US')")
        connection.execute("INSERT INTO log_entry (t) VALUES ('new')")
    try:
        assert verify_since(settings)["exit_code"] == 0
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE customer SET region = 'EU' WHERE id = 4")
        found = {table["table"]: table for table in verify_since(settings)["sources"][0]["tables"]}
        assert (found["customer"]["inserted"], found["customer"]["changed"]) == (1, 0)
        assert found["Order"]["inserted"] == 5
    finally:
        path.write_bytes(original)


def test_the_same_words_are_flags(target: str, tmp_path: Path) -> None:
    shop = project(tmp_path, "")
    words = (
        "--include", "customer.*", "--include", "item", "--exclude", "customer.ssn", "--rename", "item=line",
        "--filter", "customer=id <= 3",
    )  # fmt: skip
    looked = pgraduate("assess", shop, *words, "--json", cwd=tmp_path)
    assert looked.document["sources"][0]["rows"] == 53, looked.err
    result = pgraduate("run", shop, *words, "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["verdict"]) == (3, "equal"), result.err
    assert {table["name"] for table in result.document["tables"]} == {"customer", "line"}
    assert pgraduate("undo", "--to", target, cwd=tmp_path).code == 0
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regnamespace('shop')").fetchone() == (None,)


def test_renamed_alone_leaves_nothing_behind(target: str, tmp_path: Path) -> None:
    path = make(tmp_path / "a.db", "CREATE TABLE t (x INTEGER)", "CREATE VIEW v AS SELECT x FROM t")
    (tmp_path / "pgraduate.toml").write_text('[rename]\nt = "T 1"\n"t.x" = "ü"\nv = "w"\n', "utf-8")
    carried = carry(path, target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    with psycopg.connect(target) as connection:
        assert connection.execute('SELECT "ü" FROM a."T 1" UNION ALL SELECT x FROM a.w').fetchall() == []


def test_another_selection_does_not_resume_a_run(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = project(tmp_path, '[filter]\ncustomer = "id < 5"\n')
    with monkeypatch.context() as patch:
        patch.setattr(
            "pgraduate.journey.walk.load", lambda *_arguments, **_options: (_ for _ in ()).throw(SystemExit)
        )
        with pytest.raises(SystemExit):
            carry(shop, target, tmp_path)
    (tmp_path / "pgraduate.toml").write_text('[filter]\ncustomer = "id < 6"\n', "utf-8")
    refused = carry(shop, target, tmp_path)
    assert refused.code == 5
    assert "another selection" in refused.why
    (tmp_path / "pgraduate.toml").write_text('[filter]\ncustomer = "id < 5"\n', "utf-8")
    assert carry(shop, target, tmp_path).verdict == "equal"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ('[selection]\nexclude = ["custmer"]', "custmer"),
        ('[rename]\ncustomer = "item"', "'item' is taken already"),
        ('[rename]\n"customer.name" = "region"', "'region' is taken already"),
        ('[filter]\ncustomer = "id > random()"', "another at every call"),
    ],
)
def test_a_selection_that_cannot_be_meant_stops_before_anything(words: str, what: str, tmp_path: Path) -> None:
    shop = project(tmp_path, words)
    settings = load(tmp_path, environment={})
    with pytest.raises(UsageError, match=what):
        assess_sources([shop], settings)


def test_the_reviewed_ddl_says_what_stays_behind(tmp_path: Path) -> None:
    shop = project(tmp_path)
    files = plan_schema_files([shop], load(tmp_path, environment={}), None)["schemas"][0]["files"]
    tables = files["10_tables.sql"]
    assert "NOT CARRIED: table log_entry: left out by the selection" in tables
    assert "NOT CARRIED: column customer.ssn: left out by the selection" in tables
    assert "only rows for which SQLite says: region = 'EU' -- only there" in tables
