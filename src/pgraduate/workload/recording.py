"""The file format of recorded statements: JSON Lines, described in docs/workload-format.md.

The first line says what follows, each further line is one execution.  A recording holds the application's own values:
it is written for its owner alone (0600) and is never part of a report.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pgraduate.errors import UsageError
from pgraduate.workload.fingerprint import Engine, Value

NAME = "pgraduate.workload"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution: `parameters` in the order of the statement's placeholders, `seconds` None where not measured;
    `calls` is above 1 where a line stands for several equal executions."""

    sql: str
    parameters: tuple[Value, ...] = ()
    seconds: float | None = None
    calls: float = 1
    connection: int = 1


@dataclass(frozen=True, slots=True)
class Recording:
    engine: Engine
    executions: tuple[Execution, ...]


def write_recording(path: Path, engine: Engine, executions: Iterable[Execution]) -> None:
    """Write a recording; an existing file is replaced."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        write_header(file, engine)
        for execution in executions:
            write_execution(file, execution)


def write_header(file: IO[str], engine: Engine) -> None:
    file.write(json.dumps({"format": NAME, "version": VERSION, "engine": engine}) + "\n")


def write_execution(file: IO[str], execution: Execution) -> None:
    line: dict[str, Any] = {"sql": execution.sql}
    if execution.parameters:
        line["parameters"] = [_encoded(value) for value in execution.parameters]
    if execution.seconds is not None:
        line["seconds"] = round(execution.seconds, 7)
    if execution.calls != 1:
        line["calls"] = execution.calls
    if execution.connection != 1:
        line["connection"] = execution.connection
    file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_recording(path: Path) -> Recording:
    """Read a recording whole; raise UsageError where it is none, naming the line but never its content."""
    try:
        with path.open(encoding="utf-8") as file:
            engine = _engine(file.readline(), path)
            return Recording(engine, tuple(_executions(file, path)))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"the recording cannot be read: {reason}", where=str(path)) from None


def _engine(line: str, path: Path) -> Engine:
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("format") != NAME:
        raise UsageError(
            "this is not a recording of statements", where=str(path), hint="docs/workload-format.md describes one"
        )
    if header.get("version", VERSION) > VERSION:
        raise UsageError(
            "a later version of pgraduate wrote this recording", where=str(path), hint="use that version"
        )
    engine = header.get("engine")
    if engine not in ("sqlite", "postgresql"):
        raise UsageError("the recording does not say whose statements these are", where=f"{path}:1",
                         hint='"engine": "sqlite" or "postgresql"')  # fmt: skip
    return "sqlite" if engine == "sqlite" else "postgresql"


def _executions(file: Iterable[str], path: Path) -> Iterator[Execution]:
    for number, line in enumerate(file, start=2):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            yield Execution(
                str(item["sql"]),
                tuple(_decoded(value) for value in item.get("parameters", ())),
                None if item.get("seconds") is None else float(item["seconds"]),
                float(item.get("calls", 1)),
                int(item.get("connection", 1)),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UsageError("this line is no recorded execution", where=f"{path}:{number}") from None


def _encoded(value: Value) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _decoded(value: Any) -> Value:
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if value is None or isinstance(value, int | float | str):
        return value
    raise TypeError
