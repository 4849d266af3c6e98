"""Which columns hold keys of other tables, and follow when those change.

A declared foreign key says so, and so does `[references]` in pgraduate.toml.  A column leads to the table where the
number was given: along a chain of foreign keys to its end.  A column that only looks like a reference is asked about,
because nobody but a person knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pgraduate.errors import Refused, UsageError
from pgraduate.model.catalog import Table
from pgraduate.model.names import fold_name

ColumnId = tuple[str, str]
"""A table's and a column's name, folded."""


def links_of(tables: Sequence[Table], wishes: Mapping[str, str]) -> dict[ColumnId, list[ColumnId]]:
    """Give for each referring column those that it refers to; raise UsageError for a wish without a column."""
    known = {fold_name(table.name): table for table in tables}
    links: dict[ColumnId, list[ColumnId]] = {}
    for table in tables:
        for key in table.foreign_keys:
            if len(key.columns) == len(key.parent_columns) and fold_name(key.parent) in known:
                for child, parent in zip(key.columns, key.parent_columns, strict=True):
                    _link(links, (table.name, child), (key.parent, parent))
    for child_text, parent_text in wishes.items():
        ends = []
        for text in (child_text, parent_text):
            table_name, _, column_name = text.rpartition(".")
            found = known.get(fold_name(table_name))
            if found is None or fold_name(column_name) not in {fold_name(column.name) for column in found.columns}:
                raise UsageError(
                    f"no merged table has the column {text}",
                    where="pgraduate.toml [references]",
                    hint='write "table.column" = "table.column"',
                )
            ends.append((table_name, column_name))
        _link(links, ends[0], ends[1])
    return links


def _link(links: dict[ColumnId, list[ColumnId]], child: ColumnId, parent: ColumnId) -> None:
    one = (fold_name(child[0]), fold_name(child[1]))
    other = (fold_name(parent[0]), fold_name(parent[1]))
    if one != other and other not in links.setdefault(one, []):
        links[one].append(other)


def roots_of(links: Mapping[ColumnId, Sequence[ColumnId]], keys: Iterable[ColumnId]) -> dict[ColumnId, ColumnId]:
    """Find for each column the key at the end of its chain; `keys` are the columns whose numbers can change.

    Raises Refused for a column that refers to two such keys.
    """
    able = set(keys)
    roots: dict[ColumnId, ColumnId] = {}
    for column in {*links, *able}:
        ends = _ends(column, links, able, set())
        if len(ends) > 1:
            named = " and ".join(sorted(".".join(end) for end in ends))
            raise Refused(
                f"the column refers to {named}, and could follow only one of them",
                where=".".join(column),
                hint="without --target-schema every file becomes a schema of its own",
            )
        if ends:
            roots[column] = ends.pop()
    return roots


def _ends(
    column: ColumnId, links: Mapping[ColumnId, Sequence[ColumnId]], able: set[ColumnId], seen: set[ColumnId]
) -> set[ColumnId]:
    if column in seen:
        return set()
    further: set[ColumnId] = set()
    for parent in links.get(column, ()):
        # A table that refers to itself gives its own numbers.
        if parent[0] != column[0]:
            further |= _ends(parent, links, able, {*seen, column})
        elif parent in able:
            further.add(parent)
    if further - {column}:
        return further
    return {column} if column in able else further


def in_order(tables: Iterable[str], roots: Mapping[ColumnId, ColumnId]) -> list[str]:
    """Put each table behind those that its columns lead to, as far as they do not lead back to it."""
    reads: dict[str, set[str]] = {table: set() for table in tables}
    for (child, _), (parent, _) in roots.items():
        if child in reads and parent in reads and child != parent:
            reads[child].add(parent)
    result: list[str] = []

    def visit(table: str, above: frozenset[str]) -> None:
        if table in result or table in above:
            return
        for parent in sorted(reads[table]):
            visit(parent, above | {table})
        result.append(table)

    for table in reads:
        visit(table, frozenset())
    return result


def looks_like(column: str, table: str) -> bool:
    """Tell whether a column's name names a table: `customer_id`, `customerid` or `customers_id` for `customers`."""
    stem = fold_name(column)
    if not stem.endswith("id") or len(stem) < 4:
        return False
    stem = stem.removesuffix("id").rstrip("_")
    name = fold_name(table)
    singulars = {name, name.removesuffix("s"), name.removesuffix("es")}
    if name.endswith("ies"):
        singulars.add(name.removesuffix("ies") + "y")
    return any(stem == one or stem.endswith(f"_{one}") for one in singulars)
