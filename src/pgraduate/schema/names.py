"""Every name that a source's objects get in PostgreSQL.

Tables, views, indexes, sequences and the indexes of constraints share one namespace per schema, columns have one
per table.  What the application names comes first and keeps its name; what pgraduate names comes after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.names import fold_name
from pgraduate.postgres.identifiers import fold, qualified, shorten, unique

_SYSTEM_COLUMNS = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
_KEPT_SCHEMAS = frozenset({"pgraduate", "pgraduate_compat", "information_schema"})


@dataclass(slots=True)
class Names:
    """Target names by folded source name; `relation` hands out further names of the schema's namespace."""

    schema: str
    tables: dict[str, str]
    views: dict[str, str]
    indexes: dict[str, str]
    columns: dict[str, dict[str, str]]
    _taken: set[str]
    _constraints: dict[str, set[str]] = field(default_factory=dict)

    def table(self, source: str) -> str:
        return self.tables[fold_name(source)]

    def column(self, table: str, source: str) -> str:
        return self.columns[fold_name(table)][fold_name(source)]

    def column_list(self, table: str, sources: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.column(table, source) for source in sources)

    def qualified_table(self, source: str) -> str:
        return qualified(self.schema, self.table(source))

    def relation(self, *parts: str, constraint_of: str | None = None) -> str:
        """Give a name in the schema that nothing else has; a constraint's is its table's as well."""
        own = self._constraints.setdefault(fold_name(constraint_of or ""), set())
        name = _free("_".join(parts), self._taken | own)
        self._taken.add(name)
        own.add(name)
        return name

    def constraint(self, table: str, *parts: str) -> str:
        """Give a name of a constraint without an index, which is unique within its table only."""
        taken = self._constraints.setdefault(fold_name(table), set())
        name = _free("_".join(parts), taken)
        taken.add(name)
        return name


def name_all(catalog: Catalog, schema: str, *, exact: bool) -> Names:
    """Name a source's tables, columns, views and indexes."""
    tables = [table for table in catalog.tables if table.kind == "table"]
    relations = unique([*(table.name for table in tables), *(view.name for view in catalog.views)], exact=exact)
    created = [index.name for index in catalog.indexes if index.origin == "create"]
    indexes = unique(created, exact=exact, taken=relations.values())
    return Names(
        schema,
        {fold_name(table.name): relations[table.name] for table in tables},
        {fold_name(view.name): relations[view.name] for view in catalog.views},
        {fold_name(name): target for name, target in indexes.items()},
        {fold_name(table.name): _column_names(table, exact=exact) for table in tables},
        {*relations.values(), *indexes.values()},
    )


def name_schema(stem: str, wish: str | None, *, exact: bool) -> str:
    """Name the schema after the source's stem, or as asked; raise UsageError for a name that is not free."""
    if wish is None:
        name = fold(stem, exact=exact)
        return fold(f"db_{name}", exact=exact) if _is_kept(name) else name
    if _is_kept(wish):
        raise UsageError(
            f"the schema name '{wish}' is kept by PostgreSQL or by pgraduate", hint="choose another --target-schema"
        )
    if shorten(wish) != wish or not wish or "\x00" in wish:
        raise UsageError(f"'{wish}' cannot be a schema's name", hint="at most 63 bytes, without NUL")
    return wish


def _column_names(table: Table, *, exact: bool) -> dict[str, str]:
    names = unique([column.name for column in table.columns], exact=exact, taken=_SYSTEM_COLUMNS)
    return {fold_name(source): target for source, target in names.items()}


def _is_kept(name: str) -> bool:
    return name.startswith("pg_") or name in _KEPT_SCHEMAS


def _free(wish: str, taken: set[str]) -> str:
    name, number = shorten(wish), 2
    while name in taken:
        suffix = f"_{number}"
        name = shorten(wish, limit=63 - len(suffix)) + suffix
        number += 1
    return name
