"""The files of `schema -o`, given to psql alone, make the catalog that a run makes, whatever the names and texts are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from support.applied import apply_files, catalog_of
from support.cli import pgraduate

NASTY = """
CREATE TABLE "order" ("select" INTEGER PRIMARY KEY, "user" TEXT DEFAULT ':DBNAME :''USER'' %s %(x)s \\! false',
    "a ""quoted"" one" TEXT DEFAULT 'it''s \\echo', "ünïcode ⚓" REAL DEFAULT 1.5,
    "semi;colon" TEXT CHECK ("semi;colon" <> ';'),
    "dollar $1 $$" TEXT DEFAULT '$$ $x$', "line
break" TEXT DEFAULT 'two
\\q
lines');
CREATE TABLE "percent % :USER" (a TEXT, b TEXT, "order" INTEGER REFERENCES "order" ("select") ON DELETE CASCADE,
    UNIQUE (a, b), CHECK (a <> ':HOST' AND b NOT LIKE '%\\%'));
CREATE TABLE a_name_of_more_than_sixty_three_bytes_that_goes_on_and_on_and_on_1 (id INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE a_name_of_more_than_sixty_three_bytes_that_goes_on_and_on_and_on_2 (id INTEGER PRIMARY KEY, x TEXT);
CREATE INDEX "index :PORT" ON "order" ("user" DESC) WHERE "user" <> ':ENCODING';
CREATE INDEX "x" ON "percent % :USER" (lower(a));
CREATE VIEW "view -- of /* it */" AS SELECT "select" AS ":DBNAME", "a ""quoted"" one" FROM "order"
    WHERE "user" LIKE '%\\%' OR "user" = ':USER';
CREATE TRIGGER "when :VERSION" AFTER INSERT ON "order" WHEN NEW."user" = '\\!' BEGIN
    UPDATE "order" SET "semi;colon" = ':DBNAME;\\q' WHERE "select" = NEW."select"; END;
CREATE VIEW lost AS SELECT nowhere_to_be_found("user") AS "\\! touch here" FROM "order";
INSERT INTO "order" ("select", "user") VALUES (7, 'x');
"""


def test_psql_alone_makes_the_catalog_of_a_run(tmp_path: Path, target: str) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, connection:
        connection.executescript(NASTY)
    assert pgraduate("schema", "app.db", "-o", "ddl", cwd=tmp_path).code == 0
    result = pgraduate("run", "app.db", "--to", target, "--json", cwd=tmp_path)
    assert result.document.get("verdict") == "equal", result.err + result.out
    by_run = catalog_of(target, "app")
    assert all(by_run[:5]), "tables, constraints, indexes, views and triggers stand there"
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("DROP SCHEMA app, pgraduate CASCADE; DROP SCHEMA IF EXISTS pgraduate_compat CASCADE")
    apply_files(tmp_path / "ddl", target)
    assert catalog_of(target, "app") == by_run
    assert not (tmp_path / "here").exists()
