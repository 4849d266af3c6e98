"""Records what an application says to SQLite: each statement, the classes of its parameters, and the schema it met.

Python imports this module at its start where its folder stands on PYTHONPATH, in child processes too; the application
is unchanged.  It writes into the folder named by PGRADUATE_RECORDING:

- `<process>.jsonl`: one line per statement that is new to the process, `{schema, call, sql, values, error}`.
  `values` are storage classes, by position or by name; `error` is SQLite's code where the statement failed.
- `<digest>.schema.json`: the rows of sqlite_master that the statement met, in the order of creation.
- `<digest>.<process>.<n>.sample`: the database itself after the 1st, 2nd, 4th, 8th ... write under that schema,
  so that what columns really hold is known, not only what they declare.

The invariant: what the application sees is what it sees without the recorder.  So every question of the recorder's own
is asked before the statement, through a cursor of its own, and a locked database is answered by the last known schema.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import threading
from functools import cache
from pathlib import Path

MOST_SAMPLE_BYTES = 1_000_000
_LOCK = threading.RLock()
_MASTER = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid"
_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|WITH)\b", re.IGNORECASE)
_CLASSES = {int: "integer", bool: "integer", float: "real", str: "text", type(None): "null"}


class Recording:
    """What one process has written so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[str] = set()
        self._schemas: set[str] = set()
        self._writes: dict[str, int] = {}

    def schema(self, rows: list[tuple[object, ...]]) -> str:
        """Keep a schema and give its name."""
        text = json.dumps(rows, ensure_ascii=False)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        with _LOCK:
            if digest not in self._schemas:
                self._schemas.add(digest)
                (self._folder / f"{digest}.schema.json").write_text(text, "utf-8", "surrogatepass")
        return digest

    def statement(self, schema: str, call: str, sql: str, values: object, error: int | None) -> None:
        line = json.dumps({"schema": schema, "call": call, "sql": sql, "values": values, "error": error})
        with _LOCK:
            if line in self._seen:
                return
            self._seen.add(line)
            with (self._folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def wrote(self, schema: str, connection: sqlite3.Connection) -> None:
        """Count a write, and keep the database after the 1st, 2nd, 4th ... of them."""
        with _LOCK:
            count = self._writes[schema] = self._writes.get(schema, 0) + 1
        if count & (count - 1):
            return
        try:
            data = connection.serialize()
        except sqlite3.Error:
            return
        if len(data) <= MOST_SAMPLE_BYTES:
            (self._folder / f"{schema}.{os.getpid()}.{count}.sample").write_bytes(data)


def _class_of(value: object) -> str:
    for kind in type(value).__mro__:
        if kind in _CLASSES:
            return _CLASSES[kind]
    if isinstance(value, bytes | bytearray | memoryview):
        return "blob"
    try:
        adapted = sqlite3.adapt(value)
    except sqlite3.ProgrammingError:
        return "null"
    return "null" if adapted is value else _class_of(adapted)


def _classes(values: object) -> object:
    if hasattr(values, "keys"):
        return {str(name): _class_of(values[name]) for name in values.keys()}  # type: ignore[attr-defined,index]  # noqa: SIM118
    return [_class_of(value) for value in values]  # type: ignore[attr-defined]


class Memory:
    """What a connection remembers of the schema it saw last."""

    pgraduate_version: object = None
    pgraduate_schema = ""


def _known(connection: sqlite3.Connection) -> str:
    """Give the name of the schema that a statement will meet."""
    assert isinstance(connection, Memory)
    cursor = sqlite3.Connection.cursor(connection)
    cursor.row_factory = None
    try:
        version = cursor.execute("PRAGMA main.schema_version").fetchone()
        if version != connection.pgraduate_version:
            rows = [tuple(map(_text, row)) for row in cursor.execute(_MASTER)]
            connection.pgraduate_schema = RECORDING.schema(rows)
            # Inside a transaction the version may be taken back together with the schema.
            connection.pgraduate_version = None if connection.in_transaction else version
    except sqlite3.Error:
        pass
    finally:
        cursor.close()
    return connection.pgraduate_schema


def _text(value: object) -> object:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _recorded(cursor: sqlite3.Cursor, call: str, sql: object, values: object, act):  # type: ignore[no-untyped-def]
    """Do what the application asked for, and write down what that was, its failure included."""
    connection = cursor.connection
    if not isinstance(sql, str) or not isinstance(connection, Memory):
        return act()
    schema = _known(connection)
    error: int | None = None
    try:
        return act()
    except sqlite3.Error as failure:
        error = getattr(failure, "sqlite_errorcode", -1)
        raise
    finally:
        for one in values if call == "executemany" else [values]:  # type: ignore[union-attr]
            RECORDING.statement(schema, call, sql, one, error)
        if error is None and (call == "executescript" or _WRITES.match(sql)):
            RECORDING.wrote(_known(connection), connection)


@cache
def _cursor_class(base: type[sqlite3.Cursor]) -> type[sqlite3.Cursor]:
    class RecordingCursor(base):  # type: ignore[misc,valid-type]
        def execute(self, sql, parameters=()):  # type: ignore[no-untyped-def]
            found = _classes(parameters) if isinstance(sql, str) else []
            return _recorded(self, "execute", sql, found, lambda: base.execute(self, sql, parameters))

        def executemany(self, sql, rows):  # type: ignore[no-untyped-def]
            found: list[object] = []

            def watched():  # type: ignore[no-untyped-def]
                for row in rows:
                    if (classes := _classes(row)) not in found:
                        found.append(classes)
                    yield row

            return _recorded(self, "executemany", sql, found, lambda: base.executemany(self, sql, watched()))

        def executescript(self, script):  # type: ignore[no-untyped-def]
            return _recorded(self, "executescript", script, [], lambda: base.executescript(self, script))

    RecordingCursor.__name__ = base.__name__
    return RecordingCursor


@cache
def _connection_class(base: type[sqlite3.Connection]) -> type[sqlite3.Connection]:
    class RecordedConnection(Memory, base):  # type: ignore[misc,valid-type]
        def cursor(self, factory=sqlite3.Cursor):  # type: ignore[no-untyped-def]
            return base.cursor(self, _cursor_class(factory) if isinstance(factory, type) else factory)

        # The shortcuts of the C class would make their cursors past the method above.
        def execute(self, sql, *parameters):  # type: ignore[no-untyped-def]
            return self.cursor().execute(sql, *parameters)

        def executemany(self, sql, rows):  # type: ignore[no-untyped-def]
            return self.cursor().executemany(sql, rows)

        def executescript(self, script):  # type: ignore[no-untyped-def]
            return self.cursor().executescript(script)

    RecordedConnection.__name__ = base.__name__
    return RecordedConnection


def _connect(*arguments, factory=sqlite3.Connection, **options):  # type: ignore[no-untyped-def]
    if len(arguments) > 5:
        *before, factory = arguments[:6]
        arguments = (*before, _connection_class(factory), *arguments[6:])
        return _CONNECT(*arguments, **options)
    return _CONNECT(*arguments, factory=_connection_class(factory), **options)


if "PGRADUATE_RECORDING" in os.environ:
    RECORDING = Recording(Path(os.environ["PGRADUATE_RECORDING"]))
    _CONNECT = sqlite3.connect
    sqlite3.connect = sqlite3.dbapi2.connect = _connect  # type: ignore[assignment]
