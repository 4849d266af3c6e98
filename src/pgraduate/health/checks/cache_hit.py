"""How often a block was found in shared_buffers.  Below a number of reads the share means nothing."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity


class CacheHit:
    name: ClassVar[str] = "cache_hit"
    title: ClassVar[str] = "Cache hit rate"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        (row,) = ask(connection, self.name)
        hit, read, limits = int(row["hit"]), int(row["read"]), facts.thresholds
        blind = ["a block that the operating system had in its memory counts as not found"]
        share = hit / (hit + read) if hit + read else None
        figures = {"cache_hit_ratio": share}
        if share is None or hit + read < limits.cache_reads:
            blind.append(f"only {hit + read:,} blocks were asked for; {limits.cache_reads:,} make a rate")
            return Examination(self.name, 0, "blocks", (), tuple(blind), figures)
        found: tuple[HealthFinding, ...] = ()
        if share < limits.cache_notice:
            found = (
                HealthFinding(
                    "CACHE_HIT_LOW",
                    Severity.WARNING if share < limits.cache_warning else Severity.NOTICE,
                    f"database {facts.database}",
                    f"{share:.1%} of the blocks that were asked for were in shared_buffers",
                    "the others came from the disk or from the system's memory, and cost time",
                    "",
                    "look first for statements that read whole tables (pgraduate tune); then for more shared_buffers,"
                    " which need a restart",
                    {"share": round(share, 4), "shared_buffers": int(row["buffers"])},
                ),
            )
        return Examination(self.name, hit + read, "blocks", found, tuple(blind), figures)
