"""One measured process: its time and the most memory that it and its children held at once.

A program of this directory takes the time of its work itself, from its first connection to its last commit, so that
nobody is measured by the start of an interpreter; the whole process is measured beside it.  The memory is PSS, so that
pages shared between processes count once.  The database server's processes are nobody's children here and never count.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

SAMPLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    """Of the work, where the process takes that time itself; else of the process."""
    process_seconds: float
    peak_pss: int
    """Bytes."""
    output: str


class Failed(Exception):
    """A contender ended with another status than 0."""


def measure(
    command: Sequence[str | Path],
    *,
    stdin: str = "",
    environment: dict[str, str] | None = None,
    directory: Path | None = None,
) -> Measured:
    """Run a command to its end, in a directory; raise Failed, with its last words, where it does not end well."""
    started = time.monotonic()
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=directory,
    ) as process:
        sampler = _Sampler(process.pid)
        sampler.start()
        output, errors = process.communicate(stdin)
        seconds = time.monotonic() - started
        sampler.stop()
    if process.returncode != 0:
        raise Failed(f"{command[0]} ended with {process.returncode}: {(errors or output)[-2000:]}")
    return Measured(seconds, seconds, sampler.peak, output)


def measure_program(module: str, *arguments: str | Path) -> Measured:
    """Run a program that uses `working`, and take the time of its work from it; raise Failed as `measure` does."""
    found = measure([sys.executable, "-m", module, *arguments])
    told = json.loads(found.output)
    return replace(found, seconds=told["seconds"], output=told["way"])


@contextmanager
def working() -> Iterator[list[str]]:
    """Time the block, which may add to the list by which way it went, and tell `measure_program`."""
    way: list[str] = []
    started = time.monotonic()
    yield way
    print(json.dumps({"seconds": time.monotonic() - started, "way": ", ".join(way)}))


class _Sampler(threading.Thread):
    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._ended = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, sum(map(_pss, _tree(self._root))))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0
