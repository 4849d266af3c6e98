"""Types, keys, sequences and names: cases 29 to 40, 42 to 46, and what stands beside them."""

from __future__ import annotations

from support.case import Case

_WIDE = ", ".join(f"c{number} INTEGER" for number in range(1_700))
_WIDEST = ", ".join(f"c{number} TEXT" for number in range(1_590))
_LETTERS = ", ".join(["'sixteen letters.'"] * 1_590)

CASES = (
    Case(
        "29", "strange-type-names", "type names `longvarchar`, `string`, `guid`, `interger`, `text_list`, `varchar2(60)`, "
        "`TEXT[]`, `signed long`, `unsigned int(11)`, `LONG`, '', and one of three words",
        "the affinity decides; no type name is refused",
        """
        CREATE TABLE t (a longvarchar, b string, c guid, d interger, e text_list, f varchar2(60), "g" "TEXT[]",
            h signed long, i unsigned int(11), j LONG, k, l 'a type of ours', m "DOUBLE PRECISION", n NVARCHAR(10), o ENUM);
        INSERT INTO t VALUES ('x', 'x', 'x', 1, 'x', 'x', 'x', 1, 2, 3, 4, 5, 6, 'x', 'x'),
            (1, 2, 3, '4', 5, 6, 7, '8', '9', '10', '11', '12', '13', 14, '15');
        """,
        types={"t.a": "text", "t.d": "bigint", "t.h": "bigint", "t.i": "bigint", "t.m": "double precision"},
    ),
    Case(
        "30", "strict-any", "STRICT table with `ANY`",
        "any_value, each value with its class",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY, n INT NOT NULL, r REAL, b BLOB, s TEXT) STRICT;
        INSERT INTO t VALUES (1, '1', 1, 1, x'01', 'a'), (2, 1, 2, 2.5, NULL, NULL), (3, x'01', 3, NULL, x'', ''),
            (4, 1.0, 4, 3, NULL, NULL), (5, '1.0', 5, 3, NULL, NULL);
        """,
        types={
            "t.a": "pgraduate_compat.any_value", "t.n": "bigint", "t.r": "double precision", "t.b": "bytea",
        },
    ),
    Case(
        "31", "rowid-alias-without-autoincrement", "`INTEGER PRIMARY KEY` without AUTOINCREMENT",
        "an identity that goes on behind the largest rowid",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (7, 'a'), (3, 'b');",
        found={"INSERT INTO app.t (s) VALUES ('c') RETURNING id": (8,)},
    ),
    Case(
        "32", "empty-autoincrement", "an empty AUTOINCREMENT table, never written to",
        "an identity that begins at 1",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, s TEXT); CREATE TABLE \"other's\" (x);",
        found={"INSERT INTO app.t (s) VALUES ('c') RETURNING id": (1,)},
    ),
    Case(
        "33", "sequence-ahead", "the rows with the highest ids deleted, sqlite_sequence = 100",
        "the identity goes on at 101; no id is used twice",
        """
        CREATE TABLE "my ""t"" x" (id INTEGER PRIMARY KEY AUTOINCREMENT, s TEXT);
        INSERT INTO "my ""t"" x" VALUES (1, 'a'), (100, 'b'); DELETE FROM "my ""t"" x" WHERE id = 100;
        """,
        found={'INSERT INTO app."my ""t"" x" (s) VALUES (\'c\') RETURNING id': (101,)},
    ),
    Case(
        "34", "rowids-of-every-sign", "rowids -2^63, -5, 0, 3 and holes",
        "every row; the identity goes on at 4",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);
        INSERT INTO t VALUES (-9223372036854775808, 'a'), (-5, 'b'), (0, 'c'), (3, 'd');
        """,
        found={"INSERT INTO app.t (s) VALUES ('e') RETURNING id": (4,)},
    ),
    Case(
        "34", "only-negative-rowids", "only negative rowids",
        "every row; the identity begins at 1",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (-3, 'a'), (-1, 'b');",
        found={"INSERT INTO app.t (s) VALUES ('e') RETURNING id": (1,)},
    ),
    Case(
        "34", "largest-rowid", "the rowid 2^63-1",
        "every row; an INSERT without an id fails, as it does in SQLite with AUTOINCREMENT",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, s TEXT);
        INSERT INTO t VALUES (9223372036854775807, 'a');
        """,
        code=3, safe=("identity_full:app.t(id)",),
        refused={"INSERT INTO app.t (s) VALUES ('e')": "2200H"},
    ),
    Case(
        "35", "null-keys", "`k TEXT PRIMARY KEY` with NULL keys",
        "UNIQUE in place of the primary key, NULLs stay",
        """
        CREATE TABLE t (k TEXT PRIMARY KEY, n INTEGER);
        INSERT INTO t VALUES ('a', 1), (NULL, 2), (NULL, 2), ('b', 3);
        """,
        code=3, safe=("null_key:app.t(k)",),
        found={"SELECT count(*) FROM pg_constraint WHERE conrelid = 'app.t'::regclass AND contype = 'u'": (1,)},
        refused={"INSERT INTO app.t VALUES ('a', 9)": "23505"},
    ),
    Case(
        "36", "primary-keys-are-primary-keys", "primary keys of one column, of several, WITHOUT ROWID, of a text",
        "each stands as PRIMARY KEY",
        """
        CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (x TEXT, y INTEGER, PRIMARY KEY (y, x));
        CREATE TABLE c (k TEXT PRIMARY KEY, v) WITHOUT ROWID; CREATE TABLE d (k VARCHAR(9) PRIMARY KEY);
        INSERT INTO a VALUES (1); INSERT INTO b VALUES ('x', 1), ('y', 1); INSERT INTO c VALUES ('k', x'00'), ('K', 1);
        INSERT INTO d VALUES ('k');
        """,
        found={
            "SELECT count(*) FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND contype = 'p'": (4,),
        },
    ),
    Case(
        "37", "orphans", "rows whose parent does not exist",
        "the foreign key is left out, every row arrives",
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p);
        INSERT INTO p VALUES (1); INSERT INTO c (p) VALUES (1), (2), (NULL);
        """,
        code=3, safe=("fk_orphans:app.c(p)",), not_carried=("foreign key c(p)",),
    ),
    Case(
        "38", "implicit-parent-key", "`REFERENCES p`, without the parent's column",
        "the parent's primary key, also a composite one",
        """
        CREATE TABLE p (k TEXT PRIMARY KEY); CREATE TABLE c (k TEXT REFERENCES p);
        CREATE TABLE pp (a INTEGER, b TEXT, PRIMARY KEY (b, a));
        CREATE TABLE cc (x TEXT, y INTEGER, FOREIGN KEY (x, y) REFERENCES pp);
        INSERT INTO p VALUES ('a'); INSERT INTO c VALUES ('a');
        INSERT INTO pp VALUES (1, 'b'); INSERT INTO cc VALUES ('b', 1);
        """,
        found={
            "SELECT string_agg(pg_get_constraintdef(oid), '; ' ORDER BY conrelid::regclass::text) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = 'app'::regnamespace": (
                "FOREIGN KEY (k) REFERENCES app.p(k); FOREIGN KEY (x, y) REFERENCES app.pp(b, a)",
            )
        },
    ),
    Case(
        "39", "missing-parent", "a foreign key to a table that does not exist",
        "the foreign key is left out, every row arrives",
        """
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES gone (id));
        INSERT INTO c (p) VALUES (1), (NULL);
        """,
        code=3, safe=("fk_parent:app.c(p)",), not_carried=("foreign key c(p)",),
    ),
    Case(
        "39", "parent-that-is-not-unique", "a foreign key to a column without a unique index",
        "left out; a UNIQUE can be added by decision where no value stands twice",
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY, n INTEGER); CREATE TABLE c (p INTEGER REFERENCES p (n));
        INSERT INTO p (n) VALUES (1), (2); INSERT INTO c VALUES (1);
        """,
        code=3, safe=("fk_parent:app.c(p)",), not_carried=("foreign key c(p)",),
    ),
    Case(
        "39", "text-child-of-integer-parent", "text child of an integer parent: '1' refers to 1",
        "left out: PostgreSQL cannot compare them",
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p TEXT REFERENCES p);
        INSERT INTO p VALUES (1); INSERT INTO c VALUES ('1');
        """,
        code=3, safe=("fk_types:app.c(p)",), not_carried=("foreign key c(p)",),
    ),
    Case(
        "39", "text-in-an-integer-child", "a text in an INTEGER column that refers to an INTEGER PRIMARY KEY",
        "the text arrives; the foreign key, which it violates, is left out",
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p);
        INSERT INTO p VALUES (1), (2); INSERT INTO c (p) VALUES (1), ('none'), (2);
        """,
        code=3, safe=("fk_types:app.c(p)",), not_carried=("foreign key c(p)",),
        types={"p.id": "bigint", "c.p": "text"},
    ),
    Case(
        "39", "rowid-child-of-a-text-parent", "an INTEGER PRIMARY KEY without rows that refers to a TEXT column",
        "the rowid stays bigint and goes on by itself; the foreign key is left out",
        """
        CREATE TABLE p (k TEXT PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY REFERENCES p);
        INSERT INTO p VALUES ('a');
        """,
        code=3, safe=("fk_types:app.c(id)",), not_carried=("foreign key c(id)",), types={"c.id": "bigint"},
        found={"INSERT INTO app.c DEFAULT VALUES RETURNING id": (1,)},
    ),
    Case(
        "39", "generated-child-of-a-blob-parent", "a generated column without rows that refers to a BLOB column",
        "the column keeps the type of its expression; the foreign key is left out",
        """
        CREATE TABLE p (k BLOB PRIMARY KEY); INSERT INTO p VALUES (x'00');
        CREATE TABLE c (a INTEGER, g INTEGER GENERATED ALWAYS AS (a + 1) REFERENCES p);
        """,
        code=3, safe=("fk_types:app.c(g)",), not_carried=("foreign key c(g)",), types={"c.g": "bigint"},
        found={"INSERT INTO app.c VALUES (4) RETURNING g": (5,)},
    ),
    Case(
        "39", "untyped-child", "an untyped child of an INTEGER PRIMARY KEY",
        "bigint on both sides, for all its values are integers; the foreign key stands",
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (a REFERENCES p);
        INSERT INTO p VALUES (1); INSERT INTO c VALUES (1), (NULL);
        """,
        types={"c.a": "bigint"},
    ),
    Case(
        "39", "numeric-child", "a NUMERIC child of an INTEGER PRIMARY KEY",
        "bigint on both sides, for all its values are integers; the foreign key stands",
        """
        CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (a NUMERIC REFERENCES p, b DECIMAL(10,0) REFERENCES p);
        INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1), (NULL, NULL);
        """,
        types={"c.a": "bigint", "c.b": "bigint"},
    ),
    Case(
        "40", "circular-self-and-deferred", "circular, self and DEFERRABLE INITIALLY DEFERRED foreign keys",
        "all stand, valid, and deferred where declared",
        """
        CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES b DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a ON DELETE SET NULL);
        CREATE TABLE tree (id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree ON DELETE CASCADE);
        INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (2, 1); INSERT INTO tree VALUES (5, 1), (1, NULL), (2, 5), (7, 7);
        """,
        found={
            "SELECT count(*), count(*) FILTER (WHERE condeferred), bool_and(convalidated) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = 'app'::regnamespace": (3, 1, True)
        },
    ),
    Case(
        "–", "composite-foreign-key", "a composite foreign key, with NULLs in part of it",
        "one foreign key of two columns",
        """
        CREATE TABLE p (a INTEGER, b TEXT, PRIMARY KEY (a, b));
        CREATE TABLE c (x INTEGER, y TEXT, FOREIGN KEY (x, y) REFERENCES p (a, b) ON UPDATE CASCADE);
        INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES (1, 'a'), (NULL, 'a'), (7, NULL);
        """,
        found={"SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) = 2": (1,)},
    ),
    Case(
        "–", "without-rowid", "WITHOUT ROWID tables, keyed by a blob, by several columns, by a number",
        "every row, every key",
        """
        CREATE TABLE a (k BLOB PRIMARY KEY, v) WITHOUT ROWID;
        CREATE TABLE b (x INTEGER, y REAL, v TEXT, PRIMARY KEY (y DESC, x)) WITHOUT ROWID;
        CREATE TABLE c (k INTEGER PRIMARY KEY, v) WITHOUT ROWID;
        INSERT INTO a VALUES (x'', 1), (x'00', 'a'), (x'ff', 2.5); INSERT INTO b VALUES (1, 1.5, 'a'), (2, -0.0, 'b');
        INSERT INTO c VALUES (5, 'a'), (-5, NULL);
        """,
    ),
    Case(
        "–", "mixed-key-without-rowid", "a WITHOUT ROWID table whose key holds 5, '5', x'35' and 5.5",
        "every row, each value in its class; the key stands and compares as SQLite does: 5.0 is 5, '5' is not",
        """
        CREATE TABLE t (k PRIMARY KEY, v TEXT) WITHOUT ROWID;
        INSERT INTO t VALUES (5, 'int'), ('5', 'text'), (x'35', 'blob'), (5.5, 'real');
        """,
        types={"t.k": "pgraduate_compat.any_value"},
        refused={"INSERT INTO app.t VALUES (pgraduate_compat.any_value(5.0::float8), '')": "23505"},
        found={
            "INSERT INTO app.t VALUES (pgraduate_compat.any_value('5.0'::text), '') RETURNING v": ("",),
            "SELECT v FROM app.t WHERE k = pgraduate_compat.any_value('5'::text)": ("text",),
        },
    ),
    Case(
        "–", "unique-over-three-classes", "a UNIQUE column holding 5, '5' and x'35' together",
        "every row, each value in its class; the constraint stands",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t (u) VALUES (5), ('5'), (x'35'), (NULL);",
        types={"t.u": "pgraduate_compat.any_value"},
        refused={"INSERT INTO app.t (u) VALUES (pgraduate_compat.any_value('5'::bytea))": "23505"},
    ),
    Case(
        "–", "unique-over-three-classes-and-minus-zero", "a UNIQUE column holding 5, '5', x'35' and −0.0",
        "every row, each value in its class, beside text: no number within a value is −0.0; the constraint is left out",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t (u) VALUES (5), ('5'), (x'35'), (-0.0);",
        code=3, safe=("mixed_key:app.t(u)",), not_carried=("unique t(u)",), types={"t.u": "text"},
    ),
    Case(
        "–", "unique-over-three-classes-kept", "a UNIQUE column holding 5, '6' and x'37', which a person wants as text",
        "every row, each value in its class; the constraint stands over their text",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t (u) VALUES (5), ('6'), (x'37'), (NULL);",
        wishes={"app.t.u": "text"}, answers={"mixed_key:app.t(u)": "keep"}, types={"t.u": "text"},
        refused={"INSERT INTO app.t (u) VALUES ('5')": "23505"},
    ),
    Case(
        "–", "unique-over-whole-reals", "a typeless UNIQUE column holding 1, 2.0 and 2.5",
        "any_value, each value in its class; the constraint compares numbers, as in SQLite",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE); INSERT INTO t (u) VALUES (1), (2.0), (2.5);",
        types={"t.u": "pgraduate_compat.any_value"},
        refused={"INSERT INTO app.t (u) VALUES (pgraduate_compat.any_value(2))": "23505"},
    ),
    Case(
        "–", "nul-in-a-key-that-collides", "a UNIQUE column holding 'a\\0b' and 'a\ufffdb', which arrive as one",
        "the NUL is kept in quarantine; the constraint is left out before the load",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE);
        INSERT INTO t (k) VALUES ('a' || char(0) || 'b'), ('a' || char(65533) || 'b');
        """,
        code=3, asks={"quarantine:app.t.k": "quarantine"}, safe=("key_collision:app.t(k)",), quarantined=1,
        not_carried=("unique t(k)",),
    ),
    Case(
        "–", "nul-beside-a-partial-key", "'a\\0b' live and 'a\ufffdb' deleted, under a UNIQUE index of the live rows",
        "the NUL is kept in quarantine; the index stands, for it holds one of them",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT, deleted_at INTEGER);
        CREATE UNIQUE INDEX live_k ON t (k) WHERE deleted_at IS NULL;
        INSERT INTO t (k, deleted_at) VALUES ('a' || char(0) || 'b', NULL), ('a' || char(65533) || 'b', 1), ('c', NULL);
        """,
        code=3, asks={"quarantine:app.t.k": "quarantine"}, quarantined=1,
        refused={"INSERT INTO app.t (k) VALUES ('c')": "23505"},
    ),
    Case(
        "–", "parent-of-another-case-kept", "a child 'ada' of a NOCASE parent 'Ada', whose foreign key a person keeps",
        "the rows that differ by a byte are a decision of their own; the key is left out",
        """
        CREATE TABLE p (k TEXT COLLATE NOCASE PRIMARY KEY); CREATE TABLE c (k TEXT REFERENCES p);
        INSERT INTO p VALUES ('Ada'); INSERT INTO c VALUES ('ada');
        """,
        code=3, answers={"fk_collation:app.c(k)": "keep"}, safe=("fk_orphans:app.c(k)",),
        not_carried=("foreign key c(k)",),
    ),
    Case(
        "–", "unique-over-mixed-numbers", "a UNIQUE NUMERIC column holding 1, 1.5 and texts",
        "every row; the constraint stands where one class is one form",
        "CREATE TABLE t (n NUMERIC UNIQUE, m UNIQUE); INSERT INTO t VALUES (1, 1), (1.5, 1.5), (2, NULL);",
    ),
    Case(
        "41", "nocase-unique", "`email TEXT COLLATE NOCASE UNIQUE`",
        "unique without regard to ASCII case, as in SQLite",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE);
        INSERT INTO t (email) VALUES ('A@x'), ('ä'), ('Ä');
        """,
        refused={"INSERT INTO app.t (email) VALUES ('a@X')": "23505"},
    ),
    Case(
        "41", "collations-in-lower-case", "`UNIQUE COLLATE nocase`, an index by `Rtrim`, `collate binary`",
        "SQLite's own collations, however they are spelled",
        """
        CREATE TABLE t (email TEXT NOT NULL UNIQUE COLLATE nocase, s TEXT collate binary);
        CREATE UNIQUE INDEX trimmed ON t (s COLLATE Rtrim);
        CREATE TABLE c (mail TEXT COLLATE NoCase PRIMARY KEY); CREATE VIEW v AS SELECT email FROM t WHERE email = 'a@X';
        INSERT INTO t VALUES ('A@x', 'a'), ('b', 'b  '), ('ä', ' b'), ('Ä', 'A'); INSERT INTO c VALUES ('A');
        """,
        refused={
            "INSERT INTO app.t VALUES ('a@X', 'c')": "23505", "INSERT INTO app.t VALUES ('d', 'a ')": "23505",
            "INSERT INTO app.c VALUES ('a')": "23505",
        },
        found={"SELECT email FROM app.v": ("A@x",)},
    ),
    Case(
        "42", "partial-and-expression-indexes", "a partial UNIQUE index, an index over `lower(s)`",
        "both, with predicate and expression",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, deleted INTEGER);
        CREATE UNIQUE INDEX live ON t (s) WHERE deleted = 0; CREATE INDEX low ON t (lower(s));
        INSERT INTO t (s, deleted) VALUES ('a', 0), ('a', 1), ('a', 1);
        """,
        refused={"INSERT INTO app.t (s, deleted) VALUES ('a', 0)": "23505"},
        found={"INSERT INTO app.t (s, deleted) VALUES ('a', 1) RETURNING id": (4,)},
    ),
    Case(
        "43", "names-beyond-63-bytes", "tables, columns and indexes whose names agree in 63 bytes",
        "every one, under a name of its own",
        f"""
        CREATE TABLE t_{'x' * 70}_a (c_{'ä' * 40}_1 INTEGER, c_{'ä' * 40}_2 INTEGER);
        CREATE TABLE t_{'x' * 70}_b (i INTEGER); CREATE INDEX i_{'y' * 70}_1 ON t_{'x' * 70}_b (i);
        CREATE INDEX i_{'y' * 70}_2 ON t_{'x' * 70}_b (i DESC);
        INSERT INTO t_{'x' * 70}_a VALUES (1, 2); INSERT INTO t_{'x' * 70}_b VALUES (3);
        """,
        found={"SELECT count(*) FROM pg_indexes WHERE schemaname = 'app'": (2,)},
    ),
    Case(
        "44", "names-of-every-kind", "names with quotes, spaces, dots, non-ASCII, reserved words, `T` and `ctid`",
        "every one, folded to lower case; what PostgreSQL keeps for itself gets another name, and that is said",
        """
        CREATE TABLE "a""q" ("b""q" INTEGER, "c d" TEXT, "e.f" TEXT, 'g''h' TEXT);
        CREATE TABLE "user" ("order" INTEGER PRIMARY KEY, "references" TEXT, "select" TEXT UNIQUE);
        CREATE TABLE "transaction" (interval TEXT, ctid TEXT, xmin INTEGER, "Größe" REAL, "%s" TEXT, "{}" TEXT,
            "a:b" TEXT, "a\\b" TEXT);
        CREATE TABLE MixedCase (Id INTEGER PRIMARY KEY, CamelCase TEXT);
        CREATE TABLE "sp ace" (x INTEGER REFERENCES "user"); CREATE INDEX "i x" ON "sp ace" (x);
        INSERT INTO "a""q" VALUES (1, 'a', 'b', 'c'); INSERT INTO "user" VALUES (1, 'a', 'b');
        INSERT INTO "transaction" VALUES ('a', 'b', 1, 1.5, 'p', 'q', 'r', 's'); INSERT INTO MixedCase VALUES (1, 'x');
        INSERT INTO "sp ace" VALUES (1);
        """,
        found={"SELECT camelcase FROM app.mixedcase": ("x",)},
    ),
    Case(
        "45", "empty-names", "a table `\"\"` with a column `\"\"`",
        "both, under names that PostgreSQL allows, and that is said",
        'CREATE TABLE "" ("" INTEGER, a TEXT); INSERT INTO "" VALUES (1, \'x\');',
    ),
    Case(
        "46", "generated-columns", "VIRTUAL and STORED generated columns",
        "STORED in PostgreSQL, and compared with SQLite's values",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER AS (a * 2), c TEXT AS (upper(s)) STORED, s TEXT);
        INSERT INTO t (a, s) VALUES (1, 'x'), (NULL, NULL), (-7, 'ä');
        """,
    ),
    Case(
        "49", "unique-by-an-own-collation", "a UNIQUE column of a collation that only the application has",
        "every row arrives; the constraint stays behind until a person says that bytes may decide",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT COLLATE unicase, UNIQUE (name));
        INSERT INTO t (name) VALUES ('É'), ('e'), ('F');
        """,
        code=3, safe=("collation:app.t(name)",), not_carried=("unique t(name)",),
    ),
    Case(
        "41", "child-of-a-nocase-parent", "a foreign key to a NOCASE column: 'A' refers to 'a'",
        "every row arrives; the foreign key, which PostgreSQL would compare by bytes, stays behind",
        """
        CREATE TABLE p (k TEXT PRIMARY KEY COLLATE NOCASE); CREATE TABLE c (k TEXT REFERENCES p);
        INSERT INTO p VALUES ('a'); INSERT INTO c VALUES ('A'), ('a');
        """,
        code=3, safe=("fk_collation:app.c(k)",), not_carried=("foreign key c(k)",),
    ),
    Case(
        "–", "more-than-1600-columns", "1,700 columns",
        "nothing is written before a person decides to leave the table out",
        f"CREATE TABLE wide ({_WIDE}); INSERT INTO wide (c0) VALUES (1); CREATE TABLE t (n); INSERT INTO t VALUES (1);",
        code=3, asks={"columns:app.wide": "leave_out"}, not_carried=("table wide",),
    ),
    Case(
        "–", "1590-columns-of-text", "1,590 columns of text, every value short",
        "the row arrives",
        f"CREATE TABLE wide ({_WIDEST}); INSERT INTO wide (c0, c1589) VALUES ('a', 'b');",
    ),
    Case(
        "–", "row-beyond-a-page", "a row whose 1,590 values fill more than 8,160 bytes",
        "nothing is written before a person decides to leave the table out",
        f"CREATE TABLE wide ({_WIDEST}); INSERT INTO wide VALUES ({_LETTERS});",
        code=3, asks={"row_size:app.wide": "leave_out"}, not_carried=("table wide",),
    ),
    Case(
        "–", "row-that-just-fits", "1,000 integers in one row, which is 8,152 bytes",
        "the row arrives, and no question is asked",
        "CREATE TABLE wide (" + ", ".join(f"c{i} INTEGER" for i in range(1000)) + "); INSERT INTO wide VALUES ("
        + ", ".join(map(str, range(1000))) + ");",
        found={"SELECT c0, c999 FROM app.wide": (0, 999)},
    ),
    Case(
        "–", "entry-too-long-for-a-unique-index", "a UNIQUE column with a text of 5,000 random bytes",
        "unique over its md5",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT UNIQUE);
        INSERT INTO t (s) VALUES (hex(randomblob(5000))), ('short');
        """,
        code=3, safe=("index_size:app.t(s)",),
        refused={"INSERT INTO app.t (s) VALUES ('short')": "23505"},
    ),
    Case(
        "–", "entry-too-long-for-an-index", "an index over texts of 5,000 random bytes",
        "an index that holds them",
        """
        CREATE TABLE t (s TEXT, n INTEGER); CREATE INDEX one ON t (s); CREATE INDEX two ON t (n, s);
        INSERT INTO t VALUES (hex(randomblob(5000)), 1), ('short', 2);
        """,
        found={"SELECT count(*) FROM pg_indexes WHERE schemaname = 'app'": (2,)},
    ),
    Case(
        "–", "entry-too-long-for-a-primary-key", "a TEXT PRIMARY KEY of 5,000 random bytes",
        "unique over its md5",
        """
        CREATE TABLE t (s TEXT PRIMARY KEY, n INTEGER);
        INSERT INTO t VALUES (hex(randomblob(5000)), 1), ('short', 2);
        """,
        code=3, safe=("index_size:app.t(s)",),
        refused={"INSERT INTO app.t (s) VALUES ('short')": "23505"},
    ),
    Case(
        "–", "not-null-that-holds-null", "a column that was made NOT NULL behind the rows",
        "the rows arrive, the constraint is left out",
        """
        CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (NULL); PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a INTEGER NOT NULL)' WHERE name = 't';
        """,
        code=3, safe=("not_null:app.t.a",),
    ),
    Case(
        "–", "sqlite-own-tables", "sqlite_stat1 and sqlite_sequence",
        "they stay in SQLite",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER); CREATE INDEX i ON t (n);
        INSERT INTO t (n) VALUES (1), (2); ANALYZE;
        """,
        found={"SELECT count(*) FROM pg_tables WHERE schemaname = 'app'": (1,)},
    ),
    Case(
        "–", "tables-without-rows-or-key", "tables without rows, without a key, with equal rows",
        "every row as often as it stands in SQLite",
        """
        CREATE TABLE none (a INTEGER, b); CREATE TABLE twins (a, b); CREATE TABLE nulls (a INTEGER, b TEXT);
        INSERT INTO twins VALUES (1, 'x'), (1, 'x'), ('1', 'x'), (1.0, 'x'), (x'31', 'x'), (NULL, NULL), (NULL, NULL);
        INSERT INTO nulls VALUES (NULL, NULL), (NULL, NULL);
        """,
    ),
)  # fmt: skip
