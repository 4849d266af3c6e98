"""Which table and column of the target takes which of the source: by name, first as written, then without case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgraduate.model.catalog import Column, Table
from pgraduate.model.names import fold_name
from pgraduate.model.selected import Selected
from pgraduate.postgres.standing import StandingColumn, StandingSchema, StandingTable


@dataclass(frozen=True, slots=True)
class Pair:
    """A table on both sides.  `missing` are columns that only the source has, `extra` those of the target alone."""

    source: Table
    target: StandingTable
    columns: tuple[tuple[Column, StandingColumn], ...]
    missing: tuple[Column, ...]
    extra: tuple[StandingColumn, ...]

    def source_name(self, target: str) -> str | None:
        """Give the source's name of a column of the target, None where it has none."""
        return next((column.name for column, standing in self.columns if standing.name == target), None)


@dataclass(frozen=True, slots=True)
class Match:
    """`unmatched` are tables of the source that the target lacks; `extra` are the target's own."""

    pairs: tuple[Pair, ...]
    unmatched: tuple[Table, ...]
    extra: tuple[StandingTable, ...]

    def of_target(self, name: str) -> Pair | None:
        return next((pair for pair in self.pairs if pair.target.name == name), None)


def match(selected: Selected, standing: StandingSchema) -> Match:
    """Pair what has the same name, or the name that the selection wishes.

    Where two names differ only by case, each is taken as it is written.
    """
    sources = [table for table in selected.catalog.tables if table.kind == "table"]
    by_source = _paired(
        (table.name for table in sources), (table.name for table in standing.tables), selected.relation_names
    )
    targets = {table.name: table for table in standing.tables}
    pairs = tuple(
        _pair(table, targets[by_source[table.name]], standing, selected)
        for table in sources
        if table.name in by_source
    )
    taken = set(by_source.values())
    return Match(
        pairs,
        tuple(table for table in sources if table.name not in by_source),
        tuple(table for table in standing.tables if table.name not in taken),
    )


def _pair(source: Table, target: StandingTable, standing: StandingSchema, selected: Selected) -> Pair:
    columns = {column.name: column for column in standing.columns_of(target.name)}
    wishes = selected.column_names.get(fold_name(source.name), {})
    names = _paired((column.name for column in source.columns), columns, wishes)
    return Pair(
        source,
        target,
        tuple((column, columns[names[column.name]]) for column in source.columns if column.name in names),
        tuple(column for column in source.columns if column.name not in names),
        tuple(column for name, column in columns.items() if name not in names.values()),
    )


def _paired(sources: Iterable[str], targets: Iterable[str], wishes: Mapping[str, str]) -> dict[str, str]:
    """Give the target's name for each source name that has one; `wishes` are by folded source name."""
    wanted = {name: wishes.get(fold_name(name), name) for name in sources}
    free = set(targets)
    found = {name: wish for name, wish in wanted.items() if wish in free}
    free -= set(found.values())
    for name, wish in wanted.items():
        alike = [other for other in free if other.casefold() == wish.casefold()]
        if name not in found and len(alike) == 1:
            found[name] = alike[0]
            free.discard(alike[0])
    return found
