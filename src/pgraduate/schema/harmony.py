"""One type on both sides of every foreign key.

A foreign key compares a child's value with its parent's.  PostgreSQL allows that only between types it can
compare, and the comparison means what SQLite's did only where both columns stand by the same rule.  Where a
richer type breaks that, the whole family of columns goes back to its faithful types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pgraduate.model.catalog import Catalog, ForeignKey, Table
from pgraduate.model.census import Census
from pgraduate.model.names import fold_name
from pgraduate.model.representation import Rule
from pgraduate.schema.choice import Choice

ColumnId = tuple[str, str]
"""A table's and a column's source names, folded."""


@dataclass(frozen=True, slots=True)
class Link:
    child: ColumnId
    parent: ColumnId


def column_id(table: str, column: str) -> ColumnId:
    return fold_name(table), fold_name(column)


def links(catalog: Catalog) -> tuple[Link, ...]:
    """List the column pairs of all foreign keys whose parent stands in the file."""
    names = {fold_name(table.name) for table in catalog.tables if table.kind == "table"}
    return tuple(
        link
        for table in catalog.tables
        if table.kind == "table"
        for key in table.foreign_keys
        if fold_name(key.parent) in names
        for link in links_of(table, key)
    )


def links_of(table: Table, key: ForeignKey) -> Iterator[Link]:
    if len(key.columns) == len(key.parent_columns):
        for child, parent in zip(key.columns, key.parent_columns, strict=True):
            yield Link(column_id(table.name, child), column_id(key.parent, parent))


def comparable(child: Choice, parent: Choice) -> bool:
    """Tell whether PostgreSQL compares the two as SQLite did: the same rule, or numbers that widen exactly."""
    if child.representation.rule in _NUMBERS and parent.representation.rule in _NUMBERS:
        return _WIDTH[_base(child.type)] <= _WIDTH[_base(parent.type)]
    if child.representation.rule in _TEXTS and parent.representation.rule in _TEXTS:
        return True
    return child.representation == parent.representation and _base(child.type) == _base(parent.type)


def harmonise(
    catalog: Catalog,
    census: Census,
    choices: Mapping[ColumnId, Choice],
    fallback: Callable[[ColumnId], Choice],
    fixed: frozenset[ColumnId] = frozenset(),
) -> dict[ColumnId, Choice]:
    """Make linked columns comparable where that is possible; `fixed` ones were chosen by a person and stay.

    A child without values takes its parent's type, and so does any child of an any_value that has values; an any_value
    without any takes the type of a child that has some; a rowid, which goes on by itself,
    and a generated column, whose expression gives what it gives, only an integer type.  Where a pair still cannot be
    compared, every column that is linked to it, directly or not, falls back.
    """
    result = dict(choices)
    all_links = links(catalog)
    family_of = _families(all_links)
    bound = {
        column_id(table.name, column.name)
        for table in catalog.tables
        for column in table.columns
        if column.generated or column.name == table.rowid_alias
    }
    fallen: set[ColumnId] = set()
    while True:
        _adopt(all_links, census, result, fixed, bound)
        apart = [link for link in all_links if not comparable(result[link.child], result[link.parent])]
        new = {member for link in apart for member in family_of[link.child] if member not in fallen | fixed}
        if not new:
            return result
        for member in new:
            result[member] = replace(fallback(member), reason=_fallen(fallback(member)))
        fallen |= new


def _adopt(
    all_links: tuple[Link, ...],
    census: Census,
    result: dict[ColumnId, Choice],
    fixed: frozenset[ColumnId],
    bound: set[ColumnId],
) -> None:
    """Give a type to the side that has no values, and to children of a type that holds any, down every chain."""
    for _ in all_links:
        changed = False
        for link in all_links:
            child, parent = result[link.child], result[link.parent]
            counts = census.table(link.child[0]).column(link.child[1])
            empty = counts.values == 0
            open_parent = parent.representation.rule is Rule.ANY_VALUE and _is_empty(census, link.parent)
            if (
                open_parent
                and not empty
                and link.parent not in fixed
                and child.representation != parent.representation
            ):
                result[link.parent] = replace(
                    child,
                    reason=f"no values; the type of its child {'.'.join(link.child)}",
                    proof=0,
                    keeps_class=False,
                )
                changed = True
                continue
            # Of the values that the parent's type does not hold, a child has its own way with −0.0 and with NULs in bytes.
            kept = counts.negative_zeros > 0 or child.representation.rule is Rule.ANY_BYTES
            joins = parent.representation.rule is Rule.ANY_VALUE and not kept
            same = (child.type, child.representation) == (parent.type, parent.representation)
            if not (empty or joins) or same or link.child in fixed or link.child == link.parent:
                continue
            if link.child in bound and parent.representation.rule is not Rule.INTEGER:
                continue
            result[link.child] = replace(
                parent,
                reason=f"{'no values; ' if empty else ''}the type of its parent {'.'.join(link.parent)}",
                proof=counts.values,
                keeps_class=False,
            )
            changed = True
        if not changed:
            return


def _is_empty(census: Census, which: ColumnId) -> bool:
    return census.table(which[0]).column(which[1]).values == 0


def _families(all_links: tuple[Link, ...]) -> dict[ColumnId, set[ColumnId]]:
    families: dict[ColumnId, set[ColumnId]] = {}
    for link in all_links:
        joined = families.get(link.child, {link.child}) | families.get(link.parent, {link.parent})
        for member in joined:
            families[member] = joined
    return families


def _fallen(choice: Choice) -> str:
    return f"{choice.reason}; a foreign key needs the same type on both sides"


def _base(type_name: str) -> str:
    return type_name.partition("(")[0]


_NUMBERS = {Rule.INTEGER, Rule.REAL, Rule.NUMBER}
_TEXTS = {Rule.TEXT, Rule.ANY_TEXT}
_WIDTH = {"smallint": 0, "integer": 0, "bigint": 0, "numeric": 1, "double precision": 2}
