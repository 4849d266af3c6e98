"""How empty the pages of B-tree indexes are: measured with pgstatindex, else estimated where an estimate is honest.

Since deduplication (PostgreSQL 13) an estimate from statistics says nothing of an index with equal entries, so only
unique indexes with fresh statistics are estimated; all others are counted as not measured.  The density that counts is
that of the whole index: full leaf pages among deleted ones are as bad as half-empty ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import psycopg

from pgraduate.health.checks.measuring import measuring_schema
from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified

_PAGE = 8192
_ITEM = 4 + 8
"""Bytes of an index entry besides its values: item pointer and tuple header, aligned."""
_FULL = 90.0
"""A fresh index's leaf pages, in percent (fillfactor 90)."""


@dataclass(frozen=True, slots=True)
class Density:
    """Percent of the pages that entries fill, scaled to fillfactor 90; `measured` is False for an estimate."""

    percent: float
    measured: bool


class IndexBloat:
    name: ClassVar[str] = "index_bloat"
    title: ClassVar[str] = "Index bloat"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        (everything,) = ask(connection, "count_indexes")
        rows = ask(connection, "index_sizes", {"bytes": facts.thresholds.bloat_bytes})
        schema = measuring_schema(connection, facts)
        found, examined, unmeasured = [], 0, 0
        for row in rows:
            density = _measure(connection, schema, row) if schema else _estimate(row, facts)
            if density is None:
                unmeasured += 1
                continue
            examined += 1
            if density.percent < facts.thresholds.index_density:
                found.append(_finding(row, density))
        blind = [*_blind(facts, schema), f"{everything['count'] - len(rows)} indexes are smaller than "
                 f"{render(facts.thresholds.bloat_bytes, 'bytes')}, or no B-tree, and not looked at"]  # fmt: skip
        if unmeasured:
            blind.append(f"{unmeasured} large indexes are not measured: no estimate holds for them")
        skipped = "no large index could be measured" if rows and not examined else ""
        figures = {"indexes_bloated": len(found)}
        return Examination(self.name, examined, "indexes", tuple(found), tuple(blind), figures, skipped)


def measure_index(connection: psycopg.Connection, schema: str, index: int, fillfactor: int) -> Density | None:
    """Read one index through the extension in `schema`; None for an empty one."""
    row = ask(connection, "index_density", {"relation": index}, schema=schema)[0]
    pages = row["leaf_pages"] + row["empty_pages"] + row["deleted_pages"]
    if not pages or not row["leaf_pages"]:
        return None
    return Density(row["density"] * row["leaf_pages"] / pages * _FULL / fillfactor, measured=True)


def _measure(connection: psycopg.Connection, schema: str, row: Row) -> Density | None:
    return measure_index(connection, schema, row["oid"], row["fillfactor"])


def _estimate(row: Row, facts: Facts) -> Density | None:
    """Expect entries × (values + overhead) bytes; None where statistics are missing, old, or equal entries merge."""
    fresh = row["stale"] is not None and row["stale"] < facts.thresholds.stale_share
    if not (row["is_unique"] and row["complete"] and fresh and not row["expressions"]) or row["entries"] <= 0:
        return None
    used = row["entries"] * (_ITEM + row["width"])
    return Density(min(100.0, 100.0 * used / row["bytes"]) * _FULL / row["fillfactor"], measured=False)


def _blind(facts: Facts, schema: str | None) -> Iterator[str]:
    if schema is not None:
        return
    if "pgstattuple" in facts.extensions:
        yield f"role {facts.role} may not call pgstatindex (GRANT pg_stat_scan_tables): estimated"
    else:
        yield "pgstattuple is not installed (CREATE EXTENSION pgstattuple): estimated, and only unique indexes"


def _finding(row: Row, density: Density) -> HealthFinding:
    name = qualified(row["schema"], row["name"])
    wasted = round(row["bytes"] * (1 - density.percent / _FULL))
    how = "measured" if density.measured else "estimated from statistics: measure before acting"
    return HealthFinding(
        "INDEX_BLOATED",
        Severity.WARNING if density.measured else Severity.NOTICE,
        name,
        f"entries fill {density.percent:.0f} % of its {render(row['bytes'], 'bytes')} ({how})",
        f"about {render(wasted, 'bytes')} are read and kept in memory for nothing",
        f"REINDEX INDEX CONCURRENTLY {name};",
        f"needs about {render(row['bytes'] - wasted, 'bytes')} of disk meanwhile and waits for running transactions;"
        " reads and writes go on; one that fails leaves a copy named _ccnew",
        {
            "schema": row["schema"],
            "index": row["name"],
            "table_schema": row["table_schema"],
            "table": row["table"],
            "oid": row["oid"],
            "bytes": row["bytes"],
            "density": round(density.percent, 1),
            "measured": density.measured,
            "wasted": wasted,
        },
    )
