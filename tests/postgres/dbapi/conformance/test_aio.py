"""The runtime for asyncio, as an application of aiosqlite uses it, on both engines."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from pgraduate.dbapi import aio

MADE = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"
ADD = "INSERT INTO item (name) VALUES (?)"
Test = Callable[[aio.Connection], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]


@pytest.fixture
def run(engine: str, tmp_path: Path) -> Run:
    """Run a coroutine on an open connection to a database with one table."""

    def run(test: Test) -> None:
        async def whole() -> None:
            async with aio.connect(tmp_path / "app.db") as db:
                await db.execute(MADE)
                await test(db)

        asyncio.run(whole())

    return run


def test_statements_are_awaited_or_entered(run: Run) -> None:
    async def test(db: aio.Connection) -> None:
        cursor = await db.execute(ADD, ("a",))
        assert (cursor.lastrowid, cursor.rowcount, db.in_transaction) == (1, 1, True)
        await db.commit()
        assert not db.in_transaction
        async with db.execute("SELECT id, name FROM item") as rows:
            assert [column[0] for column in rows.description] == ["id", "name"]
            assert await rows.fetchone() == (1, "a")
            assert await rows.fetchone() is None
        with pytest.raises(sqlite3.ProgrammingError):
            await rows.fetchone()

    run(test)


def test_rows_are_iterated_over_chunks(run: Run) -> None:
    async def test(db: aio.Connection) -> None:
        await db.executemany(ADD, [(f"n{number}",) for number in range(200)])
        async with db.execute("SELECT id FROM item ORDER BY id") as rows:
            assert [row[0] async for row in rows] == list(range(1, 201))
        assert await db.execute_fetchall("SELECT count(*) FROM item") == [(200,)]
        assert await db.execute_insert(ADD, ("last",)) == (201,)

    run(test)


def test_factories_and_levels_are_attributes(run: Run) -> None:
    async def test(db: aio.Connection) -> None:
        db.row_factory = aio.Row
        db.text_factory = bytes
        async with db.execute("SELECT 'x' AS word") as rows:
            row = await rows.fetchone()
            assert isinstance(row, sqlite3.Row)
            assert row["word"] == b"x"
        db.isolation_level = None
        await db.execute(ADD, ("a",))
        assert (db.isolation_level, db.in_transaction, db.total_changes) == (None, False, 1)

    run(test)


def test_a_cursor_of_its_own(run: Run) -> None:
    async def test(db: aio.Connection) -> None:
        async with db.cursor() as cursor:
            await cursor.executescript("INSERT INTO item (name) VALUES ('a'); INSERT INTO item (name) VALUES ('b')")
            assert await cursor.execute("SELECT id FROM item ORDER BY id") is cursor
            cursor.arraysize = 2
            assert (await cursor.fetchmany(), await cursor.fetchall()) == ([(1,), (2,)], [])

    run(test)


def test_errors_are_sqlite3s_and_rollback_is_awaited(run: Run) -> None:
    async def test(db: aio.Connection) -> None:
        await db.execute(ADD, ("a",))
        with pytest.raises(aio.IntegrityError, match=r"UNIQUE constraint failed: item\.name"):
            await db.execute(ADD, ("a",))
        await db.rollback()
        assert await db.execute_fetchall("SELECT * FROM item") == []

    run(test)


def test_many_tasks_on_one_connection_keep_their_order(run: Run) -> None:
    async def test(db: aio.Connection) -> None:
        await asyncio.gather(*(db.execute_insert(ADD, (f"n{number}",)) for number in range(50)))
        names = await db.execute_fetchall("SELECT name FROM item ORDER BY id")
        assert names == [(f"n{number}",) for number in range(50)]

    run(test)


def test_a_closed_connection_answers_nothing_and_leaves_no_thread(engine: str, tmp_path: Path) -> None:
    async def test() -> None:
        db = await aio.connect(tmp_path / "app.db")
        await db.close()
        await db.close()
        with pytest.raises(aio.ProgrammingError, match=r"Cannot operate on a closed database\."):
            await db.execute("SELECT 1")

    asyncio.run(test())
    for thread in threading.enumerate():
        if thread.name.startswith("pgraduate-aio"):
            thread.join(5)
            assert not thread.is_alive()


def test_what_connect_raises_reaches_the_task(engine: str, tmp_path: Path) -> None:
    async def test() -> None:
        with pytest.raises(ValueError, match="isolation_level"):
            await aio.connect(tmp_path / "app.db", isolation_level="SOMETIMES")

    asyncio.run(test())
