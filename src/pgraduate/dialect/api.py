"""The entry points: a query, a view, an expression, a column's default."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Typed
from pgraduate.dialect.core.names import OutputShape, Scope, source_of_table
from pgraduate.dialect.core.render import as_integer_flag, representation_of, standard
from pgraduate.dialect.expressions import translate_node
from pgraduate.dialect.queries.ordering import group_key
from pgraduate.dialect.queries.select import translate_tree
from pgraduate.dialect.reading.lexer import tokenize
from pgraduate.dialect.reading.parsing import Parsed, header_end, parse, parse_expression
from pgraduate.dialect.schema_view import ColumnView, SchemaView, TableView
from pgraduate.dialect.translation import OutputColumn, Translation
from pgraduate.dialect.values.assignment import assigned
from pgraduate.dialect.values.booleans import condition
from pgraduate.dialect.values.defaults import default_value
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Rule
from pgraduate.model.storage import StorageClass

Purpose = Literal["check", "index", "predicate", "generated", "value"]
_CONDITIONS = frozenset({"check", "predicate"})


def translate_query(
    sql: str, schema: SchemaView, *, parameters: tuple[StorageClass, ...] | None = None
) -> Translation:
    """Translate a SELECT, WITH, VALUES or compound query.

    `parameters` gives the class of the value bound to each parameter, by its number; without it a statement with
    parameters raises NotTranslated, as does every construct whose meaning is not known.
    """
    context = new_context(parse(sql), schema, parameters=parameters)
    context.session = []
    node, shape = translate_tree(context.parsed.tree, None, context)
    _tell_of_any_class(shape, context)
    return translation_of(node, shape, context)


def _tell_of_any_class(shape: OutputShape, context: Context) -> None:
    for column in shape.columns:
        if representation_of(column.value).rule is Rule.ANY_VALUE:
            context.find(
                "ANY_CLASS",
                f"The values of {column.name} have several storage classes: the column is of the type "
                f"{context.any_type}, which holds the class beside the value.",
            )


def translate_view(sql_of_create_view: str, schema: SchemaView) -> Translation:
    """Translate the query of a CREATE VIEW; `sql` is the query alone, `columns` have the view's column names."""
    tokens = tokenize(sql_of_create_view)
    place = header_end(sql_of_create_view, tokens, "AS")
    names = _view_columns(sql_of_create_view, place)
    context = new_context(parse(sql_of_create_view[place:]), schema)
    node, shape = translate_tree(context.parsed.tree, None, context)
    if names and len(names) != len(shape.columns):
        raise NotTranslated(sql_of_create_view, "a view whose list of columns does not fit its query")
    return translation_of(node, shape.numbered(), context, names)


def translate_expression(
    sql: str,
    schema: SchemaView,
    table: TableView | None,
    *,
    purpose: Purpose,
    immutable: bool = False,
    stored_in: ColumnView | None = None,
) -> Translation:
    """Translate one expression over the columns of a table.

    A `check` or `predicate` becomes a condition, an `index` key or `generated` column a value in the form that the
    query translator gives to the same expression, or in that of the column that it is `stored_in`.  `immutable`
    refuses whatever may change its result.
    """
    context = new_context(parse_expression(sql), schema, immutable=immutable or purpose in ("index", "generated"))
    scope = Scope()
    if table is not None:
        scope.sources.append(source_of_table(table, table.source, ""))
    value = context.translate(context.parsed.tree, scope)
    if purpose in _CONDITIONS:
        return _translation(condition(value, context), value, context)
    if stored_in is not None:
        return _translation(assigned(value, replace(stored_in, generated=False), context), value, context)
    if purpose == "index" and value.collated:
        return _translation(group_key(value, context), value, context)
    value = as_integer_flag(value) if purpose != "generated" else standard(value, context)
    return _translation(value.node, value, context)


def translate_default(sql: str | None, column: ColumnView, schema: SchemaView) -> Translation:
    """Translate a column's DEFAULT into a value of the column's PostgreSQL type.

    Raise NotTranslated where the value cannot stand in that type.
    """
    context = new_context(parse_expression(sql if sql is not None else "NULL"), schema)
    node, value = default_value(column, context)
    return _translation(node, value, context)


def new_context(
    parsed: Parsed,
    schema: SchemaView,
    *,
    immutable: bool = False,
    parameters: tuple[StorageClass, ...] | None = None,
) -> Context:
    """Start a translation: what `translate_node` and the translators of statements carry along."""
    return Context(schema, parsed, translate_node, translate_tree, immutable, parameters)


def translation_of(
    node: exp.Expr, shape: OutputShape, context: Context, names: tuple[str, ...] = ()
) -> Translation:
    """Close the translation of a query."""
    columns = tuple(
        _output(names[place] if names else column.name, column.value) for place, column in enumerate(shape.columns)
    )
    return Translation(
        tree.text_of(node),
        columns,
        shape.ordered,
        tuple(context.rules),
        tuple(context.findings),
        context.uses_compat,
        context.parsed.parameters,
        reads=tuple(context.reads),
        session=tuple(dict.fromkeys(context.session or ())),
    )


def _translation(node: exp.Expr, value: Typed, context: Context) -> Translation:
    shown = node.this if isinstance(node, exp.Paren) else node
    return Translation(
        tree.text_of(shown),
        (_output("", value),),
        rules=tuple(context.rules),
        findings=tuple(context.findings),
        uses_compat=context.uses_compat,
        parameters=context.parsed.parameters,
    )


def _output(name: str, value: Typed) -> OutputColumn:
    return OutputColumn(
        name,
        value.kind.storage_class,
        representation_of(value),
        value.type,
        value.affinity,
        value.collation or "BINARY",
    )


def _view_columns(sql: str, end: int) -> tuple[str, ...]:
    """Give the names in `CREATE VIEW v (a, b) AS`, () without a list."""
    tokens = tokenize(sql[:end])
    words = [token.word for token in tokens]
    if "(" not in words:
        return ()
    inside = tokens[words.index("(") + 1 : len(words) - 1 - words[::-1].index(")")]
    return tuple(token.value for token in inside if token.word != ",")
