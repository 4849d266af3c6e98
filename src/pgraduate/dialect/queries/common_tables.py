"""WITH: common table expressions, also recursive ones.

A recursive table's columns must have one exact type in PostgreSQL; its kinds are found by translating the anchor, then
the whole until nothing changes.  A LIMIT inside a recursive table, which stops SQLite's recursion, stands at each
reference instead: PostgreSQL computes no more rows than are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import FORMS, Kind, Typed
from pgraduate.dialect.core.names import OutputShape, Scope, ShapeColumn
from pgraduate.dialect.queries.compound import unified_column
from pgraduate.dialect.queries.ordering import limits
from pgraduate.dialect.reading.parsing import function_name, name_of
from pgraduate.dialect.values import numbers

_ROUNDS = 4
"""Kinds only widen, and INTEGER → NUMBER → ANY is the longest way."""


def with_clause(node: exp.Expr, scope: Scope, context: Context) -> exp.Expr | None:
    """Translate WITH and make its tables visible in the scope."""
    clause = node.args.get("with_")
    if clause is None:
        return None
    tables = [_common_table(table, scope, context) for table in clause.expressions]
    return exp.With(expressions=tables, recursive=clause.args.get("recursive") or None)


def _common_table(table: exp.Expr, scope: Scope, context: Context) -> exp.Expr:
    alias = table.args["alias"]
    name = name_of(alias.this).lower()
    names = [name_of(column) for column in alias.args.get("columns") or ()]
    inner = table.this
    if isinstance(inner.unnest(), exp.SetOperation) and _refers_to(inner.unnest().expression, name):
        query, shape = _recursive(name, names, inner.unnest(), scope, context)
    else:
        query, shape = context.query(inner, scope, context)
        shape = _renamed(shape, names, context)
    scope.common[name] = shape
    columns = [tree.identifier(column.target) for column in shape.columns]
    return exp.CTE(
        this=query,
        alias=exp.TableAlias(this=tree.identifier(name), columns=columns),
        materialized=table.args.get("materialized"),
    )


def _refers_to(node: exp.Expr, name: str) -> bool:
    return any(
        name_of(table.this).lower() == name for table in node.find_all(exp.Table) if not table.args.get("db")
    )


def _renamed(shape: OutputShape, names: Sequence[str], context: Context) -> OutputShape:
    if not names:
        return shape.numbered()
    if len(names) != len(shape.columns):
        raise context.refused("WITH with a list of columns that does not fit its query")
    columns = (ShapeColumn(name, name, column.value) for name, column in zip(names, shape.columns, strict=True))
    return replace(shape, columns=tuple(columns))


def _recursive(
    name: str, names: Sequence[str], node: exp.SetOperation, scope: Scope, context: Context
) -> tuple[exp.Expr, OutputShape]:
    if not isinstance(node, exp.Union):
        raise context.refused("EXCEPT or INTERSECT in a recursive table")
    limit, offset = limits(node, Scope(outer=scope), context)
    if node.args.get("order") is not None:
        _require_order_of_reader(name, node, limit is not None or offset is not None, context)
    anchor, step = node.this, node.expression
    if _refers_to(anchor, name):
        raise context.refused("several recursive parts in one table")
    _, shape = context.query(anchor, scope, context)
    shape = _renamed(shape, names, context)
    exact = [_exact(column.value) for column in shape.columns]
    for _ in range(_ROUNDS):
        columns = tuple(replace(c, value=value) for c, value in zip(shape.columns, exact, strict=True))
        shape = OutputShape(columns)
        scope.common[name] = shape
        _, stepped = context.query(step, scope, context)
        if len(stepped.columns) != len(exact):
            raise context.refused("a compound query whose parts have different numbers of columns")
        wider = [
            _exact(unified_column(value, column.value, context))
            for value, column in zip(exact, stepped.columns, strict=True)
        ]
        if [value.kind for value in wider] == [value.kind for value in exact]:
            break
        exact = wider
    arms = [_exactly(arm, exact, scope, context) for arm in (anchor, step)]
    query = exp.Union(this=arms[0], expression=arms[1], distinct=bool(node.args.get("distinct", True)))
    return query, replace(shape, limit=limit, offset=offset)


def _require_order_of_reader(name: str, node: exp.SetOperation, limited: bool, context: Context) -> None:
    """Let the ORDER BY of a recursive table go, which says in what order its rows come, not which they are.

    That is so where there is no LIMIT, and where the one query that reads the table orders its own rows or counts them.
    """
    clause = node.find_ancestor(exp.With)
    reader = clause.parent if clause is not None else None
    if limited or reader is None or not _orders_itself(reader, name):
        raise context.refused(
            "ORDER BY in a recursive table whose reader does not order its own rows",
            "order the query that reads it; for depth first carry the path of keys along and order by it",
        )
    context.fired("recursive order")


def _orders_itself(reader: exp.Expr, name: str) -> bool:
    outside = [table for table in reader.find_all(exp.Table) if name_of(table.this).lower() == name]
    elsewhere = [table for table in outside if table.find_ancestor(exp.Select, exp.CTE) is not reader]
    if (
        any(table.find_ancestor(exp.CTE) is None for table in elsewhere)
        or len(reader.args["with_"].expressions) > 1
    ):
        return False
    calls = {function_name(call) for call in reader.find_all(exp.Anonymous) if call.find_ancestor(exp.CTE) is None}
    if calls & _BY_ROWS:
        return False
    columns = [column.unalias() for column in reader.expressions] if isinstance(reader, exp.Select) else []
    counts = bool(columns) and all(isinstance(c, exp.Anonymous) and function_name(c) in _UNORDERED for c in columns)
    return reader.args.get("order") is not None or counts


_UNORDERED = frozenset({"count", "sum", "total", "avg", "min", "max"})
_BY_ROWS = frozenset({"group_concat", "string_agg", "json_group_array", "json_group_object"})
"""Aggregates whose result follows the order of the rows."""


def _exact(value: Typed) -> Typed:
    """Describe a recursive column: in its kind's form, whatever the anchor's representation is."""
    return Typed(
        exp.Null(),
        value.kind,
        FORMS.get(value.kind, value.type),
        affinity=value.affinity,
        collation=value.collation,
        constant=numbers.NOT_CONSTANT,
        by_bytes=value.kind is Kind.TEXT,
    )


def _exactly(arm: exp.Expr, exact: Sequence[Typed], scope: Scope, context: Context) -> exp.Expr:
    """Translate an arm and cast its columns to the exact types, text by bytes."""
    from pgraduate.dialect.queries.select import translate_tree

    query, shape = translate_tree(arm, scope, context, coerce=exact)
    alias = context.fresh("arm")
    columns: list[exp.Expr] = []
    for column, value in zip(shape.columns, exact, strict=True):
        node = tree.cast(tree.column(alias, column.target), value.type)
        columns.append(tree.by_bytes(node) if value.type == "text" else node)
    source = exp.Subquery(this=query, alias=exp.TableAlias(this=tree.identifier(alias)))
    return exp.Select(expressions=columns).from_(source)
