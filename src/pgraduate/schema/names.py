"""Every name that a source's objects get in PostgreSQL.

Tables, views, indexes, sequences and the indexes of constraints share one namespace per schema, columns have one
per table.  What the application names comes first and keeps its name; what pgraduate names comes after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.names import fold_name
from pgraduate.model.selected import Selected
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


def name_all(catalog: Catalog, schema: str, *, exact: bool, wishes: Selected | None = None) -> Names:
    """Name a source's tables, columns, views and indexes; `wishes` are given as they are written.

    Raises UsageError for a wish that PostgreSQL cannot hold or that something else is called.
    """
    relation_names = wishes.relation_names if wishes else {}
    column_names = wishes.column_names if wishes else {}
    tables = [table for table in catalog.tables if table.kind == "table"]
    sources = [*(table.name for table in tables), *(view.name for view in catalog.views)]
    relations = _as_wished(
        sources,
        {name: relation_names[fold_name(name)] for name in sources if fold_name(name) in relation_names},
        exact,
    )
    created = [index.name for index in catalog.indexes if index.origin == "create"]
    indexes = unique(created, exact=exact, taken=relations.values())
    return Names(
        schema,
        {fold_name(table.name): relations[table.name] for table in tables},
        {fold_name(view.name): relations[view.name] for view in catalog.views},
        {fold_name(name): target for name, target in indexes.items()},
        {
            fold_name(table.name): _column_names(table, column_names.get(fold_name(table.name), {}), exact=exact)
            for table in tables
        },
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


def _as_wished(
    sources: list[str], wishes: Mapping[str, str], exact: bool, kept: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Give wished names as they are, and the others names that none of them has."""
    rest = [name for name in sources if name not in wishes]
    taken = set(kept) | {fold(name, exact=exact) for name in rest}
    for source, wish in wishes.items():
        if not wish or "\x00" in wish or shorten(wish) != wish:
            raise UsageError(
                f"'{wish}' cannot be a name", where=f"rename {source}", hint="1 to 63 bytes, without NUL"
            )
        if wish in taken:
            raise UsageError(f"'{wish}' is taken already", where=f"rename {source}", hint="choose another name")
        taken.add(wish)
    return unique(rest, exact=exact, taken=kept | frozenset(wishes.values())) | dict(wishes)


def _column_names(table: Table, wishes: Mapping[str, str], *, exact: bool) -> dict[str, str]:
    sources = [column.name for column in table.columns]
    wished = {name: wishes[fold_name(name)] for name in sources if fold_name(name) in wishes}
    names = _as_wished(sources, wished, exact, _SYSTEM_COLUMNS)
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
