"""The sample's load on PostgreSQL: recorded on SQLite, translated by the run, replayed through psycopg in its order.

Each pass works on a fresh copy of the database, because the load writes rows that may be written once only.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import Embedded
from pgraduate.journey.demo import demo
from pgraduate.journey.destination import embedded_directory
from pgraduate.journey.workloads import translate_recording
from pgraduate.settings import load
from pgraduate.workload import read_recording

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Load:
    """`texts` in the order in which they ran; `untranslated` by construct; `search_path` as the run set it."""

    texts: tuple[str, ...]
    untranslated: Mapping[str, int]
    executions: int
    search_path: str


def carry_over(directory: Path, *, size: str) -> Embedded:
    """Carry the sample over into an embedded server below the directory, and give the server."""
    demo(directory, size=size)
    return Embedded(embedded_directory(load(directory, target="embedded", environment={})))


def record_load(directory: Path, *, operations: int) -> Path:
    """Let the sample's repositories work on a copy of workflows.db, and give the recording."""
    copied, recording = directory / "load.db", directory / "load.jsonl"
    shutil.copy(directory / "workflows.db", copied)
    command = [sys.executable, "-m", "benchmarks.tune.sample", str(copied), str(recording), str(operations)]
    subprocess.run(command, check=True, cwd=ROOT)
    return recording


def translate_load(conninfo: str, recording: Path) -> Load:
    """Translate a recording by the run that carried its database over; what has no translation is counted."""
    refused: Counter[str] = Counter()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        found = read_recording(recording)
        texts = tuple(text for _, texts in translate_recording(connection, found, refused) for text in texts)
        path = connection.execute("SELECT current_setting('search_path')").fetchone()
    assert path is not None
    return Load(texts, dict(refused), len(found.executions), path[0])


def replay(server: Embedded, database: str, work: Load) -> float:
    """Run the load once on a copy of the database; give the seconds that its statements took."""
    superuser = server.superuser_conninfo()
    names = sql.Identifier("replay"), sql.Identifier(database)
    with psycopg.connect(superuser, autocommit=True) as creator:
        creator.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(names[0]))
        creator.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        with psycopg.connect(make_conninfo(superuser, dbname="replay"), autocommit=True) as connection:
            connection.execute("SELECT set_config('search_path', %s, false)", (work.search_path,))
            started = time.perf_counter()
            for text in work.texts:
                cursor = connection.execute(text.encode())
                if cursor.description is not None:
                    cursor.fetchall()
            seconds = time.perf_counter() - started
        creator.execute(sql.SQL("DROP DATABASE {}").format(names[0]))
    return seconds
