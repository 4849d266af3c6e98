"""Defaults: cases 5 to 12.  Each is proven by the row that an INSERT without the column makes."""

from __future__ import annotations

from support.case import Case

_NOW = "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"

CASES = (
    Case(
        "5", "default-false-on-a-number", "`flag NUMERIC DEFAULT false`, `ok BOOLEAN DEFAULT true`",
        "the default in the column's final type: 0, and true",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, flag NUMERIC DEFAULT false, ok BOOLEAN DEFAULT true, b BOOLEAN DEFAULT 0);
        INSERT INTO t (id) VALUES (1);
        """,
        types={"t.ok": "boolean", "t.b": "boolean"},
        found={"INSERT INTO app.t DEFAULT VALUES RETURNING flag::text, ok, b": ("0", True, False)},
    ),
    Case(
        "6", "default-strftime", "`DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now'))`",
        "an expression that gives the same form of text",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')));
        INSERT INTO t (id) VALUES (1);
        """,
        found={f"INSERT INTO app.t DEFAULT VALUES RETURNING at ~ '{_NOW}.[0-9]{{3}}$'": (True,)},
    ),
    Case(
        "6", "default-local-time", "`DEFAULT (datetime('now','localtime'))`",
        "the moment of the INSERT in the session's time zone",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT DEFAULT (datetime('now','localtime')));
        INSERT INTO t (id) VALUES (1);
        """,
        found={f"INSERT INTO app.t DEFAULT VALUES RETURNING at ~ '{_NOW}$'": (True,)},
    ),
    Case(
        "7", "default-current-timestamp-in-lower-case", "`DEFAULT current_timestamp`, in lower case",
        "the moment of the INSERT, in UTC",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME DEFAULT current_timestamp, s TEXT DEFAULT current_timestamp);
        INSERT INTO t (id) VALUES (1);
        """,
        types={"t.at": "timestamp without time zone", "t.s": "text"},
        found={f"INSERT INTO app.t DEFAULT VALUES RETURNING at::text ~ '{_NOW}', s ~ '{_NOW}$'": (True, True)},
    ),
    Case(
        "8", "default-current-date-and-time", "`DEFAULT current_date`, `DEFAULT CURRENT_TIME`",
        "today's date, and the time as text",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, d DATE DEFAULT current_date, h TEXT DEFAULT CURRENT_TIME);
        INSERT INTO t (id) VALUES (1);
        """,
        types={"t.d": "date"},
        found={
            "INSERT INTO app.t DEFAULT VALUES RETURNING d BETWEEN current_date - 1 AND current_date + 1,"
            " h ~ '^[0-9]{2}:[0-9]{2}:[0-9]{2}$'": (True, True)
        },
    ),
    Case(
        "9", "default-expressions", "`DEFAULT (1+2)`, `true`, `x'00ff'`, `(lower('Z'))`, `-5`, `+1.5`, `'it''s'`",
        "the same values",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT (1+2), b INTEGER DEFAULT true,
            c BLOB DEFAULT x'00ff', d TEXT DEFAULT (lower('Z')), e INTEGER DEFAULT -5, f REAL DEFAULT +1.5,
            g TEXT DEFAULT 'it''s');
        INSERT INTO t (id) VALUES (1);
        """,
        found={
            "INSERT INTO app.t DEFAULT VALUES RETURNING a, b, c, d, e, f, g": (3, 1, b"\0\xff", "z", -5, 1.5, "it's")
        },
    ),
    Case(
        "10", "default-in-double-quotes", "`DEFAULT \"abc\"`, `DEFAULT \"\"`",
        "texts, for no column has that name",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT "abc", b TEXT DEFAULT "");
        INSERT INTO t (id) VALUES (1);
        """,
        found={"INSERT INTO app.t DEFAULT VALUES RETURNING a, b": ("abc", "")},
    ),
    Case(
        "11", "default-null-in-lower-case", "`INTEGER DEFAULT null`, in lower case",
        "NULL",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT null, b TEXT DEFAULT (NULL));
        INSERT INTO t (id) VALUES (1);
        """,
        found={"INSERT INTO app.t DEFAULT VALUES RETURNING a, b": (None, None)},
    ),
    Case(
        "12", "default-julian-day-and-epoch", "`DEFAULT (julianday('now'))`, `(unixepoch())`, `(strftime('%s','now'))`",
        "a number of the column's type: days, and seconds",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, j REAL DEFAULT (julianday('now')), e INTEGER DEFAULT (unixepoch()),
            s INTEGER DEFAULT (strftime('%s','now')));
        INSERT INTO t (id) VALUES (1);
        """,
        types={"t.j": "double precision", "t.e": "bigint", "t.s": "bigint"},
        found={
            "INSERT INTO app.t DEFAULT VALUES RETURNING j > 2460000, abs(e - extract(epoch FROM now())) < 60,"
            " abs(s - extract(epoch FROM now())) < 60": (True, True, True)
        },
    ),
    Case(
        "–", "default-of-another-class", "`INTEGER DEFAULT 'none'`, `TEXT DEFAULT 5`, `DATE DEFAULT ''`",
        "the default only where the column's final type takes it; otherwise not carried, and said",
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 'none', b TEXT DEFAULT 5, c DATE DEFAULT '');
        INSERT INTO t (id, a, c) VALUES (1, 5, '2024-01-01');
        """,
        code=3, not_carried=("default t.a", "default t.c"),
        found={"INSERT INTO app.t DEFAULT VALUES RETURNING a, b, c": (None, "5", None)},
    ),
)  # fmt: skip
