"""Calling the child process that reads live files.

One request is one child: JSON on its standard input, JSON lines on its standard output (`progress`, then `result`
or `error`).  The child runs this very package (`-P` keeps the working directory off its path), and its errors are
raised here as what they were there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pgraduate.errors import PgraduateError, Refused, SourceUnusable, UsageError
from pgraduate.events import Sink, StepProgress

_ERRORS: dict[str, type[PgraduateError]] = {kind.code: kind for kind in (SourceUnusable, Refused, UsageError)}


def call(action: str, path: Path, request: dict[str, str], sink: Sink) -> dict[str, Any]:
    """Let a child do one action on a live file and give its result.

    Raises the child's own SourceUnusable, Refused or UsageError; PgraduateError where the child died.
    """
    with child("pgraduate.sqlite.worker", {"action": action, "path": str(path), **request}, path) as messages:
        for message in messages:
            if "progress" in message:
                sink.emit(StepProgress(**message["progress"]))
            else:
                return dict(message["result"])
    raise AssertionError("unreachable")


@contextmanager
def child(module: str, request: Any, path: Path) -> Iterator[Iterator[dict[str, Any]]]:
    """Run a module of this package beside this process, and give the messages that it writes, as they come.

    The messages raise the child's own error, and PgraduateError where it ends without another one that is asked
    for.  An error in the block ends the child.  `path` says what it reads.
    """
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [sys.executable, "-P", "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        ) as running,
    ):
        try:
            _hand_over(running, request)
            yield _messages(running, complaints, path)
        except BaseException:
            running.terminate()
            raise


def _hand_over(running: subprocess.Popen[bytes], request: Any) -> None:
    assert running.stdin is not None
    try:
        running.stdin.write(json.dumps(request).encode())
        running.stdin.close()
    except BrokenPipeError:
        return  # it has died, and its silence will say so


def _messages(running: subprocess.Popen[bytes], complaints: IO[bytes], path: Path) -> Iterator[dict[str, Any]]:
    assert running.stdout is not None
    for line in running.stdout:
        message: dict[str, Any] = json.loads(line)
        if "error" in message:
            error = message["error"]
            kind = _ERRORS.get(error["code"], PgraduateError)
            raise kind(error["message"], where=error["where"], hint=error["hint"])
        yield message
    status = running.wait()
    complaints.seek(0)
    last = complaints.read().decode(errors="replace").strip().splitlines()[-1:]
    raise PgraduateError(
        f"the process that reads the source ended with status {status} and no answer",
        where=str(path),
        hint=last[0] if last else "was it killed for want of memory?",
    )
