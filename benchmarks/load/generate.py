"""The databases of the load benchmark: narrow, wide, and many small tables.

Seeded, so that two machines load the same rows.  They hold what applications hold (long Unicode texts, JSON, blobs,
NULLs, numbers of every size) and leave out what a peer cannot carry at all, so that no contender is timed over less
work: no NUL in a text, no value of another class than its column's, no empty schema.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Shape:
    """One database: how many rows it has at full size, and what writes it."""

    name: str
    rows: int
    write: Callable[[sqlite3.Connection, int, random.Random], None]


def generate(shape: Shape, path: Path, rows: int) -> None:
    """Write a database of a shape; an existing file of that name is of the same rows and is left as it is."""
    if path.exists():
        return
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    shape.write(connection, rows, random.Random(SEED))
    connection.commit()
    connection.close()
    unfinished.rename(path)


def _narrow(connection: sqlite3.Connection, rows: int, chance: random.Random) -> None:
    connection.execute(
        "CREATE TABLE event (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, kind TEXT NOT NULL,"
        " amount REAL NOT NULL, happened TEXT NOT NULL, note TEXT)"
    )
    kinds = ("login", "logout", "purchase", "refund", "view", "search")

    def lines() -> Iterator[tuple[Any, ...]]:
        for number in range(1, rows + 1):
            day, second = number % 28 + 1, number % 86_400
            yield (
                number,
                chance.randrange(rows // 10 + 1),
                kinds[number % 6],
                chance.random() * 1000,
                f"2025-{number % 12 + 1:02}-{day:02} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}",
                None if number % 3 else f"note {number:x}",
            )

    connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", lines())
    connection.execute("CREATE INDEX event_account ON event (account)")
    connection.execute("CREATE INDEX event_happened ON event (happened)")
    connection.execute("CREATE INDEX event_kind_amount ON event (kind, amount)")


_ALPHABETS = (
    "the quick brown fox jumps over the lazy dog ",
    "Übergrößenträger, naïve façade, señor ",
    "здравствуй мир, как дела сегодня ",
    "東京都の天気は晴れです。明日は雨でしょう。",
    "🙂🚀🌍✨ emoji in a sentence ",
)


def _wide(connection: sqlite3.Connection, rows: int, chance: random.Random) -> None:
    columns = ["id INTEGER PRIMARY KEY"]
    columns += [f"i{place} INTEGER" for place in range(10)]
    columns += [f"r{place} REAL" for place in range(5)]
    columns += [f"s{place} TEXT" for place in range(8)]
    columns += [f"t{place} TEXT" for place in range(6)]
    columns += [f"j{place} TEXT" for place in range(4)]
    columns += [f"b{place} BLOB" for place in range(3)]
    columns += [f"n{place} TEXT" for place in range(3)]
    connection.execute(f"CREATE TABLE document ({', '.join(columns)})")
    long_texts = ["".join(chance.choice(_ALPHABETS) for _ in range(chance.randrange(4, 24))) for _ in range(5_000)]
    documents = [
        json.dumps(
            {"id": number, "tags": chance.sample(_ALPHABETS, 2), "score": chance.random(), "ok": number % 2 == 0},
            ensure_ascii=False,
        )
        for number in range(5_000)
    ]
    blobs = [chance.randbytes(chance.randrange(16, 400)) for _ in range(5_000)]

    def maybe(value: Any) -> Any:
        return None if chance.random() < 0.2 else value

    def lines() -> Iterator[tuple[Any, ...]]:
        for number in range(1, rows + 1):
            yield (
                number,
                *(maybe(chance.randrange(-(2**40), 2**40)) for _ in range(10)),
                *(maybe(chance.uniform(-1e6, 1e6)) for _ in range(5)),
                *(maybe(f"word{chance.randrange(1000)}") for _ in range(8)),
                *(maybe(chance.choice(long_texts)) for _ in range(6)),
                *(maybe(chance.choice(documents)) for _ in range(4)),
                *(maybe(chance.choice(blobs)) for _ in range(3)),
                None,
                None,
                None,
            )

    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO document VALUES ({marks})", lines())
    connection.execute("CREATE INDEX document_i0 ON document (i0)")
    connection.execute("CREATE INDEX document_s0 ON document (s0, i1)")
    connection.execute("CREATE INDEX document_r0 ON document (r0)")


def _many(connection: sqlite3.Connection, rows: int, chance: random.Random) -> None:
    """`rows` tables of a few rows each, most with two indexes."""
    for number in range(rows):
        connection.execute(f"CREATE TABLE item_{number} (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, at TEXT)")
        connection.executemany(
            f"INSERT INTO item_{number} VALUES (?, ?, ?, ?)",
            [
                (line, f"name {line}", chance.randrange(10**9), "2025-01-01 00:00:00")
                for line in range(1, chance.randrange(2, 60))
            ],
        )
        connection.execute(f"CREATE INDEX item_{number}_name ON item_{number} (name)")
        connection.execute(f"CREATE INDEX item_{number}_size ON item_{number} (size, at)")


def _huge(connection: sqlite3.Connection, rows: int, chance: random.Random) -> None:
    """`rows` files of 60 MB each, every other one a text."""
    connection.execute("CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT, content BLOB, words TEXT)")
    for number in range(1, rows + 1):
        content = chance.randbytes(60_000_000) if number % 2 else None
        words = None if number % 2 else chance.choice(_ALPHABETS[:2]) * 1_400_000
        words = None if words is None else words.encode()[:60_000_000].decode(errors="ignore")
        connection.execute("INSERT INTO file VALUES (?, ?, ?, ?)", (number, f"file {number}", content, words))


NARROW = Shape("narrow", 5_000_000, _narrow)
WIDE = Shape("wide", 300_000, _wide)
MANY = Shape("many", 300, _many)
SHAPES = (NARROW, WIDE, MANY)
GIGABYTE = Shape("1 GB", 195_000, _wide)
SIX_GIGABYTES = Shape("6 GB", 1_170_000, _wide)
HUGE = Shape("rows of 60 MB", 6, _huge)
"""Databases for whole runs, whose memory is measured; about 5,115 bytes a row in the first two."""
