"""Settings that put the data at risk, and settings that wait for a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity

_RELOAD = "SELECT pg_reload_conf();"
_RISKS: Mapping[tuple[str, str], tuple[Severity, str]] = {
    ("fsync", "off"): (Severity.ERROR, "after a crash of the machine the whole cluster may be beyond repair"),
    ("full_page_writes", "off"): (Severity.ERROR, "a page that was half written when the machine died stays damaged"),
    ("zero_damaged_pages", "on"): (Severity.ERROR, "a damaged page is emptied in silence: its rows are lost"),
    ("ignore_checksum_failure", "on"): (Severity.ERROR, "damaged pages are read, and copied, as if they were good"),
    ("synchronous_commit", "off"): (Severity.NOTICE, "the last commits before a crash are lost, though reported done"),
    ("autovacuum", "off"): (Severity.ERROR, "dead rows stay, statistics grow old, transaction numbers run out"),
    ("track_counts", "off"): (Severity.ERROR, "autovacuum cannot see what to do, and no counter tells"),
}  # fmt: skip


class Settings:
    name: ClassVar[str] = "settings"
    title: ClassVar[str] = "Settings"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, _facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = []
        for row in rows:
            risk = _RISKS.get((row["name"], row["setting"]))
            if risk is not None:
                found.append(
                    HealthFinding(
                        "SETTING_AT_RISK",
                        risk[0],
                        f"setting {row['name']}",
                        f"it is {row['setting']}, set by: {row['source']}",
                        risk[1],
                        f"ALTER SYSTEM RESET {row['name']}; {_RELOAD}",
                        "takes effect at once; where a file or a command line sets it, change it there",
                        {"setting": row["name"], "value": row["setting"], "source": row["source"]},
                    )
                )
            if row["pending_restart"]:
                found.append(
                    HealthFinding(
                        "RESTART_PENDING",
                        Severity.NOTICE,
                        f"setting {row['name']}",
                        f"it was changed and still is {row['setting']}: the new value waits for a restart",
                        "the server runs with other settings than its files say, until a restart that may surprise",
                        "",
                        "restart the server in a window; first prove the new value: postgres -C " + row["name"],
                        {"setting": row["name"]},
                    )
                )
        return Examination(self.name, len(rows), "settings", tuple(found))
