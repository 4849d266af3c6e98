"""What was written to a table since its counters began: the server's own counts, read and never reset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import psycopg
from psycopg.rows import dict_row


@dataclass(frozen=True, slots=True)
class Churn:
    """`updated`, `hot_updated`, `deleted` since the counters began, `inserted` since the last VACUUM, `changed` since
    the last ANALYZE; `dead` rows stand there now; `options` as pg_class.reloptions has them."""

    schema: str
    name: str
    rows: float
    updated: int
    hot_updated: int
    deleted: int
    dead: int
    inserted: int
    changed: int
    options: tuple[str, ...]
    threshold: float
    scale: float

    @property
    def set_options(self) -> dict[str, str]:
        return split_options(self.options)

    @property
    def turnover(self) -> float:
        """How often each row was updated or deleted, on average."""
        return (self.updated + self.deleted) / max(self.rows, 1.0)

    @property
    def hot_share(self) -> float:
        """The share of updates that stayed on their page and touched no index."""
        return self.hot_updated / self.updated if self.updated else 1.0

    @property
    def trigger(self) -> float:
        """The dead rows at which autovacuum comes, by the server's settings and the table's own."""
        own = self.set_options
        threshold = float(own.get("autovacuum_vacuum_threshold", self.threshold))
        scale = float(own.get("autovacuum_vacuum_scale_factor", self.scale))
        return threshold + scale * self.rows


def read_churn(connection: psycopg.Connection) -> tuple[tuple[Churn, ...], str | None]:
    """Read the counters of every table that the role may alter, and since when they count (UTC, None: never reset)."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(question("churn").encode()).fetchall()
    since = connection.execute(question("counting_since").encode()).fetchone()
    return tuple(Churn(**row | {"options": tuple(row["options"])}) for row in rows), since[0] if since else None


def split_options(options: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Read name=value pairs in their order."""
    return {name: value for name, _, value in (text.partition("=") for text in options)}


@cache
def question(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.tune.tables").joinpath("sql", f"{name}.sql").read_text("utf-8")
