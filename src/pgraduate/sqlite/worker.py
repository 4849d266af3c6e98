"""The child process that alone opens live sources: `python -m pgraduate.sqlite.worker`.

One JSON request on standard input, JSON lines on standard output.  Nothing it says holds a row's value.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from pgraduate.errors import PgraduateError
from pgraduate.model.wire import from_json
from pgraduate.sqlite.access import read_start, reading
from pgraduate.sqlite.queries import query
from pgraduate.sqlite.retiring import State, exchange, state
from pgraduate.sqlite.sealing import digest, seal


def answer(request: dict[str, str], output: TextIO) -> None:
    """Do what a request asks and write the messages; an error that was foreseen is an answer too.

    The work directory goes at the end whatever happens, so that a child whose parent died leaves nothing.
    """
    try:
        _say(output, {"result": _do(request, output)})
    except PgraduateError as error:
        _say(output, {"error": error.to_json()})
    finally:
        if "work" in request:
            shutil.rmtree(request["work"], ignore_errors=True)


def _do(request: dict[str, str], output: TextIO) -> dict[str, Any]:
    path = Path(request["path"])
    match request["action"]:
        case "inspect":
            return _inspect(path, Path(request["work"]))
        case "seal":
            return seal(
                path,
                Path(request["to"]),
                Path(request["work"]),
                lambda done, total, detail: _say(
                    output,
                    {"progress": {"step": "seal", "done": done, "total": total, "unit": "bytes", "detail": detail}},
                ),
            )
        case "digest":
            read_start(path)
            return {"digest": digest(path)}
        case "state":
            read_start(path)
            return asdict(state(path))
        case "exchange":
            exchange(path, Path(request["other"]), from_json(State, json.loads(request["expected"])))
            return {}
    raise ValueError(request["action"])


def _inspect(path: Path, work: Path) -> dict[str, Any]:
    with reading(path, work) as access:
        wal = path.resolve().with_name(path.resolve().name + "-wal")
        connection = access.connection
        counts = dict(connection.execute(query("object_counts")))
        return {
            "bytes": path.stat().st_size,
            "wal_bytes": wal.stat().st_size if wal.exists() else 0,
            "journal_mode": "wal" if access.first.wal else "delete",
            "encoding": connection.pragma("encoding"),
            "page_size": connection.pragma("page_size"),
            "tables": counts.get("table", 0),
            "views": counts.get("view", 0),
            "triggers": counts.get("trigger", 0),
            "indexes": counts.get("index", 0),
            "user_version": connection.pragma("user_version"),
            "application_id": connection.pragma("application_id"),
            "sqlite_version": access.first.sqlite_version,
        }


def _say(output: TextIO, message: dict[str, Any]) -> None:
    output.write(json.dumps(message) + "\n")
    output.flush()


if __name__ == "__main__":
    answer(json.load(sys.stdin), sys.stdout)
