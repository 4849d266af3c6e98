"""What the search knows of a database: tables with their statistics, indexes, foreign keys, immutable functions.

It is read once; the server's own rendering of an index is what decides whether one exists already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import dict_row


@dataclass(frozen=True, slots=True)
class Column:
    """`distinct` is the estimated number of different values, `width` their mean size in bytes."""

    name: str
    type: str
    collation: str
    not_null: bool
    null_frac: float
    width: int
    distinct: float
    correlation: float

    @property
    def is_json(self) -> bool:
        return self.type in ("json", "jsonb")


@dataclass(frozen=True, slots=True)
class Table:
    """`updates` and `hot_updates` are counted by the server since its statistics were reset."""

    oid: int
    schema: str
    name: str
    rows: float
    pages: int
    bytes: int
    updates: int
    hot_updates: int
    columns: Mapping[str, Column]
    partitions: tuple[tuple[str, str], ...] = ()
    """Schema and name of each leaf of a partitioned table, () for any other table."""

    @property
    def hot_share(self) -> float:
        """The share of updates that touched no index; 1 where none was seen, which is the careful assumption."""
        return self.hot_updates / self.updates if self.updates else 1.0


@dataclass(frozen=True, slots=True)
class Index:
    """An index as it stands; `columns` are keys, then included ones, an expression as the server writes it.

    `is_partition` is said of one that belongs to a partitioned table's, `is_in_work` of one that is being built.
    """

    table_oid: int
    schema: str
    name: str
    definition: str
    method: str
    is_unique: bool
    is_primary: bool
    is_valid: bool
    is_ready: bool
    is_replica_identity: bool
    is_exclusion: bool
    serves_constraint: bool
    is_clustered: bool
    is_partition: bool
    is_in_work: bool
    predicate: str | None
    keys: int
    columns: tuple[str, ...]
    bytes: int
    scans: int
    comment: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    table_oid: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """`path` are the schemas that an unqualified name is looked up in."""

    path: tuple[str, ...]
    tables: tuple[Table, ...]
    indexes: tuple[Index, ...]
    foreign_keys: tuple[ForeignKey, ...]
    immutable: frozenset[str]
    extensions: frozenset[str]
    server_version: int
    views: Mapping[tuple[str, str], str]
    """The queries of views, by schema and name."""

    def view(self, schema: str, name: str) -> str | None:
        """Find a view's query, along the search path where no schema is given."""
        for candidate in (schema,) if schema else self.path:
            if (candidate, name) in self.views:
                return self.views[candidate, name]
        return None

    def table(self, schema: str, name: str) -> Table | None:
        """Find a table by its name, along the search path where no schema is given."""
        for candidate in (schema,) if schema else self.path:
            for table in self.tables:
                if table.schema == candidate and table.name == name:
                    return table
        return None

    def indexes_of(self, table: Table) -> tuple[Index, ...]:
        return tuple(index for index in self.indexes if index.table_oid == table.oid)


@cache
def question(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.tune.indexes").joinpath("sql", f"{name}.sql").read_text("utf-8")


def read_catalog(connection: psycopg.Connection) -> Catalog:
    """Read what the role may see; columns without statistics count as never analysed."""
    path = connection.execute("SELECT pg_catalog.current_schemas(false)::text[]").fetchone()
    extensions = connection.execute("SELECT extname FROM pg_catalog.pg_extension").fetchall()
    immutable = connection.execute(question("immutable_functions").encode()).fetchall()
    return Catalog(
        tuple(path[0]) if path else (),
        _tables(_rows(connection, "columns")),
        tuple(Index(**row | {"columns": tuple(row["columns"])}) for row in _rows(connection, "indexes")),
        tuple(ForeignKey(row["table_oid"], tuple(row["columns"])) for row in _rows(connection, "foreign_keys")),
        frozenset(name for (name,) in immutable),
        frozenset(name for (name,) in extensions),
        connection.info.server_version,
        {(row["schema"], row["name"]): row["query"] for row in _rows(connection, "views")},
    )


def _rows(connection: psycopg.Connection, name: str) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(question(name).encode()).fetchall()


def _tables(rows: list[dict[str, Any]]) -> tuple[Table, ...]:
    found: dict[int, tuple[dict[str, Any], dict[str, Column]]] = {}
    for row in rows:
        _, columns = found.setdefault(row["oid"], (row, {}))
        columns[row["column"]] = Column(
            row["column"],
            row["type"],
            row["collation"],
            row["not_null"],
            row["null_frac"],
            row["width"],
            _distinct(row["n_distinct"], row["rows"]),
            row["correlation"],
        )
    names = ("oid", "schema", "name", "rows", "pages", "bytes", "updates", "hot_updates")
    return tuple(
        Table(
            **{name: row[name] for name in names},
            columns=columns,
            partitions=tuple((schema, name) for schema, name in row["partitions"]),
        )
        for row, columns in found.values()
    )


def _distinct(n_distinct: float, rows: float) -> float:
    """Read pg_stats.n_distinct: a negative one is a share of the rows, 0 is not known."""
    if n_distinct == 0:
        return max(rows / 10, 1.0)
    return max(-n_distinct * rows if n_distinct < 0 else n_distinct, 1.0)
