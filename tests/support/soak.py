"""What the full counts were when `make soak` last ran, kept where everybody can read it.

A test that has a small count in `make test` and a full one in `make soak` says here what it did: each process adds its
lines to a file of the run, and `make soak` writes them together into docs/soak.json and docs/soak.md.  The invariant: a
line is written by the test that ran, with its own count of tries and failures; nothing is typed by hand.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

SOAK = os.environ.get("PGRADUATE_SOAK") == "1"
"""Whether the full counts are asked for."""
DOCS = Path(__file__).parents[2] / "docs"
RECORD, PAGE = DOCS / "soak.json", DOCS / "soak.md"
_RUN = "PGRADUATE_SOAK_RUN"
"""The directory in which the processes of one run collect their lines."""
_SEED = "PGRADUATE_SOAK_SEED"


@dataclass
class Tally:
    """The count of one kind of try; `failures` is what the test adds, or 1 for each try that raised."""

    name: str
    seed: int | None = None
    tries: int = 0
    failures: int = 0
    seconds: float = 0.0
    date: str = field(default_factory=lambda: datetime.now(UTC).date().isoformat())

    @contextmanager
    def trying(self, number: int = 1) -> Iterator[None]:
        """Count a try, or several, and a failure where it raises; what a person broke off counts as none."""
        started = time.monotonic()
        self.tries += number
        try:
            yield
        except KeyboardInterrupt:
            self.tries -= number
            raise
        except BaseException:
            self.failures += 1
            raise
        finally:
            self.seconds += time.monotonic() - started

    def keep(self) -> None:
        """Add the line to the run's, where one is under way."""
        record(self.name, tries=self.tries, failures=self.failures, seconds=self.seconds, seed=self.seed)


def count(small: int, full: int) -> int:
    """Choose how often to try: `small` in `make test`, `full` in `make soak`."""
    return full if SOAK else small


def seed(usual: int) -> int:
    """Choose the seed: `usual` in `make test`, in `make soak` that of the run, so that another run tries other things."""
    return int(os.environ.get(_SEED, usual)) if SOAK else usual


@contextmanager
def tallied(name: str, seed: int | None = None) -> Iterator[Tally]:
    """Count the tries of a module's tests, for a fixture of module scope."""
    tally = Tally(name, seed)
    try:
        yield tally
    finally:
        tally.keep()


def record(name: str, *, tries: int, failures: int, seconds: float, seed: int | None = None) -> None:
    """Say what was tried and how often it failed; lines of one name are added up, so a process may say it for its share.

    Outside of `make soak` it does nothing.
    """
    if not SOAK or _RUN not in os.environ or not tries:
        return
    tally = Tally(name, seed, tries, failures, seconds)
    with (Path(os.environ[_RUN]) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(tally)) + "\n")


def collect(directory: Path) -> dict[str, Tally]:
    """Add up the lines of a run by name."""
    found: dict[str, Tally] = {}
    for path in sorted(directory.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            part = Tally(**json.loads(line))
            whole = found.setdefault(part.name, Tally(part.name, part.seed, date=part.date))
            whole.tries += part.tries
            whole.failures += part.failures
            whole.seconds += part.seconds
            whole.seed = part.seed if whole.seed == part.seed else None
            whole.date = max(whole.date, part.date)
    return found


def load(path: Path = RECORD) -> dict[str, Tally]:
    if not path.is_file():
        return {}
    return {line["name"]: Tally(**line) for line in json.loads(path.read_text("utf-8"))["tries"]}


def page(known: dict[str, Tally]) -> str:
    """Write the page from the record."""
    lines = [
        f"| {tally.name} | {tally.tries:,} | {tally.failures:,} | {'–' if tally.seed is None else tally.seed} "
        f"| {tally.seconds:,.0f} | {tally.date} |"
        for _, tally in sorted(known.items())
    ]
    return _PAGE.format(rows="\n".join(lines))


_PAGE = """# The full counts

**In short:** `make test` tries each of these a few times; `make soak` tries them as often as this page says, and writes
the page.

Every line was written by the test that ran: how often it tried, how often it failed, the seed where the tries came from
one, the seconds of all its tries together, and the day. [soak.json](soak.json) holds the same for programs.

| What was tried | Tries | Failures | Seed | Seconds | Day |
|---|---|---|---|---|---|
{rows}
"""


def write(directory: Path) -> dict[str, Tally]:
    """Lay a run's lines over the record, and write record and page; what the run did not try keeps its line."""
    known = load() | collect(directory)
    lines = [asdict(tally) | {"seconds": round(tally.seconds, 1)} for _, tally in sorted(known.items())]
    RECORD.write_text(json.dumps({"tries": lines}, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(load()), "utf-8")
    return known


if __name__ == "__main__":
    for tally in write(Path(sys.argv[1])).values():
        print(f"{tally.name}: {tally.tries:,} tries, {tally.failures:,} failures")
