"""What the leading process and those that copy ranges for it say to each other.

Orders go once, as JSON on the first one's standard input; tasks and answers are JSON messages over one socket each.
Nothing in them is a row's value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pgraduate.copy.chunks import ChunkLimits
from pgraduate.copy.ranges import Range
from pgraduate.model.plan import TablePlan


@dataclass(frozen=True, slots=True)
class Orders:
    """What all processes of a load need; `token` lets a session join the load (`postgres.locks`)."""

    conninfo: str
    secret: str | None = field(repr=False)
    sealed: str
    run_id: str
    token: int
    limits: ChunkLimits
    tables: tuple[TablePlan, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A range of one of the orders' tables, by its place; its chunks are numbered `first`, `first + step`, …"""

    table: int
    part: Range
    first: int
    step: int


@dataclass(frozen=True, slots=True)
class Committed:
    """A chunk that stands in the target; `path` says how its rows were formatted."""

    rows: int
    bytes: int
    path: str
