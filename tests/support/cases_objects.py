"""Views, triggers, checks, virtual tables, collations and migration lists: cases 41, 42, 47 to 49 and 59."""

from __future__ import annotations

from support.case import Case

CASES = (
    Case(
        "41", "nocase-is-ascii-only", "`COLLATE NOCASE` over texts with umlauts, in a column, an index and a comparison",
        "A and a are one, Ä and ä are two, as in SQLite",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE UNIQUE); CREATE INDEX i ON t (s COLLATE NOCASE DESC);
        INSERT INTO t (s) VALUES ('Ä'), ('ä'), ('B'); CREATE VIEW v AS SELECT id FROM t WHERE s = 'b';
        """,
        found={"SELECT count(*) FROM app.v": (1,)},
        refused={"INSERT INTO app.t (s) VALUES ('b')": "23505"},
    ),
    Case(
        "42", "partial-unique-index-keeps-its-predicate", "a partial UNIQUE index over rows that are not deleted",
        "unique among the rows of the predicate alone",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, deleted INTEGER NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX u ON t (s) WHERE deleted = 0; INSERT INTO t (s, deleted) VALUES ('a', 1), ('a', 1), ('a', 0);
        """,
        found={"INSERT INTO app.t (s, deleted) VALUES ('a', 1) RETURNING 1": (1,)},
        refused={"INSERT INTO app.t (s) VALUES ('a')": "23505"},
    ),
    Case(
        "47", "views-of-views", "a view over a view that was made before it, with SQLite's functions",
        "both, in the order of their dependence, and their rows are compared",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, at TEXT);
        INSERT INTO t (s, at) VALUES ('one', '2024-01-31 10:00:00'), ('two', '2024-02-29 10:00:00'), (NULL, NULL);
        CREATE VIEW b AS SELECT id, ifnull(upper(s), '-') AS s, strftime('%Y-%m', at) AS month FROM t;
        CREATE VIEW a AS SELECT month, count(*) AS n, group_concat(s) AS s FROM b GROUP BY month;
        """,
        found={"SELECT n FROM app.a WHERE month = '2024-02'": (1,)},
    ),
    Case(
        "47", "triggers-of-every-time", "AFTER with WHEN, UPDATE OF, RAISE, and INSTEAD OF on a view",
        "each does what it did, row by row",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT); CREATE TABLE log (what TEXT, n INTEGER);
        CREATE VIEW v AS SELECT id, s FROM t;
        CREATE TRIGGER big AFTER INSERT ON t WHEN new.n > 10 BEGIN INSERT INTO log VALUES ('big', new.n); END;
        CREATE TRIGGER changed AFTER UPDATE OF n ON t BEGIN INSERT INTO log VALUES ('changed', old.n); END;
        CREATE TRIGGER guard BEFORE DELETE ON t WHEN old.n = 7 BEGIN SELECT RAISE(ABORT, 'seven stays'); END;
        CREATE TRIGGER through INSTEAD OF INSERT ON v BEGIN INSERT INTO t (s, n) VALUES (new.s, 11); END;
        INSERT INTO t (n, s) VALUES (7, 'a');
        """,
        found={
            "WITH w AS (INSERT INTO app.v (s) VALUES ('b') RETURNING 1) SELECT count(*) FROM w": (1,),
            "SELECT n FROM app.t WHERE s = 'b'": (11,),
            "SELECT n FROM app.log WHERE what = 'big'": (11,),
        },
        refused={"DELETE FROM app.t WHERE n = 7": "23000"},
    ),
    Case(
        "47", "checks-with-sqlites-functions", "CHECK with GLOB, length and LIKE, and with REGEXP, which SQLite lacks",
        "three stand; the one that SQLite itself could not evaluate is left out, and that is said",
        """
        CREATE TABLE t (a TEXT CHECK (a GLOB '[A-Z]*'), b TEXT CHECK (length(b) BETWEEN 1 AND 3),
            c TEXT CHECK (c LIKE 'x%'));
        INSERT INTO t VALUES ('Abc', 'ab', 'Xy'), (NULL, NULL, NULL);
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, 'c LIKE', 'c REGEXP ''.*'' OR c LIKE') WHERE name = 't';
        """,
        code=3,
        not_carried=("check t.check 3",),
        refused={"INSERT INTO app.t (a) VALUES ('abc')": "23514", "INSERT INTO app.t (b) VALUES ('abcd')": "23514"},
    ),
    Case(
        "48", "full-text-and-boxes", "FTS3, FTS4, FTS5 and R-Tree tables with their shadow tables",
        "each arrives as a table with an index for its searches; no shadow table does",
        """
        CREATE VIRTUAL TABLE f3 USING fts3(body); INSERT INTO f3 VALUES ('three');
        CREATE VIRTUAL TABLE f4 USING fts4(body); INSERT INTO f4 VALUES ('four');
        CREATE VIRTUAL TABLE f5 USING fts5(body); INSERT INTO f5 VALUES ('five');
        CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, y0, y1); INSERT INTO r VALUES (1, 0, 1, 0, 1);
        """,
        found={"SELECT count(*) FROM pg_tables WHERE schemaname = 'app'": (4,)},
    ),
    Case(
        "48", "module-that-is-not-there", "a virtual table of a module that nobody has registered",
        "it is listed as not carried, with its SQL; every other table arrives",
        """
        CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1); PRAGMA writable_schema = ON;
        INSERT INTO sqlite_schema VALUES ('table', 'lost', 'lost', 0, 'CREATE VIRTUAL TABLE lost USING nowhere(a, b)');
        """,
        code=3, not_carried=("virtual table lost",),
    ),
    Case(
        "49", "collation-that-is-not-registered", "a column, a UNIQUE and an index by a collation of the application",
        "every row is read; the key by that collation is left out by decision",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t (s) VALUES ('b'), ('A'), ('a');
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = 'CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE unicase)' WHERE name = 't';
        """,
        found={"SELECT count(*) FROM app.t": (3,)},
    ),
    Case(
        "59", "migration-list-of-a-framework", "`alembic_version`, carried with everything else",
        "it arrives as it is, and the run says which framework will look at it",
        """
        CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
        INSERT INTO alembic_version VALUES ('0f');
        CREATE TABLE t (n INTEGER);
        """,
        found={"SELECT version_num FROM app.alembic_version": ("0f",)},
    ),
)  # fmt: skip
