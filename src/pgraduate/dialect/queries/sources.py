"""FROM: tables, views, queries and common tables as sources, and how they are joined.

Every join becomes an explicit join with a condition: USING and NATURAL are comparisons with SQLite's affinity rules,
and the merged columns are remembered by the source on the right.  A derived table without a name gets one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.names import OutputShape, Scope, Source, source_of_table
from pgraduate.dialect.queries.catalog import catalog_table, is_catalog, table_function
from pgraduate.dialect.queries.places import with_places
from pgraduate.dialect.reading.parsing import name_of
from pgraduate.dialect.values.booleans import condition
from pgraduate.dialect.values.comparison import compare
from pgraduate.dialect.values.conditional import coalesce


def from_clause(select: exp.Select, scope: Scope, context: Context) -> tuple[exp.Expr | None, list[exp.Expr]]:
    """Translate FROM with its joins, and put its sources into the scope."""
    start = select.args.get("from_")
    if start is None:
        return None, []
    if select.args.get("laterals"):
        raise context.refused("LATERAL")
    first = _source(start.this, scope, context)
    joins = select.args.get("joins") or ()
    if not joins:
        first = with_places(select, first, scope, context)
    return exp.From(this=first), [_join(join, scope, context) for join in joins]


def _source(node: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    """Translate one item of FROM and add its sources to the scope."""
    if isinstance(node, exp.Table):
        result = _table(node, scope, context)
        return _with_inner_joins(node, result, scope, context)
    if isinstance(node, exp.Values):
        return _derived(exp.Subquery(this=node, alias=node.args.get("alias")), scope, context)
    if isinstance(node, exp.Subquery):
        if isinstance(node.this, exp.Table | exp.Subquery) and not _is_query(node.this):
            if node.args.get("alias") is not None:
                raise context.refused("a name for joined tables in parentheses")
            inner = _source(node.this, scope, context)
            return _with_inner_joins(node, exp.Paren(this=inner), scope, context)
        return _with_inner_joins(node, _derived(node, scope, context), scope, context)
    raise context.refused(f"the source {type(node).__name__}")


def _is_query(node: exp.Expr) -> bool:
    inner = node.unnest()
    return isinstance(inner, exp.Select | exp.SetOperation | exp.Values)


def _with_inner_joins(node: exp.Expr, result: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    joins = [_join(join, scope, context) for join in node.args.get("joins") or ()]
    if joins:
        result.set("joins", joins)
    return result


def _table(node: exp.Table, scope: Scope, context: Context) -> exp.Expr:
    alias_node = node.args.get("alias")
    if isinstance(node.this, exp.Anonymous):
        given = name_of(alias_node.this) if alias_node is not None else None
        return table_function(node.this, given, scope, context)
    if isinstance(node.this, exp.Func):
        raise context.refused("a table-valued function")
    name = name_of(node.this)
    alias = name_of(alias_node.this) if alias_node is not None else name
    database = node.args.get("db")
    if database is not None and name_of(database).lower() not in ("main", "temp"):
        raise context.refused(f"the attached database {name_of(database)}")
    in_temp = database is not None and name_of(database).lower() == "temp"
    shape = scope.common_table(name) if database is None else None
    if shape is not None:
        return _common(name, alias, shape, scope)
    table = context.table(name)
    if table is None and not in_temp and is_catalog(name):
        return catalog_table(name, alias, scope, context)
    if table is None or (in_temp and table.schema != "pg_temp"):
        raise context.refused(f"the unknown table {name}")
    qualifier = alias if alias_node is not None else table.target
    scope.sources.append(source_of_table(table, alias, qualifier))
    named = exp.TableAlias(this=tree.identifier(qualifier)) if qualifier != table.target else None
    return exp.Table(this=tree.identifier(table.target), db=tree.identifier(table.schema), alias=named)


def _common(name: str, alias: str, shape: OutputShape, scope: Scope) -> exp.Expr:
    """Refer to a common table expression; its LIMIT, if any, stands at each reference."""
    scope.sources.append(Source(alias, alias, shape.columns, ordered=shape.ordered))
    named = exp.TableAlias(this=tree.identifier(alias))
    table = exp.Table(this=tree.identifier(name.lower()))
    if shape.limit is not None or shape.offset is not None:
        query = exp.Select(expressions=[exp.Star()]).from_(table)
        set_limits(query, shape.limit, shape.offset)
        return exp.Subquery(this=query, alias=named)
    if alias != name.lower():
        table.set("alias", named)
    return table


def _derived(node: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    query, shape = context.query(node.this, Scope(outer=scope.outer, common=scope.common), context)
    alias_node = node.args.get("alias")
    alias = name_of(alias_node.this) if alias_node is not None else context.fresh("from")
    scope.sources.append(Source(alias, alias, shape.numbered().columns, ordered=shape.ordered))
    return exp.Subquery(this=query, alias=exp.TableAlias(this=tree.identifier(alias)))


def _join(join: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    known = len(scope.sources)
    right_node = _source(join.this, scope, context)
    side = (join.args.get("side") or "").upper()
    natural = (join.args.get("method") or "").upper() == "NATURAL"
    using = [name_of(name) for name in join.args.get("using") or ()]
    if natural:
        _require_whole(scope.sources, context)
        using = _shared_names(scope.sources[:known], scope.sources[known:])
    tests = [_using(name, known, scope, context) for name in using]
    on = join.args.get("on")
    if on is not None and not (isinstance(on, exp.Boolean) and on.this):
        tests.append(condition(context.translate(on, scope), context))
    _mark_nullable(side, known, scope)
    if side in ("RIGHT", "FULL"):
        for name in using:
            _share(name, known, scope, context)
    if not tests:
        return (
            exp.Join(this=right_node, kind="CROSS") if not side else _on(right_node, side, exp.Boolean(this=True))
        )
    test = tests[0]
    for other in tests[1:]:
        test = tree.junction(exp.And, test, other)
    return _on(right_node, side, test)


def _on(right: exp.Expr, side: str, test: exp.Expr) -> exp.Expr:
    return exp.Join(this=right, side=side or None, on=test)


def _require_whole(sources: Sequence[Source], context: Context) -> None:
    """Refuse NATURAL over a table without some of its columns: they may be among the shared ones."""
    for source in sources:
        if source.table is not None and source.table.left_out:
            raise context.refused(f"NATURAL over {source.table.source}, of which columns are left out,")


def _shared_names(lefts: Sequence[Source], rights: Sequence[Source]) -> list[str]:
    known = {column.name.lower() for source in lefts for column in source.columns if not column.implicit}
    columns = [column for source in rights for column in source.columns if not column.implicit]
    return [column.name for column in columns if column.name.lower() in known]


def _using(name: str, known: int, scope: Scope, context: Context) -> exp.Expr:
    """Compare the column of this name on both sides, and merge the right one into the left one."""
    folded = name.lower()
    left = next((s for s in scope.sources[:known] if s.column(name) and folded not in s.merged), None)
    place = next((at for at in range(known, len(scope.sources)) if scope.sources[at].column(name)), None)
    left_column = left.column(name) if left is not None else None
    if left is None or left_column is None or place is None:
        raise context.refused(f"USING over the unknown column {name}")
    right = scope.sources[place]
    right_column = right.column(name)
    assert right_column is not None
    test = compare("=", left.unqualified(left_column, context), right.typed(right_column, context), context)
    scope.sources[place] = replace(right, merged=right.merged | {folded})
    return test.node


def _share(name: str, known: int, scope: Scope, context: Context) -> None:
    """Let the merged column be the right side's where the left side has no row."""
    folded = name.lower()
    place, left = next(
        (at, s) for at, s in enumerate(scope.sources[:known]) if s.column(name) and folded not in s.merged
    )
    right = next(s for s in scope.sources[known:] if s.column(name))
    left_column, right_column = left.column(name), right.column(name)
    assert left_column is not None
    assert right_column is not None
    sides = (left.unqualified(left_column, context), right.typed(right_column, context))
    both = replace(coalesce(sides, context), source=left_column.name, affinity=sides[0].affinity)
    both = replace(both, collation=sides[0].collation, not_null=False)
    scope.sources[place] = replace(left, shared={**left.shared, folded: both})


def _mark_nullable(side: str, known: int, scope: Scope) -> None:
    if side in ("LEFT", "FULL"):
        scope.sources[known:] = [replace(source, nullable=True) for source in scope.sources[known:]]
    if side in ("RIGHT", "FULL"):
        scope.sources[:known] = [replace(source, nullable=True) for source in scope.sources[:known]]


def set_limits(query: exp.Expr, limit: exp.Expr | None, offset: exp.Expr | None) -> None:
    if limit is not None:
        query.set("limit", exp.Limit(expression=limit))
    if offset is not None:
        query.set("offset", exp.Offset(expression=offset))
