"""Why a statement is slow, read off its plan and its text.

A reason names tables, columns and nodes, never a literal: a plan's filters hold the values that were asked for, so they
are looked at and not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from pgraduate.tune.indexes.accesses import Reading
from pgraduate.tune.indexes.catalog import Catalog, Table
from pgraduate.tune.indexes.planner import nodes
from pgraduate.workload.fingerprint import spaced

SELECTIVE = 0.05
"""A sequential scan that keeps less than a twentieth of the rows read the others for nothing."""
LARGE_PAGES = 100
MISESTIMATE = 10.0
MISESTIMATED_ROWS = 1000
DEEP_OFFSET = 100
_CAST = re.compile(r"\(\"?(\w+)\"?\)::([a-z][a-z ]*[a-z]) (?:=|<>|<=?|>=?|~~\*?) ")


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is stable; `hint` is what to try."""

    code: str
    what: str
    hint: str


def reasons_of(plan: Mapping[str, Any], text: str, reading: Reading, catalog: Catalog) -> tuple[Reason, ...]:
    """Read every reason that a plan shows; one that was executed (ANALYZE) shows more."""
    found = [*_scans(plan, catalog), *_spills(plan), *_misestimates(plan), *_casts(plan, catalog)]
    scanned = {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}
    found += [
        *_expressions(reading, scanned),
        *_prefixes(reading, scanned),
        *(_offset(text) if reading.understood else ()),
    ]
    return tuple(dict.fromkeys(found))


def repeated(longest: int) -> Reason:
    """The reason of a statement that ran so often in a row."""
    return Reason(
        "N_PLUS_ONE",
        f"it ran {longest} times in a row on one connection, each time with other values",
        "ask once for all of them: WHERE column = ANY (...), or a join",
    )


def _scans(plan: Mapping[str, Any], catalog: Catalog) -> Iterator[Reason]:
    for node in nodes(plan):
        table = _table(node, catalog)
        if node["Node Type"] != "Seq Scan" or "Filter" not in node or table is None or table.pages < LARGE_PAGES:
            continue
        kept = float(node.get("Actual Rows", node["Plan Rows"]))
        removed = float(node.get("Rows Removed by Filter", max(table.rows - kept, 0)))
        if kept + removed > 0 and kept / (kept + removed) <= SELECTIVE:
            yield Reason(
                "SEQUENTIAL_SCAN",
                f"all of {table.schema}.{table.name} is read to keep {_percent(kept / (kept + removed))} of its rows",
                "pgraduate tune indexes plan",
            )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 else "less than 0.1 %"


def _spills(plan: Mapping[str, Any]) -> Iterator[Reason]:
    for node in nodes(plan):
        disk = node.get("Sort Space Type") == "Disk"
        if disk or node.get("Hash Batches", 1) > 1 or node.get("HashAgg Batches", 1) > 1:
            kind = node["Node Type"].lower()
            size = f", {node['Sort Space Used']:,} kB" if disk else ""
            yield Reason("SPILL", f"a {kind} did not fit into work_mem and wrote temporary files{size}",
                         "pgraduate tune settings plan; or return fewer rows to it")  # fmt: skip


def _misestimates(plan: Mapping[str, Any]) -> Iterator[Reason]:
    for node in _unlimited(plan):
        if "Actual Rows" not in node or "Relation Name" not in node:
            continue
        planned, actual = max(float(node["Plan Rows"]), 1.0), max(float(node["Actual Rows"]), 1.0)
        factor = max(planned / actual, actual / planned)
        if factor >= MISESTIMATE and max(planned, actual) >= MISESTIMATED_ROWS:
            yield Reason(
                "MISESTIMATE",
                f"{planned:,.0f} rows of {node['Relation Name']} were expected and {actual:,.0f} came",
                "ANALYZE the table; where columns depend on each other, CREATE STATISTICS",
            )


def _casts(plan: Mapping[str, Any], catalog: Catalog) -> Iterator[Reason]:
    for node in nodes(plan):
        table = _table(node, catalog)
        if node["Node Type"] != "Seq Scan" or table is None:
            continue
        for name, target in _CAST.findall(str(node.get("Filter", ""))):
            column = table.columns.get(name)
            if (
                column is not None
                and column.type != target
                and {column.type, target} != {"character varying", "text"}
            ):
                yield Reason(
                    "IMPLICIT_CAST",
                    f"{table.name}.{name} is {column.type} and is compared as {target}: an index on it cannot serve",
                    "give the parameter the column's own type",
                )


def _expressions(reading: Reading, scanned: set[str]) -> Iterator[Reason]:
    for access in reading.accesses:
        for term in [*access.equal, *access.ranges]:
            if term.column is None and access.table.name in scanned:
                columns = ", ".join(name for name in access.table.columns if f'"{name}"' in term.sql)
                yield Reason(
                    "FUNCTION_ON_COLUMN",
                    f"a function of {access.table.name}.{columns} is compared, which an index on the column cannot serve",
                    "compare the bare column, or index the expression: pgraduate tune indexes plan",
                )


def _prefixes(reading: Reading, scanned: set[str]) -> Iterator[Reason]:
    for access in reading.accesses:
        for term in access.prefixes:
            if access.table.name in scanned:
                yield Reason(
                    "LIKE_PREFIX",
                    f"LIKE on {access.table.name}.{term.column} reads the whole table",
                    'an index with text_pattern_ops, or COLLATE "C": pgraduate tune indexes plan',
                )


def _offset(text: str) -> Iterator[Reason]:
    try:
        tree = parse_one(spaced(text), read="postgres")
    except (SqlglotError, ValueError):
        return
    for offset in tree.find_all(exp.Offset):
        value = offset.expression
        if not isinstance(value, exp.Literal) or not value.is_int or int(value.this) >= DEEP_OFFSET:
            yield Reason(
                "OFFSET",
                "OFFSET reads the skipped rows as well: the further the page, the slower",
                "go on from the last row seen: WHERE (sort column, key) > (...) ORDER BY ... LIMIT ...",
            )


def _unlimited(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Walk over the nodes that ran to their end: below a LIMIT rows stay away because nobody asked for them."""
    yield plan
    if plan["Node Type"] != "Limit":
        for child in plan.get("Plans", ()):
            yield from _unlimited(child)


def _table(node: Mapping[str, Any], catalog: Catalog) -> Table | None:
    """Find the table of a node; a plan names the schema only where it was asked to, so that one name must do."""
    name = node.get("Relation Name")
    found = [table for table in catalog.tables if table.name == name]
    return catalog.table("", str(name)) or (found[0] if len(found) == 1 else None)
