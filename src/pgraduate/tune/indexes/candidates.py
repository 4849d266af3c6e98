"""Candidates for a workload: from what each statement asks of a table to the indexes that could serve it.

The order of the keys is equality, then sort, then range: behind a range nothing is ordered any more.  A condition
without parameters that keeps at most a fifth of the rows makes a partial index; columns that are only read are carried
along where they are few and narrow; containment, full text and patterns get a GIN.  Every refusal is said with its
reason: an index that is not proposed and not explained is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import permutations

from pgraduate.tune.indexes.accesses import Access, Condition, Order, Search
from pgraduate.tune.indexes.catalog import Catalog, Index, Table
from pgraduate.tune.indexes.definition import Definition, Key, column_key
from pgraduate.tune.indexes.terms import Term

SMALLEST_ROWS = 500
"""PgHero's bound: a table of fewer rows is read whole sooner than through an index."""
PARTIAL_SHARE = 0.20
CATEGORIES = 50
MOST_KEYS = 4
MOST_CARRIED = 6
CARRIED_BYTES = 96
"""Columns carried along must be narrow: together less than a wide key."""
WIDE_BYTES = 400
"""A btree entry holds 2,704 bytes at most; values of this mean width come near it."""
BRIN_PAGES = 8192
"""64 MiB: of a smaller table the btree is small as well, and finds rows instead of pages."""
IN_ORDER = 0.98
"""pg_stats.correlation from which rows lie in the order of a column."""
UNCHANGED = 0.01
"""A table with fewer updates per row than this only grows."""
_NO_BTREE = {
    "json",
    "xml",
    "point",
    "polygon",
    "box",
    "lseg",
    "path",
    "circle",
    "line",
    "jsonb",
    "tsvector",
    "tsquery",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A candidate that cannot be: why, and what works instead."""

    table: str
    what: str
    why: str
    instead: str


Share = Callable[[Table, str], float | None]
"""What share of a table's rows a condition keeps, asked of the planner; None where it cannot be asked."""


def candidates_of(access: Access, share: Share, steady: Collection[str]) -> Iterator[Definition | Refusal]:
    """Give the indexes that could serve one access, refusals among them.

    `steady` are the conditions that were the same in every execution: only such a one may stand in a partial index.
    """
    table = access.table
    if table.rows < SMALLEST_ROWS:
        return
    usable = _usable(table)
    equal = [term for term in access.equal if usable(term)]
    joins = [term for term in access.joins if usable(term)]
    ranges = [term for term in access.ranges if usable(term)]
    order = _leading(access.order, usable)
    plain = list(dict.fromkeys(_sequences(access, equal, joins, ranges, order, usable)))
    for keys in plain:
        definition = Definition(table.schema, table.name, keys[:MOST_KEYS])
        yield definition
        carried = _carried(access, definition)
        if carried:
            yield replace(definition, include=carried)
    yield from _block_ranges(access, table, usable)
    yield from _prefixes(access, table)
    yield from _searches(access, table)
    for condition in access.conditions:
        yield from _partial(access, condition, plain, share, steady)


def foreign_key_candidates(catalog: Catalog) -> Iterator[Definition]:
    """Give an index for the referencing columns of each foreign key that has none."""
    tables = {table.oid: table for table in catalog.tables}
    for key in catalog.foreign_keys:
        table = tables.get(key.table_oid)
        if table is not None and table.rows >= SMALLEST_ROWS and not table.partitions:
            yield Definition(table.schema, table.name, tuple(column_key(name) for name in key.columns))


def without_existing(definitions: Iterable[Definition], catalog: Catalog) -> list[Definition]:
    """Leave out what a valid index already serves: the same keys in front, no predicate, nothing to carry."""
    kept = []
    for definition in dict.fromkeys(definitions):
        table = catalog.table(definition.schema, definition.table)
        standing = catalog.indexes_of(table) if table else ()
        if not any(_serves(index, definition) for index in standing):
            kept.append(definition)
    return kept


def _serves(index: Index, definition: Definition) -> bool:
    if not index.is_valid or index.method != definition.method or index.predicate is not None:
        return False
    if any(key.descending for key in definition.keys):
        return False
    keys = [_plain(text) for text in index.columns[: index.keys]]
    wanted = [_plain(key.text()) for key in definition.keys]
    carried = {_plain(text) for text in index.columns}
    return keys[: len(wanted)] == wanted and set(definition.include) <= carried


def _plain(text: str) -> str:
    return text.strip('"').replace('""', '"')


def _usable(table: Table) -> Callable[[Term], bool]:
    def usable(term: Term) -> bool:
        if term.column is None:
            return True
        column = table.columns[term.column]
        return column.type not in _NO_BTREE and column.width <= WIDE_BYTES

    return usable


def _leading(order: list[Order], usable: Callable[[Term], bool]) -> list[Order]:
    result = []
    for item in order:
        if not usable(item.term):
            break
        result.append(item)
    return result


def _sequences(
    access: Access,
    equal: list[Term],
    joins: list[Term],
    ranges: list[Term],
    order: list[Order],
    usable: Callable[[Term], bool],
) -> Iterator[tuple[Key, ...]]:
    singles = [*equal, *joins, *ranges, *(item.term for item in order[:1])]
    singles += [term for term in [*access.alternatives, *access.group] if usable(term)]
    for term in dict.fromkeys(singles):
        yield (_key(term),)
    sorted_keys = _sort_keys(order)
    equals = [_key(term) for term in _selective_first(access.table, equal)]
    within = [_key(term) for term in _selective_first(access.table, ranges)]
    if equals:
        yield tuple(equals)
    if equals and sorted_keys:
        yield _distinct([*equals, *sorted_keys])
    if len(sorted_keys) > 1:
        yield tuple(sorted_keys)
    for tail in within:
        yield _distinct([*equals, tail])
        yield _distinct([*equals, *sorted_keys, tail])
    for join in map(_key, joins):
        yield _distinct([join, *equals])
        yield _distinct([*equals, join])
        for tail in within:
            yield _distinct([join, tail])
            yield _distinct([*equals, join, tail])
            yield _distinct([tail, join])
    if len(joins) > 1:
        yield from permutations([_key(term) for term in joins], 2)
    groups = [_key(term) for term in access.group if usable(term)]
    if groups:
        yield tuple(groups)


def _selective_first(table: Table, terms: list[Term]) -> list[Term]:
    def distinct(term: Term) -> float:
        return table.columns[term.column].distinct if term.column else table.rows / 10

    return sorted(terms, key=distinct, reverse=True)


def _sort_keys(order: list[Order]) -> list[Key]:
    """An index is read in both directions: only a mixed order must be written down."""
    if not order:
        return []
    if len({item.descending for item in order}) == 1 and all(i.nulls_first == i.descending for i in order):
        return [_key(item.term) for item in order]
    return [
        replace(_key(item.term), descending=item.descending, nulls_swapped=item.nulls_first != item.descending)
        for item in order
    ]


def _carried(access: Access, definition: Definition) -> tuple[str, ...]:
    """Give the columns that would let the statement be answered from the index alone, () where that is too much."""
    if access.needed is None:
        return ()
    rest = sorted(name for name in access.needed - set(definition.columns) if name in access.table.columns)
    width = sum(access.table.columns[name].width for name in rest)
    fits = 0 < len(rest) <= MOST_CARRIED and width <= CARRIED_BYTES
    return tuple(rest) if fits else ()


def _block_ranges(access: Access, table: Table, usable: Callable[[Term], bool]) -> Iterator[Definition]:
    """A large table that only grows keeps its rows in the order in which they came: a summary of each range of pages
    is enough to find them, at a thousandth of a btree's size."""
    if table.pages < BRIN_PAGES or table.updates > UNCHANGED * table.rows:
        return
    for term in access.ranges:
        if term.column and usable(term) and abs(table.columns[term.column].correlation) >= IN_ORDER:
            yield Definition(table.schema, table.name, (_key(term),), method="brin")


def _prefixes(access: Access, table: Table) -> Iterator[Definition]:
    for term in access.prefixes:
        column = table.columns.get(term.column or "")
        collation = column.collation if column else ""
        opclass = None if collation in ("C", "POSIX") or "COLLATE" in term.sql else "text_pattern_ops"
        yield Definition(table.schema, table.name, (Key(term.sql, term.column, opclass=opclass),))


def _searches(access: Access, table: Table) -> Iterator[Definition]:
    for search in access.searches:
        yield _gin(table, search)


def _gin(table: Table, search: Search) -> Definition:
    return Definition(
        table.schema, table.name, (Key(search.term.sql, search.term.column, opclass=search.opclass),), method="gin"
    )


def _partial(
    access: Access, condition: Condition, plain: list[tuple[Key, ...]], share: Share, steady: Collection[str]
) -> Iterator[Definition | Refusal]:
    table = access.table
    if condition.of_now:
        columns = " and ".join(term.column for term in condition.terms if term.column) or "the column"
        yield Refusal(
            f"{table.schema}.{table.name}",
            f"a partial index whose predicate asks for the present moment ({columns})",
            "functions in an index predicate must be IMMUTABLE: an index cannot know that rows leave it as time passes",
            f"an index on {columns} over all rows: the newest lie together at its end, so that reading them costs the same",
        )
        return
    if not condition.is_fixed or condition.text not in steady or not _names_a_category(condition, table):
        return
    kept = share(table, condition.text)
    if kept is None or kept > PARTIAL_SHARE:
        return
    inside = {term.column for term in condition.terms}
    for keys in plain:
        rest = tuple(key for key in keys if key.column is None or key.column not in inside)
        chosen = rest or keys[:1]
        definition = Definition(table.schema, table.name, chosen[:MOST_KEYS], where=condition.text, rows=kept)
        yield definition
        carried = _carried(access, definition)
        if carried:
            yield replace(definition, include=carried)


def _names_a_category(condition: Condition, table: Table) -> bool:
    """Tell whether a condition names states of rows and nobody's data: its columns have few different values.

    What an index definition holds can be read by everyone who may read the catalog, and stands in reports.
    """
    columns = [table.columns[term.column] for term in condition.terms if term.column]
    about_nothing = condition.text.upper().endswith(("IS NULL", "IS NOT NULL"))
    return bool(columns) and (about_nothing or all(column.distinct <= CATEGORIES for column in columns))


def _distinct(keys: list[Key]) -> tuple[Key, ...]:
    """Keep the first of each column: a second mention adds nothing."""
    seen: dict[str, Key] = {}
    for key in keys:
        seen.setdefault(key.sql, key)
    return tuple(seen.values())


def _key(term: Term) -> Key:
    return Key(term.sql, term.column)
