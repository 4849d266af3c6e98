"""What has to be counted before a load into a standing schema can be decided: in the source, and in the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pgraduate.model.catalog import Catalog, ForeignKey
from pgraduate.model.census import Census
from pgraduate.postgres.standing import StandingColumn, StandingForeignKey, StandingSchema
from pgraduate.schema.existing.casts import Form, asked, asked_of_server
from pgraduate.schema.existing.matching import Match, Pair
from pgraduate.schema.recipes import Proposal, Recipe, recognise
from pgraduate.schema.view import unique_keys


@dataclass(frozen=True, slots=True)
class Questions:
    """`forms` by table and column of the source, `foreign_keys` and `unique` by a name in the target, each with the
    source's table; `lists` are tables whose rows on both sides have to be compared, with the columns that tell them
    apart on either side."""

    forms: Mapping[tuple[str, str], tuple[str, ...]]
    foreign_keys: Mapping[str, tuple[str, ForeignKey]]
    unique: Mapping[str, tuple[str, tuple[str, ...]]]
    lists: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Drift:
    """How many rows of a list stand on one side only."""

    only_source: int
    only_target: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule of the target that the source's rows break: a check, a unique index, an exclusion, the bounds of
    partitions, or a refusal of the server.  `rows` is None where they were not counted; `definition` puts a check back."""

    kind: Literal["check", "unique_index", "exclusion", "partition", "refused"]
    name: str
    words: str
    rows: int | None = None
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers, by the same names.  `rows` counts the target's rows by table, `references` the rows of a foreign
    key's child that refer to some parent."""

    fits: Mapping[tuple[str, str], Mapping[str, int]]
    orphans: Mapping[str, int]
    duplicates: Mapping[str, int]
    rows: Mapping[str, int] = field(default_factory=dict)
    references: Mapping[str, int] = field(default_factory=dict)
    drift: Mapping[str, Drift] = field(default_factory=dict)
    breaches: Mapping[str, tuple[Breach, ...]] = field(default_factory=dict)
    """By table of the target; what a rehearsal of its rows found."""


def recipes_of(standing: StandingSchema) -> tuple[Recipe, ...]:
    columns: dict[str, set[str]] = {table.name: set() for table in standing.tables}
    for column in standing.columns:
        columns.setdefault(column.table, set()).add(column.name)
    return recognise({name: frozenset(names) for name, names in columns.items()})


def proposal_for(recipes: tuple[Recipe, ...], table: str) -> tuple[Recipe, Proposal] | None:
    """Give the first recipe that knows the table."""
    for recipe in recipes:
        if table in recipe.tables:
            return recipe, recipe.tables[table]
    return None


def questions(catalog: Catalog, census: Census, standing: StandingSchema, matched: Match) -> Questions:
    """Find out what must be known."""
    recipes = recipes_of(standing)
    unique = {}
    lists = {}
    for pair in matched.pairs:
        for key in standing.keys:
            columns = source_names(pair, key.columns) if key.table == pair.target.name else None
            if columns and not _is_unique(catalog, pair, columns):
                unique[key_name(key.table, key.columns)] = (pair.source.name, columns)
        known = proposal_for(recipes, pair.target.name)
        if known and known[1].residents == "keep" and known[1].key:
            columns = source_names(pair, known[1].key)
            if columns:
                lists[pair.target.name] = (columns, known[1].key)
    return Questions(
        {
            (pair.source.name, column.name): names
            for pair in matched.pairs
            for column, target in pair.columns
            if (names := asked(target, census.table(pair.source.name).column(column.name)))
        },
        {
            foreign_key_name(key): (pair.source.name, found)
            for pair in matched.pairs
            for key in standing.foreign_keys
            if (key.schema, key.table) == (standing.schema, pair.target.name)
            and (found := _in_source(key, pair, matched, standing.schema)) is not None
        },
        unique,
        lists,
    )


def ask_server(
    census: Census, matched: Match, fits: Mapping[tuple[str, str], Mapping[str, int]]
) -> dict[tuple[str, str], tuple[StandingColumn, tuple[Form, ...]]]:
    """Find the columns, by table and name in the source, whose values only the target's server can judge."""
    return {
        (pair.source.name, column.name): (target, found)
        for pair in matched.pairs
        for column, target in pair.columns
        if not target.generated
        and (
            found := asked_of_server(
                target,
                census.table(pair.source.name).column(column.name),
                fits.get((pair.source.name, column.name), {}),
            )
        )
    }


def key_name(table: str, columns: tuple[str, ...]) -> str:
    return f"{table}({', '.join(columns)})"


def foreign_key_name(key: StandingForeignKey) -> str:
    return f"{key.schema}.{key.table}.{key.name}"


def source_names(pair: Pair, columns: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give the source's names of columns of the target; None where it lacks one."""
    names = tuple(pair.source_name(name) for name in columns)
    return None if None in names else tuple(name for name in names if name is not None)


def _in_source(key: StandingForeignKey, pair: Pair, matched: Match, schema: str) -> ForeignKey | None:
    """Say a foreign key of the target in the source's names, where the source has both ends."""
    parent = matched.of_target(key.parent) if key.parent_schema == schema else None
    columns = source_names(pair, key.columns)
    parent_columns = source_names(parent, key.parent_columns) if parent else None
    if parent is None or columns is None or parent_columns is None:
        return None
    return ForeignKey(columns, parent.source.name, parent_columns)


def _is_unique(catalog: Catalog, pair: Pair, columns: tuple[str, ...]) -> bool:
    wanted = {name.casefold() for name in columns}
    keys = [*unique_keys(catalog, pair.source)]
    if pair.source.rowid_alias is not None:
        keys.append((pair.source.rowid_alias,))
    return any({name.casefold() for name in key} <= wanted for key in keys)
