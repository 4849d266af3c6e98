"""Values against types: cases 1 to 4 and 13 to 28."""

from __future__ import annotations

from support.case import Case
from support.soak import count

_MANY = count(100_000, full=1_000_000)
_TOKYO = """
DO $$ BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database()); END $$
"""

CASES = (
    Case(
        "1", "integer-column-of-every-class", "`n INTEGER` holds 'abc', 12.5, '', x'00ff' and integers",
        "any_value holds them all, each with its class, in SQLite's order",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);
        INSERT INTO t (n) VALUES (1), ('abc'), (12.5), (''), (x'00ff'), (NULL), (-7), (9223372036854775807);
        """,
        types={"t.n": "pgraduate_compat.any_value"},
        found={
            "SELECT string_agg(pgraduate_compat.any_shown(n), ',' ORDER BY n) FROM app.t": (
                "-7,1,12.5,9223372036854775807,,abc,\\x00ff",
            ),
            "SELECT count(*) FROM pgraduate.kept_class": (0,),
        },
    ),
    Case(
        "2", "integer-beyond-four-bytes", "`n INT` = 3000000000",
        "bigint",
        "CREATE TABLE t (n INT); INSERT INTO t VALUES (3000000000), (1);",
        types={"t.n": "bigint"},
    ),
    Case(
        "3", "application-needs-four-bytes", "the application decodes four bytes, and asks for `integer`",
        "integer, proven by every stored value",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t (n) VALUES (2147483647), (-5);",
        wishes={"t.id": "integer", "t.n": "integer"},
        types={"t.id": "integer", "t.n": "integer"},
    ),
    Case(
        "4", "booleans-that-are-booleans", "`BOOLEAN` holding 0/1, 't'/'f', 'Y'/'N', 'true'/'false'",
        "boolean, and each column's own words come back",
        """
        CREATE TABLE t (a BOOLEAN, b BOOLEAN, c BOOL, d BOOLEAN);
        INSERT INTO t VALUES (0, 't', 'Y', 'true'), (1, 'f', 'N', 'false'), (NULL, NULL, NULL, NULL);
        """,
        types={"t.a": "boolean", "t.b": "boolean", "t.c": "boolean", "t.d": "boolean"},
        found={"SELECT count(*) FROM app.t WHERE a AND NOT b AND NOT c AND NOT d": (1,)},
    ),
    Case(
        "4", "booleans-that-are-more", "`BOOLEAN` holding 2, -1, '' and 'maybe'",
        "every value as it is: bigint where all are integers, text where they are mixed",
        """
        CREATE TABLE t (a BOOLEAN, b BOOLEAN, c BOOLEAN);
        INSERT INTO t VALUES (0, 1, 1), (2, 0, ''), (-1, 0.5, 'maybe');
        """,
        types={"t.a": "bigint", "t.b": "double precision", "t.c": "text"},
    ),
    Case(
        "13", "milliseconds-in-datetime", "`DATETIME` = 1704164645123 (ms epoch)",
        "bigint under `declared`, for the unit is not declared",
        "CREATE TABLE t (at DATETIME); INSERT INTO t VALUES (1704164645123), (1704164645124);",
        types={"t.at": "bigint"},
    ),
    Case(
        "13", "milliseconds-in-datetime-rich", "the same under `rich`",
        "timestamp, by the unit in which every value lies between 1980 and 2100",
        "CREATE TABLE t (at DATETIME); INSERT INTO t VALUES (1704164645123), (1704164645124);",
        policy="rich",
        types={"t.at": "timestamp without time zone"},
        found={"SELECT min(at)::text FROM app.t": ("2024-01-02 03:04:05.123",)},
    ),
    Case(
        "13", "microseconds-in-datetime-rich", "`TIMESTAMP` = 1704164645123456 (µs epoch) under `rich`",
        "timestamp to the microsecond",
        "CREATE TABLE t (at TIMESTAMP); INSERT INTO t VALUES (1704164645123456), (1704164645000001);",
        policy="rich",
        types={"t.at": "timestamp without time zone"},
        found={"SELECT max(at)::text FROM app.t": ("2024-01-02 03:04:05.123456",)},
    ),
    Case(
        "13", "inferred-types-rich", "times, flags, money and documents that only name and values show, under `rich`",
        "timestamp, boolean, numeric(15,2) and jsonb, and the verdict says what equal means for each",
        """CREATE TABLE t (id INTEGER PRIMARY KEY, created_at TEXT, updatedAt INTEGER, seen_date REAL, is_new INTEGER
        DEFAULT 1, unit_price REAL DEFAULT 0.0, total NUMERIC, settings TEXT DEFAULT '{}');
        INSERT INTO t VALUES (1, '2024-01-02T03:04:05Z', 1704164645, 2460311.123456789, 1, 5.0, 5, '{"b": 1.0, "a": []}'),
        (2, '2024-02-29T00:00:00Z', 1704164646, 2444239.5, 0, 19.99, 0.5, ' [] ')""",
        policy="rich",
        types={
            "t.created_at": "timestamp without time zone", "t.updatedat": "timestamp without time zone",
            "t.seen_date": "timestamp without time zone", "t.is_new": "boolean", "t.unit_price": "numeric(15,2)",
            "t.total": "numeric(15,2)", "t.settings": "jsonb",
        },
        found={
            "SELECT updatedat::text, settings->>'a', unit_price::text FROM app.t WHERE is_new":
                ("2024-01-02 03:04:05", "[]", "5.00"),
            "INSERT INTO app.t DEFAULT VALUES RETURNING is_new, unit_price::text, settings::text": (True, "0.00", "{}"),
        },
        refused={"UPDATE app.t SET is_new = 2": "42804", "UPDATE app.t SET settings = '{'": "22P02"},
    ),
    Case(
        "13", "inferred-types-unproven-rich", "the same names over values that do not prove them, under `rich`",
        "the faithful types",
        """CREATE TABLE t (id INTEGER PRIMARY KEY, created_at TEXT, updatedAt INTEGER, seen_date REAL, is_new INTEGER,
        unit_price REAL, settings TEXT, other TEXT, dated TEXT DEFAULT '', is_old INTEGER DEFAULT -1);
        INSERT INTO t VALUES (1, '2024-01-02T03:04:05Z', 0, 2460311.5, 1, 5.0, '{"a": 1, "a": 2}', '5', '2024-01-02', 1),
        (2, '2024-01-02 03:04:05', 1704164646, 0.5, 2, 0.1234567, '{}', '[1e99999]', '2024-01-03', 0)""",
        policy="rich",
        types={
            "t.created_at": "text", "t.updatedat": "bigint", "t.seen_date": "double precision", "t.is_new": "bigint",
            "t.unit_price": "double precision", "t.settings": "text", "t.other": "text", "t.is_old": "bigint",
        },
    ),
    Case(
        "13", "documents-read-by-a-view-rich", "a view over a JSON text and a Julian day, under `rich`",
        "both stay what the view reads; money and flags become richer types and the view answers the same",
        """CREATE TABLE t (id INTEGER PRIMARY KEY, at REAL, active INTEGER, price REAL, body TEXT);
        INSERT INTO t VALUES (1, 2460311.5, 1, 0.1, '{"a":  1}'), (2, 2460312.5, 0, 0.2, '[]');
        CREATE VIEW v AS SELECT at + 1 AS next, active + 1 AS one, price, price * 3 AS three, length(body) AS long FROM t
        WHERE active = 1 OR price > 0.15""",
        policy="rich",
        types={"t.at": "double precision", "t.active": "boolean", "t.price": "numeric(15,2)", "t.body": "text"},
        found={"SELECT count(*) FROM app.v": (2,)},
    ),
    Case(
        "13", "inferred-types-that-would-cost-an-object-rich", "a trigger that writes 2 into a flag, under `rich`",
        "the trigger is carried and the flag stays bigint; a flag of another table is boolean",
        """CREATE TABLE t (id INTEGER PRIMARY KEY, is_new INTEGER); CREATE TABLE other (is_new INTEGER);
        INSERT INTO t VALUES (1, 0), (2, 1); INSERT INTO other VALUES (1);
        CREATE TRIGGER a AFTER INSERT ON t BEGIN UPDATE t SET is_new = 2 WHERE id = NEW.id; END""",
        policy="rich",
        types={"t.is_new": "bigint", "other.is_new": "boolean"},
    ),
    Case(
        "13", "units-that-disagree", "one column holding seconds and milliseconds, under `rich`",
        "bigint: no unit fits every value",
        "CREATE TABLE t (at DATETIME); INSERT INTO t VALUES (1704164645), (1704164645123);",
        policy="rich",
        types={"t.at": "bigint"},
    ),
    Case(
        "14", "days-and-julian-days", "`e DATE` = 19724 and 2460311.5",
        "days stay numbers, no date is guessed; a column of Julian days alone is read back exactly and becomes timestamp",
        """
        CREATE TABLE t (days DATE, julian DATE, both DATETIME);
        INSERT INTO t VALUES (19724, 2460311.5, 19724), (0, 2460312.25, 2460311.5);
        """,
        policy="rich",
        types={"t.days": "bigint", "t.julian": "timestamp without time zone", "t.both": "double precision"},
    ),
    Case(
        "15", "datetimes-that-are-none", "datetime '', '0000-00-00', '2024-13-45', 'now', 'today', 'infinity', 0",
        "text: no value becomes a moment that nobody wrote",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME);
        INSERT INTO t (at) VALUES ('2024-01-01 00:00:00'), (''), ('0000-00-00'), ('2024-13-45'), ('now'), ('today'),
            ('infinity'), ('epoch'), (0), ('24:00'), ('2024-02-30 00:00:00');
        """,
        policy="rich",
        types={"t.at": "text"},
        found={"SELECT at FROM app.t WHERE id = 5": ("now",)},
    ),
    Case(
        "15", "datetimes-of-one-form", "datetimes of one form, with and without microseconds, T, Z and offset",
        "timestamp, and the form gives the texts back",
        """
        CREATE TABLE t (a DATETIME, b TIMESTAMP, c DATETIME, d DATE, e DATETIME, f DATE);
        INSERT INTO t VALUES
            ('2024-01-01 00:00:00', '2024-01-01T10:00:00Z', '2024-01-01 10:00:00.5', '2024-02-29',
             '2024-01-01 10:00:00.123456+00:00', '2024-01-01'),
            ('1969-12-31 23:59:59', '0001-01-01T00:00:00Z', '9999-12-31 23:59:59.999999', '0001-01-01',
             '1999-01-01 10:00:00+00:00', '2024-01-01 10:00:00');
        """,
        types={
            "t.a": "timestamp without time zone", "t.b": "timestamp without time zone", "t.c": "text",
            "t.d": "date", "t.e": "timestamp without time zone", "t.f": "timestamp without time zone",
        },
    ),
    Case(
        "16", "server-in-another-time-zone", "naive datetime, and a target database in the time zone of Tokyo",
        "no hour is shifted",
        "CREATE TABLE t (at DATETIME, d DATE); INSERT INTO t VALUES ('2024-03-10 02:30:00', '2024-03-10');",
        setup=_TOKYO,
        types={"t.at": "timestamp without time zone"},
        found={"SELECT at::text, d::text FROM app.t": ("2024-03-10 02:30:00", "2024-03-10")},
    ),
    Case(
        "17", "reals-to-the-last-bit", "`REAL` 0.1234567890123, 1e308, 5e-324, 2.2250738585072014e-308",
        "double precision, bit for bit",
        """
        CREATE TABLE t (r REAL, f FLOAT, d DOUBLE);
        INSERT INTO t VALUES (0.1234567890123, 1e308, 0.1), (5e-324, 0.30000000000000004, 1.7976931348623157e308),
            (2.2250738585072014e-308, 123456789.123456789, -1e-300);
        """,
        types={"t.r": "double precision", "t.f": "double precision", "t.d": "double precision"},
    ),
    Case(
        "18", "infinities-and-minus-zero", "9e999, -9e999, -0.0, and NaN, which SQLite stores as NULL",
        "Infinity, -Infinity, -0; the NaN is NULL as in SQLite",
        """
        CREATE TABLE t (r REAL, n NUMERIC, a);
        INSERT INTO t VALUES (9e999, 9e999, 9e999), (-9e999, -9e999, -9e999), (-0.0, 1, -0.0),
            (9e999 - 9e999, 9e999 - 9e999, 2.5);
        """,
        found={"SELECT count(*) FROM app.t WHERE r IN ('Infinity', '-Infinity')": (2,)},
    ),
    Case(
        "18", "minus-zero-beside-large-integers", "−0.0 beside integers beyond 2^53 in an untyped column",
        "text, each value in its class: double precision would round the integers, numeric has no −0.0",
        """
        CREATE TABLE t (n NUMERIC, x, i INTEGER);
        INSERT INTO t VALUES (9007199254740993, -9007199254740993, 9223372036854775807), (-0.0, -0.0, -0.0),
            (0.0, 0.0, 0.0), (0.5, 5.0, 1e300), (NULL, NULL, NULL);
        """,
        types={"t.n": "numeric", "t.x": "text", "t.i": "numeric"},
        found={"SELECT count(*) FROM app.t WHERE x = '-0.0'": (1,)},
    ),
    Case(
        "19", "untyped-number", "an untyped column holding 2.5, an integer, a text",
        "each value in its own class",
        "CREATE TABLE t (x, y); INSERT INTO t VALUES (2.5, 2.5), (3, 1.25), ('2.5', NULL), ('3', 2.0);",
        types={"t.x": "pgraduate_compat.any_value", "t.y": "double precision"},
        found={"SELECT count(*) FROM app.t WHERE x = pgraduate_compat.any_value('2.5'::text)": (1,)},
    ),
    Case(
        "20", "decimal-beyond-its-precision", "`DECIMAL(5,2)` holding 1230.99, '1,234.5', 1.005",
        "the declared type only where every value fits; otherwise wider, never rounded",
        """
        CREATE TABLE t (fits DECIMAL(5,2), large DECIMAL(5,2), fine DECIMAL(5,2), comma DECIMAL(5,2));
        INSERT INTO t VALUES (123.45, 1230.99, 1.005, '1,234.5'), (-0.5, 1, 2, 3.5), (7, 2.5, 3, 4);
        """,
        types={
            "t.fits": "numeric(5,2)", "t.large": "double precision", "t.fine": "double precision",
            "t.comma": "text",
        },
        found={"SELECT max(large), max(fine) FROM app.t": (1230.99, 3.0)},
    ),
    Case(
        "20", "decimal-of-many-digits", "`DECIMAL` and `NUMERIC` holding integers beyond 2^53 and reals",
        "numeric, exact",
        """
        CREATE TABLE t (n NUMERIC, d DECIMAL(20,2));
        INSERT INTO t VALUES (9007199254740993, 9007199254740993), (0.5, 0.25), (-9223372036854775808, 1);
        """,
        types={"t.n": "numeric", "t.d": "numeric(20,2)"},
    ),
    Case(
        "21", "text-longer-than-varchar", "`VARCHAR(3)` = 'abcdef'",
        "text where one value is too long, varchar(3) where all fit",
        "CREATE TABLE t (a VARCHAR(3), b VARCHAR(3)); INSERT INTO t VALUES ('abcdef', 'äöü'), ('abc', 'x');",
        types={"t.a": "text", "t.b": "character varying(3)"},
    ),
    Case(
        "22", "text-with-nul", "text with NUL: `'a' || char(0) || 'b'`",
        "the row arrives with U+FFFD in place of NUL, the bytes stand in pgraduate.quarantine",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);
        INSERT INTO t (s) VALUES ('good'), ('a' || char(0) || 'b'), (char(0)), ('x');
        """,
        code=3, safe=("quarantine:app.t.s",), quarantined=2,
        found={
            "SELECT s FROM app.t WHERE id = 2": ("a\ufffdb",),
            "SELECT value FROM pgraduate.quarantine WHERE row_key = ARRAY['2']": (b"a\0b",),
        },
    ),
    Case(
        "22", "text-with-nul-without-a-key", "the same in a table without a key, in two equal rows",
        "each row has its own line in pgraduate.quarantine",
        """
        CREATE TABLE t (s TEXT, n INTEGER);
        INSERT INTO t VALUES ('a' || char(0), 1), ('a' || char(0), 1), ('a\ufffd', 1), (CAST(x'61ff' AS TEXT), 1);
        """,
        code=3, safe=("quarantine:app.t.s",), quarantined=3,
    ),
    Case(
        "22", "nul-inside-a-key", "a NUL inside a text primary key",
        "nothing is written before a person decides; then the key arrives with U+FFFD",
        """
        CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL, n INTEGER);
        INSERT INTO t VALUES ('a', 1), ('a' || char(0) || 'b', 2);
        """,
        code=3, asks={"quarantine:app.t.k": "quarantine"}, quarantined=1,
    ),
    Case(
        "22", "one-nul-among-many", "one NUL among 100,000 texts, in `make soak` among a million",
        "one cell in quarantine, every row equal",
        f"""
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT NOT NULL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {_MANY})
        INSERT INTO t SELECT i, CASE i WHEN 77777 THEN 'x' || char(0) ELSE 'text number ' || i END FROM n;
        """,
        code=3, safe=("quarantine:app.t.s",), quarantined=1,
        found={"SELECT count(*), max(id) FROM app.t": (_MANY, _MANY)},
    ),
    Case(
        "23", "json-with-u0000", "JSON text containing `\\u0000`, beside sound JSON",
        "json only where PostgreSQL's functions can read every value; otherwise text",
        r"""
        CREATE TABLE t (bad JSON, good JSON, none JSON);
        INSERT INTO t VALUES ('{"a": "\u0000"}', '{"a":  [1, 2.50], "a": null}', '{a: 1}'),
            ('[1]', 'null', '[1]');
        """,
        types={"t.bad": "text", "t.good": "json", "t.none": "text"},
        found={"SELECT good::text FROM app.t LIMIT 1": ('{"a":  [1, 2.50], "a": null}',)},
    ),
    Case(
        "24", "text-that-is-not-utf8", "latin-1, a lone surrogate and cut UTF-8 in TEXT",
        "the rows arrive with U+FFFD, the bytes stand in pgraduate.quarantine",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, v VARCHAR(20));
        INSERT INTO t (s, v) VALUES (CAST(x'67e46e7365' AS TEXT), 'sound'), (CAST(x'eda080' AS TEXT), 'gänse'),
            (CAST(x'e282' AS TEXT), NULL), ('gänse', CAST(x'ff' AS TEXT));
        """,
        code=3, safe=("quarantine:app.t.s", "quarantine:app.t.v"), quarantined=4,
    ),
    *(
        Case(
            "25", f"database-in-utf16{order}", f"a database in UTF-16{order} with texts beyond the basic plane",
            "every text arrives; a NUL and a lone surrogate are quarantined by their UTF-16 bytes",
            f"""
            PRAGMA encoding = 'UTF-16{order}';
            CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, x, b BLOB);
            INSERT INTO t (s, x, b) VALUES ('ä€😀', 'ä', x'00ff'), ('', 5, 'text'), ('a' || char(0), 'x', NULL),
                (CAST(x'd800' AS TEXT), 2.5, NULL), (CAST(x'00d8' AS TEXT), x'd800', NULL);
            """,
            code=3, safe=("quarantine:app.t.s",), quarantined=quarantined,
        )
        for order, quarantined in (("le", 2), ("be", 2))
    ),
    Case(
        "26", "blob-column-with-texts", "a `BLOB` column holding base64, a PEM key, a UUID text, integers",
        "any_value, each value with its class; nothing is decoded",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, only_text BLOB);
        INSERT INTO t (b, only_text) VALUES ('aGVsbG8=', 'aGVsbG8='), (x'00ff', 'aGVsbG8'), ('-----BEGIN', '='),
            ('7d444840-9dc0-11d1-b245-5ffdce74fad2', '\\x00'), (7, ''), (1.5, 'ä'), ('', NULL), (x'', NULL);
        """,
        types={"t.b": "pgraduate_compat.any_value", "t.only_text": "text"},
        found={"SELECT (b).text, (b).bytes FROM app.t WHERE id = 1": ("aGVsbG8=", b"")},
    ),
    Case(
        "26", "blob-column-with-a-nul-text", "a `BLOB` column holding a text with a NUL, a text, an integer and a blob",
        "bytea with the bytes of the text, the NUL among them; the class is kept beside it",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB);
        INSERT INTO t (b) VALUES ('a' || char(0) || 'b'), ('text'), (7), (x'00ff');
        """,
        types={"t.b": "bytea"},
        found={"SELECT b FROM app.t WHERE id = 1": (b"a\0b",)},
    ),
    Case(
        "26", "mixed-column-with-a-nul-text", "an untyped column holding a text with a NUL, an integer and a blob",
        "any_value; the text's bytes are kept in quarantine",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, x);
        INSERT INTO t (x) VALUES ('a' || char(0) || 'b'), ('a' || char(65533) || 'b'), (7), (x'610062');
        """,
        code=3, safe=("quarantine:app.t.x",), quarantined=1, types={"t.x": "pgraduate_compat.any_value"},
    ),
    Case(
        "27", "true-blobs", "blobs of every byte, empty, and as long as texts of numbers",
        "bytea, byte for byte",
        """
        CREATE TABLE t (b BLOB, i INTEGER);
        INSERT INTO t VALUES (x'', 1), (x'00', 2), (x'31', 3), (randomblob(100000), 4), (x'5c7830', 5), (NULL, 6);
        """,
        types={"t.b": "bytea"},
    ),
    Case(
        "28", "thirty-and-sixty-megabytes-in-a-row", "a 60 MB blob and a 30 MB text in one row",
        "one row, equal",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB, s TEXT);
        INSERT INTO t VALUES (1, zeroblob(62914560), replace(hex(zeroblob(15728640)), '0', 'a'));
        INSERT INTO t VALUES (2, x'01', 'small');
        """,
        found={"SELECT length(b), length(s) FROM app.t WHERE id = 1": (62_914_560, 31_457_280)},
    ),
    Case(
        "–", "time-and-interval-names", "`TIME`, `DATETIME2`, `TIMESTAMPTZ` columns with texts of many forms",
        "text where no single form fits, every text as it is",
        """
        CREATE TABLE t (a TIME, b TIMESTAMPTZ, c DATETIME);
        INSERT INTO t VALUES ('10:00', '2024-01-01 10:00:00+02:00', '01/02/2024'), ('10:00:00.5', 'x', '2024-1-1');
        """,
        types={"t.a": "text", "t.b": "text", "t.c": "text"},
    ),
    Case(
        "–", "uuids", "`UUID` in the canonical form, in capitals, and as blobs",
        "uuid for the canonical form alone; capitals stay text, blobs bytea",
        """
        CREATE TABLE t (a UUID, b UUID, c UUID);
        INSERT INTO t VALUES ('7d444840-9dc0-11d1-b245-5ffdce74fad2', '7D444840-9DC0-11D1-B245-5FFDCE74FAD2',
            x'7d4448409dc011d1b2455ffdce74fad2');
        """,
        types={"t.a": "uuid", "t.b": "text", "t.c": "bytea"},
    ),
    Case(
        "–", "numbers-that-look-alike", "an untyped column holding 5, 5.0, '5', '5.0', x'35', ' 5', '5e0', '0x5'",
        "eight values, eight cells",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, x);
        INSERT INTO t (x) VALUES (5), (5.0), ('5'), ('5.0'), (x'35'), (' 5'), ('5e0'), ('0x5'), ('Infinity'), (9e999);
        """,
        types={"t.x": "pgraduate_compat.any_value"},
    ),
    Case(
        "–", "real-column-of-integers", "`REAL` and `DOUBLE` columns, where SQLite stores whole numbers as integers",
        "double precision; every value reads back as REAL",
        """
        CREATE TABLE t (r REAL, d DOUBLE);
        INSERT INTO t VALUES (1, 2), (4503599627370497, -0.0), (1e15, 9007199254740992);
        """,
        types={"t.r": "double precision"},
    ),
    Case(
        "–", "whole-reals-in-numeric", "`NUMERIC` and untyped columns holding reals at the edge of 64 bits",
        "each in its class, though 9.2e18 as a number fits and does not fit",
        """
        CREATE TABLE t (n NUMERIC, x);
        INSERT INTO t VALUES (9223372036854775807, 9223372036854775807), (9223372036854775808.0, 9223372036854775808.0),
            (1e19, 1e19), (-9223372036854775808, -9223372036854775808.0), (0.5, 1.0), (1e300, 1e300);
        """,
    ),
)  # fmt: skip
