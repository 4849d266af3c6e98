"""pgraduate's own load of a case: tables, rows, keys and indexes, through the operations of a run."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.load.case import RUN, Case
from benchmarks.load.measuring import working
from pgraduate.copy import load
from pgraduate.journey.operations import REGISTRY, plan_compat, plan_records
from pgraduate.postgres.runs import register
from pgraduate.postgres.target import from_text
from pgraduate.schema import plan_create, plan_finish


def main(description: Path, conninfo: str) -> None:
    record, plan = Case.read(description)
    target = from_text(conninfo)
    with working() as way, target.connect("bench") as connection:
        before = [plan_records(), *([plan_compat()] if plan.compat else [])]
        for operation in before:
            REGISTRY[operation.operation].apply(connection, operation)
        register(connection, RUN, "benchmark", [(record, plan)])
        REGISTRY["schema.create"].apply(connection, plan_create(plan, RUN))
        copied = load(lambda: target.connect("copy"), Path(record.sealed), plan, RUN)
        REGISTRY["schema.finish"].apply(connection, plan_finish(plan, RUN))
        way += sorted({table.path for table in copied if table.path})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
