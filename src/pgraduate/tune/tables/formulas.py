"""From measured churn to a table's own parameters: when autovacuum comes, and how full a page is written.

Nothing is proposed for a table that was not seen at work, and a parameter that somebody has set is left as it is.  The
server's defaults wait for a fifth of a table, whatever its size: what is right for thousands of rows lets a table of
100 million collect 20 million dead ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pgraduate.tune.tables.churn import Churn

LARGE, LARGER, HUGE = 1_000_000, 10_000_000, 100_000_000
SMALLEST_ROWS = 500
OFTEN = 1.0
"""Updates per row from which a table counts as hot."""
VERY_OFTEN = 5.0
IN_PLACE = 0.95
"""A share of heap-only updates that no free room could improve by much."""
NEVER_IN_PLACE = 0.05
"""Where fewer updates than this are heap-only, they change an indexed column, and room on the page does not help."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`source` is where the threshold comes from."""

    option: str
    value: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class TableProposal:
    """The parameters to set on one table, each with its reason; `churn` is what they follow from."""

    schema: str
    table: str
    reasons: tuple[Reason, ...]
    churn: Churn

    @property
    def options(self) -> Mapping[str, str]:
        return {item.option: item.value for item in self.reasons}


_FIELD = "field practice with large tables"
_DOCS = "PostgreSQL documentation, CREATE TABLE, storage parameters"


def propose(tables: Iterable[Churn]) -> tuple[TableProposal, ...]:
    """Propose parameters for the tables whose counters ask for them; empty for a database that was not used yet."""
    found = []
    for churn in tables:
        own = churn.set_options
        wanted = {item.option: item for item in (*_pages(churn), *_vacuum(churn), *_inserts(churn))}
        reasons = tuple(item for item in wanted.values() if item.option not in own)
        if reasons:
            found.append(TableProposal(churn.schema, churn.name, reasons, churn))
    return tuple(found)


def _vacuum(churn: Churn) -> Iterator[Reason]:
    """Let autovacuum come earlier where it was due at least once, by what was updated and deleted."""
    written = churn.updated + churn.deleted
    if written <= churn.trigger and churn.dead <= churn.trigger:
        return
    why = f"{written:,} rows were updated or deleted, and {churn.dead:,} are dead now, of {churn.rows:,.0f}"
    if churn.rows >= HUGE:
        yield Reason("autovacuum_vacuum_scale_factor", "0", why, _FIELD)
        yield Reason("autovacuum_vacuum_threshold", "1000000", why, _FIELD)
    elif churn.rows >= LARGER:
        yield Reason("autovacuum_vacuum_scale_factor", "0.01", why, _FIELD)
        yield Reason("autovacuum_vacuum_threshold", "10000", why, _FIELD)
    elif churn.rows >= LARGE:
        scale = "0.02" if churn.turnover >= OFTEN else "0.05"
        yield Reason("autovacuum_vacuum_scale_factor", scale, why, _FIELD)
    elif _is_hot(churn):
        yield Reason("autovacuum_vacuum_scale_factor", "0.01", why, _FIELD)
    if churn.rows >= LARGE:
        yield Reason("autovacuum_analyze_scale_factor", "0.02", why, _FIELD)


def _inserts(churn: Churn) -> Iterator[Reason]:
    """Where rows are only added, VACUUM makes index-only scans possible, and freezes in small pieces."""
    if churn.rows < LARGE or churn.updated + churn.deleted > 0.01 * churn.rows:
        return
    if churn.inserted >= 0.05 * churn.rows:
        why = f"{churn.inserted:,} rows were added since the last VACUUM, and hardly one was changed"
        yield Reason("autovacuum_vacuum_insert_scale_factor", "0.05", why, _FIELD)


def _pages(churn: Churn) -> Iterator[Reason]:
    """Leave room on the pages where updates leave their page for want of it."""
    if not _is_hot(churn) or not NEVER_IN_PLACE <= churn.hot_share < IN_PLACE:
        return
    value = "85" if churn.updated / churn.rows >= VERY_OFTEN else "90"
    yield Reason(
        "fillfactor",
        value,
        f"{churn.updated:,} updates of {churn.rows:,.0f} rows, {100 * churn.hot_share:.0f} % of them heap-only; pages that "
        "are written from now on keep room for a row's next version",
        _DOCS,
    )


def _is_hot(churn: Churn) -> bool:
    return churn.rows >= SMALLEST_ROWS and churn.updated >= OFTEN * churn.rows
