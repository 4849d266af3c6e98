"""Which column a name means.

SQLite looks a name up in the tables of the innermost query, then among the result aliases of that query (where
aliases are visible: WHERE, GROUP BY, HAVING, ORDER BY), then outwards; a name in double quotes that is found nowhere
is a string.  The invariant: a name is either resolved as SQLite resolves it or raises NotTranslated.

Source: sqlite3's resolve.c, lookupName().
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.core.render import column_value
from pgraduate.dialect.reading.parsing import is_double_quoted, name_of
from pgraduate.dialect.schema_view import TableView
from pgraduate.errors import NotTranslated

ROWID_NAMES = frozenset({"rowid", "_rowid_", "oid"})


@dataclass(frozen=True, slots=True)
class ShapeColumn:
    """One column of a query's result or of a source: SQLite's name, PostgreSQL's name, and what is known of it."""

    name: str
    target: str
    value: Typed
    """Its node is not used; everything else is."""
    implicit: bool = False
    """No * shows it."""
    refusal: str = ""
    """Why its value cannot be SQLite's: the construct that is refused where the column is used."""
    readings: tuple[str, str] | None = None
    """Of a column of mixed class: the columns beside it that hold the same as a text and as a number."""
    json_type: str | None = None
    """The column beside it that says whether its text is JSON's object or array."""


@dataclass(frozen=True, slots=True)
class OutputShape:
    """`limit` and `offset` belong to a recursive table and stand at each reference to it."""

    columns: tuple[ShapeColumn, ...]
    ordered: bool = False
    limit: exp.Expr | None = None
    offset: exp.Expr | None = None

    def numbered(self) -> OutputShape:
        """Give the shape that another query sees: repeated names are numbered, as SQLite does."""
        names: set[str] = set()
        columns: list[ShapeColumn] = []
        for column in self.columns:
            name, number = column.name, 0
            while name.lower() in names:
                number += 1
                name = f"{column.name}:{number}"
            names.add(name.lower())
            columns.append(replace(column, name=name))
        return replace(self, columns=tuple(columns))


@dataclass(frozen=True, slots=True)
class Source:
    """Something in FROM, or a row variable: `alias` is SQLite's name for it, `qualifier` PostgreSQL's."""

    alias: str
    qualifier: str
    columns: tuple[ShapeColumn, ...]
    table: TableView | None = None
    merged: frozenset[str] = frozenset()
    """Lower-case names that USING or NATURAL merged into a source further left."""
    nullable: bool = False
    """An outer join may put NULLs in place of its rows."""
    ordered: bool = False
    """Its rows come in an order that the statement asks for."""
    place: str = ""
    """The column that numbers its rows in that order, where one is needed."""
    shared: Mapping[str, Typed] = field(default_factory=dict)
    """By lower-case name what a merged column is where RIGHT or FULL JOIN may lack its row: the other side's."""

    def column(self, name: str) -> ShapeColumn | None:
        folded = name.lower()
        for column in self.columns:
            if column.name.lower() == folded:
                return column
        if folded in ROWID_NAMES and self.table is not None and self.table.rowid_alias is not None:
            return self.column(self.table.rowid_alias)
        return None

    def unqualified(self, column: ShapeColumn, context: Context) -> Typed:
        """Give what the column's name means without a table in front, and what * shows."""
        return self.shared.get(column.name.lower()) or self.typed(column, context)

    def lacks(self, name: str) -> bool:
        """Tell whether SQLite finds a column here that is not carried."""
        return self.table is not None and self.table.lacks(name)

    def typed(self, column: ShapeColumn, context: Context) -> Typed:
        """Give the column as it stands in the source, not yet rendered."""
        if column.refusal:
            raise context.refused(column.refusal)
        node: exp.Expr = self._column(column.target)
        not_null = column.value.not_null and not self.nullable
        value = replace(column.value, node=node, source=column.name, not_null=not_null)
        if column.readings is None:
            return value
        text, number = map(self._column, column.readings)
        node = tree.call("coalesce", context.compat("any_value", number), context.compat("any_value", text))
        value = replace(value, node=node, type=context.any_type)
        if column.json_type is None:
            return value
        return replace(value, element=(node, self._as_json(text, number, column.json_type, context)))

    def _as_json(self, text: exp.Expr, number: exp.Expr, json_type: str, context: Context) -> exp.Expr:
        is_container = exp.In(
            this=self._column(json_type), expressions=[tree.string("object"), tree.string("array")]
        )
        scalar = tree.call("coalesce", context.compat("json_quote", text), context.compat("to_text", number))
        return tree.case((is_container, text), default=scalar)

    def _column(self, name: str) -> exp.Column:
        return tree.column(self.qualifier, name) if self.qualifier else tree.column(name)


@dataclass(frozen=True, slots=True)
class Search:
    """A MATCH over one source: the words of its columns, and the query."""

    vector: exp.Expr
    query: exp.Expr


class Groups(Protocol):
    """The groups of an aggregate query."""

    def has_key(self, node: exp.Expr) -> bool:
        """Say whether SQLite's tree is one of the terms that the query groups by."""

    def value(self, value: Typed, context: Context) -> Typed:
        """Give a column of a group: itself if it is a key, otherwise that of the group's row."""


@dataclass(slots=True)
class Scope:
    """The names visible at one place: sources, result aliases, common table expressions, and what lies outside."""

    sources: list[Source] = field(default_factory=list)
    outer: Scope | None = None
    aliases: Mapping[str, exp.Expr] = field(default_factory=dict)
    common: dict[str, OutputShape] = field(default_factory=dict)
    """Common table expressions by lower-case name."""
    grouping: Groups | None = None
    """The groups of an aggregate query, where bare columns need a row of their own."""
    searches: dict[str, Search] = field(default_factory=dict)
    """What MATCH searches, by the lower-case alias of the source."""

    def with_aliases(self, aliases: Mapping[str, exp.Expr]) -> Scope:
        return replace(self, aliases=aliases)

    def ungrouped(self, *, outwards: bool = False) -> Scope:
        """Give the scope inside an aggregate's arguments; `outwards` for one that belongs to an outer query."""
        outer = self.outer.ungrouped(outwards=True) if outwards and self.outer is not None else self.outer
        return replace(self, grouping=None, outer=outer)

    def search(self, alias: str) -> Search | None:
        """Give the MATCH over a source of this query or of one around it."""
        at: Scope | None = self
        while at is not None:
            if alias.lower() in at.searches:
                return at.searches[alias.lower()]
            at = at.outer
        return None

    def owns(self, column: exp.Column) -> bool:
        """Say whether a column belongs to this query itself, not to one around it."""
        qualifier = column.args.get("table")
        sources = [s for s in self.sources if qualifier is None or s.alias.lower() == name_of(qualifier).lower()]
        return any(source.column(name_of(column.this)) is not None for source in sources)

    def of_group(self, value: Typed, context: Context) -> Typed:
        return value if self.grouping is None else self.grouping.value(value, context)

    def common_table(self, name: str) -> OutputShape | None:
        scope: Scope | None = self
        while scope is not None:
            if name.lower() in scope.common:
                return scope.common[name.lower()]
            scope = scope.outer
        return None


def source_of_table(table: TableView, alias: str, qualifier: str) -> Source:
    """Make a source of a table or view of the schema."""
    columns = tuple(ShapeColumn(c.source, c.target, column_value(c), c.implicit) for c in table.columns)
    return Source(alias, qualifier, columns, table)


def resolve(node: exp.Column, scope: Scope, context: Context) -> Typed:
    """Give the column, alias or string that a name means; raise NotTranslated where SQLite would find nothing."""
    name = name_of(node.this)
    qualifier = node.args.get("table")
    if qualifier is not None:
        return _qualified(name_of(qualifier), name, scope, context)
    at: Scope | None = scope
    while at is not None:
        found = [(s, c) for s in at.sources if name.lower() not in s.merged and (c := s.column(name)) is not None]
        if len(found) > 1:
            exact = [(s, c) for s, c in found if any(col.name.lower() == name.lower() for col in s.columns)]
            found = exact if len(exact) == 1 else found
        if len(found) > 1:
            raise context.refused(f"the ambiguous column name {name}")
        if found:
            return at.of_group(found[0][0].unqualified(found[0][1], context), context)
        _require_no_lack(at.sources, name, context)
        if name.lower() == "rank" and any(source.table and source.table.searched for source in at.sources):
            return rank_of(next(s for s in at.sources if s.table and s.table.searched), at, context)
        if name.lower() in at.aliases:
            context.fired("alias")
            return replace(context.translate(at.aliases[name.lower()], at.with_aliases({})), source=None)
        at = at.outer
    if is_double_quoted(node.this):
        context.fired("double-quoted string")
        return Typed(tree.string(name), Kind.TEXT, "text", constant=name)
    if name.lower() in ROWID_NAMES:
        raise _no_rowid(name, scope, context)
    raise context.refused(f"the unknown column {name}")


def _no_rowid(name: str, scope: Scope, context: Context) -> NotTranslated:
    """Say whose rowid PostgreSQL has not, and how it can have it."""
    table = next((source.table for source in scope.sources if source.table and not source.table.is_view), None)
    if table is None:
        return context.refused(f"the unknown column {name}")
    return context.refused(
        f"the rowid of {table.source}, which was not carried,",
        f'list the table in pgraduate.toml and migrate again: [selection] rowids = ["{table.source}"]',
    )


def _require_no_lack(sources: Iterable[Source], name: str, context: Context) -> None:
    """Refuse a name that SQLite finds in a column which is not carried; elsewhere it would mean something else."""
    for source in sources:
        if source.lacks(name):
            raise context.refused(f"the column {name} of {source.alias}, which is left out,")


def _qualified(qualifier: str, name: str, scope: Scope, context: Context) -> Typed:
    at: Scope | None = scope
    while at is not None:
        for source in at.sources:
            if source.alias.lower() != qualifier.lower():
                continue
            if (column := source.column(name)) is not None:
                return at.of_group(source.typed(column, context), context)
            _require_no_lack([source], name, context)
            if name.lower() == "rank" and source.table is not None and source.table.searched:
                return rank_of(source, at, context)
            if name.lower() in ROWID_NAMES:
                raise _no_rowid(f"{qualifier}.{name}", Scope([source]), context)
        at = at.outer
    raise context.refused(f"the unknown column {qualifier}.{name}")


def searched_source(name: str, scope: Scope) -> Source | None:
    """Find the source with full-text search that has this hidden column: it is called as the table, not as its alias."""
    for source in scope.sources:
        table = source.table
        named = table is not None and table.searched and name.lower() == table.source.lower()
        if named and source.column(name) is None:
            return source
    return None


def rank_of(source: Source, scope: Scope, context: Context) -> Typed:
    """Give how well a row matches: the better, the smaller, as in FTS5."""
    search = scope.search(source.alias)
    if search is None:
        raise context.refused("the rank of a row in a query without MATCH")
    context.fired("rank")
    context.find("RANK_OF_ITS_OWN", "rank is PostgreSQL's ts_rank(), by which rows may come in another order.")
    rank = exp.Neg(this=tree.call("ts_rank", search.vector.copy(), search.query.copy()))
    return typed(tree.cast(rank, "double precision"), Kind.REAL)
