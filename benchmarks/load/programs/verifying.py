"""pgraduate's verification of a case that has been loaded: every value, and the verdict."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.load.case import RUN, Case
from benchmarks.load.measuring import working
from pgraduate.model.result import Verdict
from pgraduate.postgres.target import from_text
from pgraduate.verify import verify


def main(description: Path, conninfo: str) -> None:
    record, plan = Case.read(description)
    with working(), from_text(conninfo).connect("verify") as connection:
        found = verify(connection, Path(record.sealed), plan, RUN)
    if found.verdict is not Verdict.EQUAL:
        sys.exit(f"the verdict is {found.verdict}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
