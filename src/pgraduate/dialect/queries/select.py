"""SELECT: the clauses of one query, in the order in which SQLite gives them their meaning.

FROM makes the scope, the result columns give names and aliases, WHERE filters, GROUP BY and HAVING group, ORDER BY
and LIMIT choose.  The invariant: every result column has SQLite's name, and a column of a source that is only passed
on keeps its PostgreSQL type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Typed
from pgraduate.dialect.core.names import OutputShape, Scope, ShapeColumn, Source
from pgraduate.dialect.core.render import as_integer_flag
from pgraduate.dialect.queries import compound
from pgraduate.dialect.queries.common_tables import with_clause
from pgraduate.dialect.queries.grouping import grouping, has_aggregate, row_order
from pgraduate.dialect.queries.ordering import group_key, limits, ordered, sort_key
from pgraduate.dialect.queries.sources import from_clause, set_limits
from pgraduate.dialect.queries.windows import window_specification
from pgraduate.dialect.reading.parsing import name_of
from pgraduate.dialect.values import numbers
from pgraduate.dialect.values.booleans import condition

MAX_NAME_BYTES = 63
_OF_ITS_PARTS = (exp.Cast, exp.Case, exp.If, exp.Coalesce, exp.Connector)
"""What the parser counts among the functions, and never aggregates."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One column of a result: SQLite's name and the expression, None for a column that a star stands for."""

    name: str
    source: exp.Expr | None
    value: Typed
    is_aliased: bool = False


def translate_tree(
    node: exp.Expr,
    outer: Scope | None,
    context: Context,
    *,
    coerce: Sequence[Typed] | None = None,
) -> tuple[exp.Expr, OutputShape]:
    """Translate a query; `coerce` gives the kinds that its columns must have, as an arm of a compound query."""
    if isinstance(node, exp.Subquery | exp.Paren):
        return translate_tree(node.this, outer, context, coerce=coerce)
    scope = Scope(outer=outer)
    with_node = with_clause(node, scope, context)
    if isinstance(node, exp.Select):
        query, shape = _select(node, scope, context, coerce)
    elif isinstance(node, exp.SetOperation):
        query, shape = compound.set_operation(node, scope, context, coerce, translate_tree)
    elif isinstance(node, exp.Values):
        query, shape = compound.values(node, scope, context, coerce)
    else:
        raise context.refused(f"the statement {type(node).__name__.upper()}")
    if with_node is not None:
        query.set("with_", with_node)
    return query, shape


def _select(
    select: exp.Select, scope: Scope, context: Context, coerce: Sequence[Typed] | None
) -> tuple[exp.Expr, OutputShape]:
    if not select.expressions:
        raise context.refused("a SELECT without result columns")
    source, joins = from_clause(select, scope, context)
    named = _aliases(select)
    scope.aliases = named
    query = exp.Select(from_=source, joins=joins)
    where = select.args.get("where")
    if where is not None:
        query.set("where", exp.Where(this=condition(context.translate(where.this, scope), context)))
    aggregated = _group(select, query, scope, context)
    windows = select.args.get("windows")
    if windows:
        scope_windows = [
            exp.Window(this=tree.identifier(name_of(w.this)), **_named(w, scope, context)) for w in windows
        ]
        query.set("windows", scope_windows)
    columns = _result_columns(select, scope, context)
    if coerce is not None:
        if len(coerce) != len(columns):
            raise context.refused("a compound query whose parts have different numbers of columns")
        columns = [
            replace(column, value=compound.coerced(column.value, target, context))
            for column, target in zip(columns, coerce, strict=True)
        ]
    having = select.args.get("having")
    if having is not None:
        query.set("having", exp.Having(this=condition(context.translate(having.this, scope), context)))
    shape, expressions = _shape(columns)
    query.set("expressions", expressions)
    query.meta["aggregates"] = aggregated
    return _finish(select, query, columns, shape, scope, context)


def _named(window: exp.Expr, scope: Scope, context: Context) -> dict[str, object]:
    return {name: part for name, part in window_specification(window, scope, context).items() if name != "over"}


def _aliases(select: exp.Select) -> dict[str, exp.Expr]:
    aliases: dict[str, exp.Expr] = {}
    for expression in select.expressions:
        if isinstance(expression, exp.Alias):
            aliases.setdefault(name_of(expression.args["alias"]).lower(), expression.this)
    return aliases


def _group(select: exp.Select, query: exp.Select, scope: Scope, context: Context) -> bool:
    """Translate GROUP BY and prepare the scope for bare columns; say whether the query aggregates without it."""
    group = select.args.get("group")
    having = select.args.get("having")
    order = select.args.get("order")
    parts = [*select.expressions, *([having.this] if having else []), *(order.expressions if order else [])]
    aggregated = has_aggregate(parts)
    terms = [_group_term(term, select, scope, context) for term in group.expressions] if group is not None else []
    if not terms and not aggregated:
        return False
    values = [context.translate(term, scope) for term in terms]
    keys = [group_key(value, context) for value in values]
    if group is not None:
        shown = [key for key, value in zip(keys, values, strict=True) if not value.is_constant]
        query.set("group", exp.Group(expressions=shown or [tree.cast(exp.Null(), "text")]))
    plain = [term for term, key, value in zip(terms, keys, values, strict=True) if key is value.node]
    scope.grouping = grouping(select, plain, keys, scope, context)
    return group is None


def _group_term(term: exp.Expr, select: exp.Select, scope: Scope, context: Context) -> exp.Expr:
    """Resolve a term that is the number or the alias of a result column."""
    inner = term.unnest()
    if isinstance(inner, exp.Literal) and not inner.is_string and inner.name.isdigit():
        place = int(inner.name)
        if any(_is_star(expression) for expression in select.expressions):
            raise context.refused("GROUP BY a number beside a star")
        if not 1 <= place <= len(select.expressions):
            raise context.refused(f"GROUP BY {place} outside the result")
        return _unaliased(select.expressions[place - 1])
    if isinstance(inner, exp.Column) and inner.args.get("table") is None:
        name = name_of(inner.this).lower()
        if name in scope.aliases and not any(source.column(name) or source.lacks(name) for source in scope.sources):
            return scope.aliases[name]
    return term


def _unaliased(expression: exp.Expr) -> exp.Expr:
    return expression.this if isinstance(expression, exp.Alias) else expression


def _is_star(expression: exp.Expr) -> bool:
    return isinstance(expression, exp.Star) or (
        isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star)
    )


def _result_columns(select: exp.Select, scope: Scope, context: Context) -> list[ResultColumn]:
    """Translate the result columns, in a scope without the aliases that they themselves define."""
    inner = scope.with_aliases({})
    columns: list[ResultColumn] = []
    texts = context.parsed.texts_of(select)
    for place, expression in enumerate(select.expressions):
        if _is_star(expression):
            columns.extend(_star(expression, inner, context))
            continue
        value = context.translate(_unaliased(expression), inner)
        if isinstance(expression, exp.Alias):
            name = name_of(expression.args["alias"])
        else:
            name = value.source if value.source is not None else texts[place]
        columns.append(ResultColumn(name, _unaliased(expression), value, isinstance(expression, exp.Alias)))
    return columns


def _star(expression: exp.Expr, scope: Scope, context: Context) -> list[ResultColumn]:
    sources = scope.sources
    if isinstance(expression, exp.Column):
        wanted = name_of(expression.args["table"]).lower()
        sources = [source for source in sources if source.alias.lower() == wanted]
    if not sources:
        raise context.refused("a star without a table")
    for source in sources:
        if source.table is not None and source.table.left_out:
            raise context.refused(f"a star over {source.alias}, of which columns are left out,")
    return [
        ResultColumn(column.name, None, scope.of_group(_shown(source, column, expression, context), context))
        for source in sources
        for column in source.columns
        if not column.implicit and (isinstance(expression, exp.Column) or column.name.lower() not in source.merged)
    ]


def _shown(source: Source, column: ShapeColumn, star: exp.Expr, context: Context) -> Typed:
    """Give a column as a star shows it: `t.*` shows what t has, `*` what USING made of it."""
    return source.typed(column, context) if isinstance(star, exp.Column) else source.unqualified(column, context)


def _shape(columns: Sequence[ResultColumn]) -> tuple[OutputShape, list[exp.Expr]]:
    """Name the result's columns: SQLite's name to the outside, a distinct name inside PostgreSQL."""
    shaped: list[ShapeColumn] = []
    expressions: list[exp.Expr] = []
    used: set[str] = set()
    for column in columns:
        value = as_integer_flag(column.value)
        target = distinct_name(column.name, used)
        shaped.append(ShapeColumn(column.name, target, replace(value, source=None, constant=numbers.NOT_CONSTANT)))
        plain = isinstance(value.node, exp.Column) and value.node.name == target
        expressions.append(value.node if plain else exp.Alias(this=value.node, alias=tree.identifier(target)))
    return OutputShape(tuple(shaped)), expressions


def distinct_name(name: str, used: set[str]) -> str:
    """Give a name of at most 63 bytes that no earlier column has."""
    base = name.replace("\x00", "") or "column"
    result, number = base, 0
    while len(result.encode()) > MAX_NAME_BYTES or result in used:
        number += 1
        suffix = f":{number}"
        room = MAX_NAME_BYTES - len(suffix)
        result = base.encode()[:room].decode(errors="ignore") + suffix
    used.add(result)
    return result


def _finish(
    select: exp.Select,
    query: exp.Select,
    columns: Sequence[ResultColumn],
    shape: OutputShape,
    scope: Scope,
    context: Context,
) -> tuple[exp.Expr, OutputShape]:
    """Add DISTINCT, ORDER BY and LIMIT."""
    distinct = select.args.get("distinct") is not None
    order = select.args.get("order")
    terms = [(_order_value(term, columns, scope, context), term) for term in order.expressions] if order else []
    limit, offset = limits(select, scope, context)
    if distinct:
        keys = [group_key(as_integer_flag(column.value), context) for column in columns]
        if keys != [as_integer_flag(column.value).node for column in columns]:
            query.set("distinct", exp.Distinct(on=exp.Tuple(expressions=keys)))
        else:
            query.set("distinct", exp.Distinct())
    keys_of_order = [sort_key(value, context) for value, _ in terms]
    # Of rows that only a collation makes equal, which one is shown and what ORDER BY sees must be the same row's.
    grouped = query.args.get("group") is not None
    computes = distinct and query.args["distinct"].args.get("on") is None
    hidden = [
        value
        for value, _ in terms
        if all(value.node != column.value.node for column in columns)
        and not (computes and _computed_from(value.node, columns, grouped=grouped))
    ]
    if distinct and hidden and not any(value.is_constant for value in hidden):
        return _first_of_each(query, shape, terms, columns, (limit, offset), scope, context)
    if distinct and not all(_is_shown(key, columns) for key in keys_of_order):
        query, terms = _wrapped(query, shape, terms, columns, context)
        keys_of_order = [sort_key(value, context) for value, _ in terms]
    order_nodes = [
        ordered(_by_name(key, columns, shape) if distinct else key, term, context)
        for key, (value, term) in zip(keys_of_order, terms, strict=True)
        if not value.is_constant
    ]
    if order_nodes:
        query.set("order", exp.Order(expressions=order_nodes))
    set_limits(query, limit, offset)
    return query, replace(shape, ordered=bool(order_nodes))


def _first_of_each(
    query: exp.Select,
    shape: OutputShape,
    terms: Sequence[tuple[Typed, exp.Expr]],
    columns: Sequence[ResultColumn],
    bounds: tuple[exp.Expr | None, exp.Expr | None],
    scope: Scope,
    context: Context,
) -> tuple[exp.Expr, OutputShape]:
    """Order a DISTINCT result by what it does not show: SQLite takes that from the first of the equal rows it visits."""
    first = row_order(scope, context)
    if not first or query.args.get("group") is not None:
        raise context.refused("SELECT DISTINCT with ORDER BY of an expression that is not selected")
    context.fired("distinct on")
    alias = context.fresh("distinct")
    keys = [group_key(as_integer_flag(column.value), context) for column in columns]
    names = [context.fresh("key") for _ in terms]
    sorts = [sort_key(value, context) for value, _ in terms]
    hidden = [exp.Alias(this=key, alias=tree.identifier(name)) for key, name in zip(sorts, names, strict=True)]
    query.set("expressions", [*query.expressions, *hidden])
    query.set("distinct", exp.Distinct(on=exp.Tuple(expressions=keys)))
    query.set("order", exp.Order(expressions=[*(exp.Ordered(this=key, nulls_first=False) for key in keys), *first]))
    inner = exp.Subquery(this=query, alias=exp.TableAlias(this=tree.identifier(alias)))
    outer = exp.Select(expressions=[tree.column(alias, c.target) for c in shape.columns]).from_(inner)
    order = [ordered(tree.column(alias, name), term, context) for name, (_, term) in zip(names, terms, strict=True)]
    outer.set("order", exp.Order(expressions=order))
    set_limits(outer, *bounds)
    return outer, replace(shape, ordered=True)


def _is_shown(key: exp.Expr, columns: Sequence[ResultColumn]) -> bool:
    return any(key == as_integer_flag(column.value).node for column in columns)


def _by_name(key: exp.Expr, columns: Sequence[ResultColumn], shape: OutputShape) -> exp.Expr:
    """Order a DISTINCT result by its column's number where the key is one of its columns."""
    for place, column in enumerate(columns):
        if key == as_integer_flag(column.value).node:
            return exp.Literal.number(str(place + 1))
    return key


def _wrapped(
    query: exp.Select,
    shape: OutputShape,
    terms: Sequence[tuple[Typed, exp.Expr]],
    columns: Sequence[ResultColumn],
    context: Context,
) -> tuple[exp.Select, list[tuple[Typed, exp.Expr]]]:
    """Put a DISTINCT query into FROM, so that its result can be ordered by an expression over it."""
    alias = context.fresh("distinct")
    inner = exp.Subquery(this=query, alias=exp.TableAlias(this=tree.identifier(alias)))
    outer = exp.Select(expressions=[tree.column(alias, c.target) for c in shape.columns]).from_(inner)
    moved: list[tuple[Typed, exp.Expr]] = []
    for value, term in terms:
        shown = [tree.column(alias, c.target) for c in shape.columns]
        node = _over_result(value.node, columns, shown, grouped=query.args.get("group") is not None)
        if node is None:
            raise context.refused("SELECT DISTINCT with ORDER BY of an expression that is not selected")
        moved.append((replace(value, node=node), term))
    return outer, moved


def _over_result(
    node: exp.Expr, columns: Sequence[ResultColumn], shown: Sequence[exp.Expr], *, grouped: bool
) -> exp.Expr | None:
    """Write an expression over the result columns as `shown`; None where it reads anything else."""
    for column, new in zip(columns, shown, strict=True):
        if node == column.value.node:
            return new
    if not _computed_from(node, columns, grouped=grouped):
        return None
    pairs = [(column.value.node, new) for column, new in zip(columns, shown, strict=True) if _is_as_it_is(column)]
    return node.transform(lambda part: next((new.copy() for old, new in pairs if part == old), part))


def _computed_from(node: exp.Expr, columns: Sequence[ResultColumn], *, grouped: bool) -> bool:
    """Say whether an expression reads nothing but what the result shows as it is: columns, or values of a group."""
    kept = [column.value.node for column in columns if _is_as_it_is(column)]
    shown = exp.Placeholder(this="shown")
    left = node.transform(lambda part: shown.copy() if part in kept else part)
    if left.find(exp.Column, exp.Query, exp.Window) is not None or left.find(exp.Placeholder) is None:
        return False
    # count(*) reads no column, and is another for each group.
    return not grouped or all(isinstance(part, _OF_ITS_PARTS) for part in left.find_all(exp.Func, exp.Dot))


def _is_as_it_is(column: ResultColumn) -> bool:
    return as_integer_flag(column.value).node == column.value.node


def _order_value(term: exp.Expr, columns: Sequence[ResultColumn], scope: Scope, context: Context) -> Typed:
    """Give what an ORDER BY term sorts by: a result column by number or alias, or an expression."""
    node = term.this
    collation = None
    inner = node.unnest()
    if isinstance(inner, exp.Collate):
        collation, inner = name_of(inner.expression).upper(), inner.this.unnest()
    found = _result_named(inner, columns, context)
    if found is None:
        return replace(context.translate(node, scope))
    value = found.value
    return value if collation is None else replace(value, collation=collation, collated=True)


def _result_named(node: exp.Expr, columns: Sequence[ResultColumn], context: Context) -> ResultColumn | None:
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        place = int(node.name)
        if not 1 <= place <= len(columns):
            raise context.refused(f"ORDER BY {place} outside the result")
        column = columns[place - 1]
        value = replace(column.value, constant=numbers.NOT_CONSTANT) if column.value.is_constant else column.value
        return replace(column, value=value)
    if isinstance(node, exp.Column) and node.args.get("table") is None:
        name = name_of(node.this).lower()
        named = [
            column
            for column in columns
            if column.name.lower() == name
            and column.source != node
            and (column.is_aliased or column.source is None)
        ]
        starred = [column for column in named if column.source is None]
        if starred and isinstance(named[0].source, exp.Column):
            raise context.refused(f"the ambiguous column name {name}")
        if named:
            # SQLite takes a column that * brings for one with an alias, and the first of several.
            return named[0]
    for column in columns:
        if column.source is not None and column.source == node:
            return column
    return None
