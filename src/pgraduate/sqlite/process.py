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
from pathlib import Path
from typing import Any

from pgraduate.errors import PgraduateError, Refused, SourceUnusable, UsageError
from pgraduate.events import Sink, StepProgress

_ERRORS: dict[str, type[PgraduateError]] = {kind.code: kind for kind in (SourceUnusable, Refused, UsageError)}


def call(action: str, path: Path, request: dict[str, str], sink: Sink) -> dict[str, Any]:
    """Let a child do one action on a live file and give its result.

    Raises the child's own SourceUnusable, Refused or UsageError; PgraduateError where the child died.
    """
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "pgraduate.sqlite.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as child,
    ):
        try:
            answer = _converse(child, {"action": action, "path": str(path), **request}, sink)
        except BaseException:
            child.terminate()
            raise
        status = child.wait()
        if answer is None:
            complaints.seek(0)
            last = complaints.read().decode(errors="replace").strip().splitlines()[-1:]
            raise PgraduateError(
                f"the process that reads the source ended with status {status} and no answer",
                where=str(path),
                hint=last[0] if last else "was it killed for want of memory?",
            )
    if "error" in answer:
        error = answer["error"]
        raise _ERRORS.get(error["code"], PgraduateError)(error["message"], where=error["where"], hint=error["hint"])
    return dict(answer["result"])


def _converse(child: subprocess.Popen[bytes], request: dict[str, str], sink: Sink) -> dict[str, Any] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(json.dumps(request).encode())
        child.stdin.close()
    except BrokenPipeError:
        return None
    for line in child.stdout:
        message: dict[str, Any] = json.loads(line)
        if "progress" in message:
            sink.emit(StepProgress(**message["progress"]))
        else:
            return message
    return None
