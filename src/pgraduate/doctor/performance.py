"""Performance degraded: what is otherwise than when all was well, and what stands in the way now.

Compared are settings, sizes, rows, statistics, plans and times of statements, the share of reads from cache, and the
findings.  The order of steps is: sessions that block, statistics, vacuum, indexes, settings.  A restart is in none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pgraduate.doctor.diagnosis import Change, Diagnosis, NextStep, steps_of
from pgraduate.health import HealthFinding, Snapshot
from pgraduate.model.figure import Figure
from pgraduate.model.wire import to_json
from pgraduate.postgres.identifiers import qualified

ORDER = {
    "LOCK_CHAIN": 0,
    "IDLE_IN_TRANSACTION": 1,
    "LONG_STATEMENT": 1,
    "LONG_TRANSACTION": 1,
    "VACUUM_HELD_BACK": 2,
    "PREPARED_TRANSACTION_FORGOTTEN": 2,
    "STATISTICS_MISSING": 3,
    "STATISTICS_OLD": 3,
    "AUTOVACUUM_OFF": 4,
    "AUTOVACUUM_BEHIND": 4,
    "DEAD_ROWS": 4,
    "INDEX_INVALID": 5,
    "INDEX_BLOATED": 6,
    "FOREIGN_KEY_WITHOUT_INDEX": 7,
    "CACHE_HIT_LOW": 8,
    "TEMPORARY_FILES": 8,
    "CHECKPOINTS_TOO_FREQUENT": 8,
    "RESTART_PENDING": 9,
    "SETTING_AT_RISK": 9,
    "TABLE_BLOATED": 10,
}
"""From what only ends a session to what rewrites."""

GREW = 1.5
"""Times the earlier size, rows or mean time from which on a change is told."""
_BYTES = 8 << 20
_ROWS = 10_000
_CALLS = 10
_CACHE_FELL = 0.02
_MOST = 20

NEVER = (
    "Do not restart the server to make it fast: the cache starts empty, and the cause stays.",
    "Do not run VACUUM FULL or REINDEX DATABASE while the application works: both lock it out.",
)


def performance(now: Snapshot, good: Mapping[str, Any] | None, step: str) -> Diagnosis:
    """Compare a server with its last good snapshot, given as the journal's JSON; None where there is none.

    `step` is the journal step that measured `now`.
    """
    findings = tuple(item for item in now.findings if item.code in ORDER)
    changes = tuple(_changes(to_json(now), good, step)) if good is not None else ()
    if good is None:
        kept = "this one is kept as the first" if now.good else "this one is kept, and it is not good either"
        sentence = f"There is no snapshot of a good time to compare with; {kept}."
    elif changes:
        sentence = f"Since the last good snapshot, of {_moment(good)}, this is otherwise."
    else:
        sentence = f"Nothing that was measured is otherwise than in the last good snapshot, of {_moment(good)}."
    blind = [f"{item.check}: {line}" for item in now.examined for line in (*item.blind, item.skipped) if line]
    if not now.statements:
        blind.append("times and plans of statements: no statistics of statements were given")
    return Diagnosis(
        "performance",
        sentence,
        changes=changes,
        findings=findings,
        steps=tuple(_steps(findings, good, to_json(now))),
        never=NEVER,
        blind=tuple(blind),
    )


def _moment(good: Mapping[str, Any]) -> str:
    return f"{datetime.fromisoformat(good['at']):%Y-%m-%d %H:%M %Z}"


def _changes(now: Mapping[str, Any], good: Mapping[str, Any], step: str) -> Iterator[Change]:
    yield from _server(now["server"], good["server"])
    yield from _texts("setting", now["settings"], good["settings"])
    yield from _texts("extension", now["extensions"], good["extensions"])
    yield from _statements(now["statements"], good["statements"], step)
    yield from _relations(now["relations"], good["relations"], step)
    yield from _cache(now["counters"], good["counters"], step)


def _server(now: Mapping[str, Any], good: Mapping[str, Any]) -> Iterator[Change]:
    if now["version"] != good["version"]:
        yield Change("the server's version", str(good["version"]), str(now["version"]))
    if now["started"] != good["started"]:
        yield Change("the server was started", str(good["started"]), str(now["started"]))


def _texts(kind: str, now: Mapping[str, str], good: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted(now.keys() | good.keys()):
        if now.get(name) != good.get(name):
            yield Change(f"{kind} {name}", str(good.get(name, "default")), str(now.get(name, "default")))


def _statements(now: Sequence[Any], good: Sequence[Any], step: str) -> Iterator[Change]:
    before = {item["fingerprint"]: item for item in good}
    for item in now:
        old = before.get(item["fingerprint"])
        if old is None or item["calls"] < _CALLS:
            continue
        if item["mean_ms"] > GREW * old["mean_ms"]:
            yield Change(
                f"mean time of {_short(item['text'])}",
                Figure("mean", old["mean_ms"] / 1000, "seconds", step),
                Figure("mean", item["mean_ms"] / 1000, "seconds", step),
            )
        if old["plan"] and item["plan"] and shape(old["plan"]) != shape(item["plan"]):
            yield Change(
                f"plan of {_short(item['text'])}", " > ".join(shape(old["plan"])), " > ".join(shape(item["plan"]))
            )


def shape(plan: Any) -> tuple[str, ...]:
    """Name a plan's nodes with the relations and indexes that they read, from the top."""
    if isinstance(plan, Sequence) and not isinstance(plan, str):
        return tuple(name for item in plan for name in shape(item))
    inner = plan.get("Plan", plan)
    on = inner.get("Index Name") or inner.get("Relation Name")
    name = f"{inner.get('Node Type', '?')}{f' on {on}' if on else ''}"
    return (name, *(item for child in inner.get("Plans", ()) for item in shape(child)))


def _relations(now: Sequence[Any], good: Sequence[Any], step: str) -> Iterator[Change]:
    """Tell the relations that grew most; one that was not there counts from nothing."""
    before = {(item["schema"], item["name"]): item for item in good}
    grown = []
    for item in now:
        old = before.get((item["schema"], item["name"]), {"bytes": 0, "rows": 0})
        if item["bytes"] > GREW * old["bytes"] and item["bytes"] - old["bytes"] >= _BYTES:
            grown.append((item["bytes"] - old["bytes"], item, old))
    grown.sort(key=lambda entry: -entry[0])
    for _, item, old in grown[:_MOST]:
        yield Change(
            f"size of {item['kind']} {item['schema']}.{item['name']}",
            Figure("bytes", old["bytes"], "bytes", step),
            Figure("bytes", item["bytes"], "bytes", step),
        )


def _cache(now: Mapping[str, Any], good: Mapping[str, Any], step: str) -> Iterator[Change]:
    """Compare the share of reads from cache since the snapshot with the share before it, unless counters were reset."""
    names = ("blks_hit", "blks_read")
    if any(now.get(name, 0) < good.get(name, 0) for name in names):
        return
    before, after = _share(good), _share({name: now.get(name, 0) - good.get(name, 0) for name in names})
    if before is not None and after is not None and before - after >= _CACHE_FELL:
        yield Change(
            "share of reads from cache",
            Figure("share", before, "ratio", step),
            Figure("share", after, "ratio", step),
        )


def _share(counters: Mapping[str, Any]) -> float | None:
    hit, read = counters.get("blks_hit", 0), counters.get("blks_read", 0)
    return hit / (hit + read) if hit + read >= _ROWS else None


def _steps(
    findings: Sequence[HealthFinding], good: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> Iterator[NextStep]:
    yield NextStep(
        "Look at what runs and what waits, before anything is changed",
        "SELECT pid, state, wait_event_type, wait_event, now() - query_start AS runs, pg_blocking_pids(pid)"
        " FROM pg_stat_activity WHERE state <> 'idle' ORDER BY runs DESC;",
        "reads only",
    )
    before = [code for code in ORDER if ORDER[code] <= ORDER["STATISTICS_OLD"]]
    yield from steps_of(findings, {code: ORDER[code] for code in before})
    if good is not None:
        yield from _analyze(now["relations"], good["relations"])
    yield from steps_of(findings, {code: rank for code, rank in ORDER.items() if code not in before})
    if good is not None:
        yield from _settings_back(now["settings"], good["settings"])


def _analyze(now: Sequence[Any], good: Sequence[Any]) -> Iterator[NextStep]:
    before = {(item["schema"], item["name"]): item["rows"] for item in good}
    for item in now[: 10 * _MOST]:
        old = before.get((item["schema"], item["name"]), 0)
        if item["kind"] == "table" and item["rows"] - old >= _ROWS and item["rows"] > GREW * old:
            name = qualified(item["schema"], item["name"])
            yield NextStep(
                f"{item['schema']}.{item['name']} has far more rows than then", f"ANALYZE {name};", "reads a sample"
            )


def _settings_back(now: Mapping[str, str], good: Mapping[str, str]) -> Iterator[NextStep]:
    for name in sorted(now.keys() | good.keys()):
        if now.get(name) != good.get(name):
            yield NextStep(
                f"setting {name} was {good.get(name, 'its default')} when all was well",
                "",
                "ask who changed it and why; ALTER SYSTEM RESET or SET with a reload takes it back",
            )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 72 else line[:71] + "…"
