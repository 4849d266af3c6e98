"""How much of the large tables is free: measured with pgstattuple_approx, else estimated from fresh statistics.

An estimate sees no bloat before VACUUM has run and none in TOAST tables; where statistics are missing or old there is
none.  Freeing the space needs a rewrite, which is never done unasked.
"""

from __future__ import annotations

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
_PAGE_HEADER = 24
_ROW_OVERHEAD = 24 + 4
"""Tuple header, aligned, and item pointer."""


class TableBloat:
    name: ClassVar[str] = "table_bloat"
    title: ClassVar[str] = "Table bloat"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        limit = facts.thresholds.bloat_bytes
        rows = ask(connection, "table_sizes", {"bytes": limit})
        schema = measuring_schema(connection, facts)
        found, examined, unmeasured = [], 0, 0
        for row in rows:
            free = _measure(connection, schema, row) if schema else _estimate(row, facts)
            if free is None:
                unmeasured += 1
                continue
            examined += 1
            finding = _finding(row, free, facts, measured=schema is not None)
            if finding is not None:
                found.append(finding)
        blind = [f"tables smaller than {render(limit, 'bytes')} are not looked at"]
        if schema is None:
            blind.append("estimated from statistics (no pgstattuple for this role): TOAST tables are not seen, and no"
                         " bloat before VACUUM has run")  # fmt: skip
        if unmeasured:
            blind.append(f"{unmeasured} large tables are not measured: no fresh statistics")
        skipped = "no large table could be measured" if rows and not examined else ""
        figures = {"tables_bloated": len(found)}
        return Examination(self.name, examined, "tables", tuple(found), tuple(blind), figures, skipped)


def _measure(connection: psycopg.Connection, schema: str, row: Row) -> int:
    measured = ask(connection, "table_free", {"relation": row["oid"]}, schema=schema)[0]
    return int(measured["free"])


def _estimate(row: Row, facts: Facts) -> int | None:
    fresh = row["stale"] is not None and row["stale"] < facts.thresholds.stale_share
    if row["is_toast"] or not (row["complete"] and fresh) or row["rows"] < 0:
        return None
    width = 8 * -(-(_ROW_OVERHEAD - 4 + (row["width"] or 0)) // 8) + 4
    per_page = max(1, int((_PAGE - _PAGE_HEADER) * row["fillfactor"] / 100 / width))
    return max(0, int(row["bytes"]) - _PAGE * -(-int(row["rows"]) // per_page))


def _finding(row: Row, free: int, facts: Facts, *, measured: bool) -> HealthFinding | None:
    limits, share = facts.thresholds, free / row["bytes"]
    half = share >= limits.table_free_share and free >= limits.bloat_bytes * limits.table_free_share
    large = share >= limits.table_free_large_share and free >= limits.table_free_large_bytes
    if not (half or large):
        return None
    if row["is_toast"]:
        table, part = qualified(row["owner_schema"], row["owner"]), " of its TOAST table"
    else:
        table, part = qualified(row["schema"], row["name"]), ""
    serious = measured and free >= limits.table_free_warning_bytes
    how = "measured" if measured else "estimated from statistics: measure before acting"
    return HealthFinding(
        "TABLE_BLOATED",
        Severity.WARNING if serious else Severity.NOTICE,
        table,
        f"{render(free, 'bytes')}{part} of {render(row['bytes'], 'bytes')} are free ({how})",
        "every read of the whole table reads them; new rows will use them, so that this matters only where the table"
        " does not grow back",
        f"pg_repack --table={row['owner_schema'] or row['schema']}.{row['owner'] or row['name']}",
        "pg_repack needs its extension, a primary key and the table's size in disk; VACUUM FULL needs the same and"
        " stops reads and writes: in a window, never by itself",
        {
            "schema": row["owner_schema"] or row["schema"],
            "table": row["owner"] or row["name"],
            "bytes": row["bytes"],
            "free": free,
            "measured": measured,
        },
    )
