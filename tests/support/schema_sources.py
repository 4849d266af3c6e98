"""SQLite files for the schema stage: made from a script, read as a sealed copy is, planned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import apsw
import psycopg

from pgraduate import compat
from pgraduate.model.plan import ObjectPlan, SchemaPlan
from pgraduate.postgres import records
from pgraduate.schema import plan
from pgraduate.settings import Policy
from pgraduate.sqlite import read_catalog, take_census

RUN = "run-1"

LIBRARY = """
CREATE TABLE "Author" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    born DATE,
    active BOOLEAN NOT NULL DEFAULT 1,
    CHECK (length(name) > 0)
);
CREATE TABLE book (
    isbn VARCHAR(13) PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES "Author" ON DELETE CASCADE ON UPDATE SET NULL
        DEFERRABLE INITIALLY DEFERRED,
    title TEXT NOT NULL,
    price DECIMAL(8,2),
    added DATETIME DEFAULT CURRENT_TIMESTAMP,
    meta JSON,
    rating REAL DEFAULT 0.5,
    cover BLOB,
    shelf,
    loud TEXT GENERATED ALWAYS AS (upper(isbn)) VIRTUAL
);
CREATE TABLE loan (
    book TEXT REFERENCES book(isbn),
    reader TEXT REFERENCES reader(card),
    since INTEGER,
    PRIMARY KEY (book, since)
) WITHOUT ROWID;
CREATE TABLE tag (name TEXT PRIMARY KEY, kind TEXT, UNIQUE (kind, name));
CREATE TABLE note (book TEXT REFERENCES book, "text" TEXT DEFAULT 'none', xmin INTEGER);
CREATE INDEX book_by_price ON book (price DESC, title);
CREATE UNIQUE INDEX one_active ON "Author" (born) WHERE active = 1;
CREATE INDEX tag_again ON tag (kind, name);
CREATE INDEX note_text ON note ("text");
CREATE INDEX by_lower ON book (lower(title));
CREATE VIEW dear AS SELECT title, price FROM book WHERE price > 10;
CREATE VIEW dearest AS SELECT title AS "Top Title" FROM dear;
CREATE VIEW broken AS SELECT no_such_function(title) FROM book;
CREATE VIEW on_broken AS SELECT * FROM broken;
CREATE TRIGGER note_book AFTER INSERT ON book BEGIN INSERT INTO note (book) VALUES (new.isbn); END;
CREATE VIRTUAL TABLE search USING fts5(body);
INSERT INTO "Author" (id, name, born, active) VALUES (1, 'Ada', '1815-12-10', 1), (7, 'Bob', NULL, 0);
INSERT INTO "Author" (id, name) VALUES (40, 'Eve');
DELETE FROM "Author" WHERE id = 40;
DROP TRIGGER note_book;
INSERT INTO book (isbn, author, title, price, added, meta, cover, shelf) VALUES
    ('1', 1, 'One', 12.5, '2024-01-02 03:04:05', '{"a": 1}', x'00ff', 3),
    ('2', 7, 'Two', 9, '2024-01-02 03:04:06', '[]', NULL, 'top');
CREATE TRIGGER note_book AFTER INSERT ON book BEGIN INSERT INTO note (book) VALUES (new.isbn); END;
INSERT INTO loan VALUES ('1', 'r1', 5);
INSERT INTO tag VALUES (NULL, 'x'), ('n', 'x');
INSERT INTO note (book, xmin) VALUES ('gone', 1);
"""
"""One of everything that a schema plan knows how to treat."""


ORPHANS = """
    CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TABLE c (p INTEGER REFERENCES p ON DELETE SET NULL);
    INSERT INTO c VALUES (9);
"""
NOT_UNIQUE = """
    CREATE TABLE p (code TEXT);
    CREATE TABLE c (p TEXT REFERENCES p (code));
    INSERT INTO p VALUES ('a'), ('b');
    INSERT INTO c VALUES ('a');
"""
NUL_IN_KEY = "CREATE TABLE t (k TEXT UNIQUE); INSERT INTO t VALUES ('a' || char(0) || 'b');"
MIXED_KEY = "CREATE TABLE t (k UNIQUE); INSERT INTO t VALUES (1), ('1'), (x'00'), (-0.0);"
MIXED_KEY_APART = "CREATE TABLE t (k UNIQUE); INSERT INTO t VALUES (1), ('2'), (x'00'), (-0.0);"
TYPES_APART = """
    CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TABLE c (p TEXT REFERENCES p);
    INSERT INTO p VALUES (1);
    INSERT INTO c VALUES ('1');
"""
NULL_KEY = "CREATE TABLE t (k TEXT PRIMARY KEY); INSERT INTO t VALUES (NULL), ('a');"
LONG_KEY = "CREATE TABLE t (k TEXT UNIQUE); INSERT INTO t VALUES (hex(zeroblob(2000)));"
LAST_ROWID = "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (9223372036854775807);"
OWN_COLLATION = "CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY); CREATE TABLE c (k TEXT REFERENCES t);"


def plan_script(
    path: Path,
    script: str,
    *,
    policy: Policy = Policy.DECLARED,
    answers: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    exact: bool = False,
) -> SchemaPlan:
    """Make a SQLite file `path`/lib.db from a script and plan its schema."""
    file = path / "lib.db"
    connection = apsw.Connection(str(file))
    try:
        connection.execute(script)
    finally:
        connection.close()
    catalog = read_catalog(file)
    return plan(
        catalog,
        take_census(file, catalog),
        policy=policy,
        answers=answers,
        overrides=overrides,
        exact_identifiers=exact,
    )


def prepare(connection: psycopg.Connection) -> None:
    """Install what a run has installed before its first table: records, the run, the compat functions."""
    records.install(connection)
    compat.install(connection, compat.SCHEMA)
    connection.execute("INSERT INTO pgraduate.run (run_id, version) VALUES (%s, 'test')", (RUN,))


def found(planned: SchemaPlan, kind: str, name: str) -> ObjectPlan:
    """Find one object of a plan; there must be exactly one."""
    (item,) = (item for item in planned.objects if (item.kind, item.name) == (kind, name))
    return item
