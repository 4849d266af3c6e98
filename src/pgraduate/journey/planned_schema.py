"""A schema plan as the translator sees it, the source's views included."""

from __future__ import annotations

from pgraduate.dialect import translate_view
from pgraduate.dialect.reading.tokens import closing, split_commas, tokenize
from pgraduate.dialect.schema_view import ColumnView, Release, SchemaView, TableView
from pgraduate.model.catalog import Catalog
from pgraduate.model.plan import ObjectPlan, SchemaPlan
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.selected import select
from pgraduate.model.storage import Affinity
from pgraduate.schema.definitions import declare
from pgraduate.schema.search import show_mirror
from pgraduate.schema.view import PlanView, view_of
from pgraduate.sqlite import library


def planned_schema(catalog: Catalog, plan: SchemaPlan) -> SchemaView:
    """Show the planned tables and views of a source, as far as the plan's selection carries them."""
    catalog = select(catalog, plan.selection, plan.schema).catalog
    schema = view_of(catalog, plan.tables)
    for item in plan.objects:
        if item.kind == "virtual table" and item.outcome == "translated" and item.phase == "after rows":
            show_mirror(schema, catalog, item.name, _names(item.statements[0])[0])
        if item.kind == "view" and item.outcome == "translated":
            schema.add(_view(item, plan, schema))
    declare(schema, catalog, plan)
    schema.release = Release(*library())
    return schema


def _view(item: ObjectPlan, plan: SchemaPlan, schema: PlanView) -> TableView:
    assert item.source_sql is not None
    outputs = translate_view(item.source_sql, schema).columns
    target, columns = _names(item.statements[0])
    return TableView(
        item.name,
        plan.schema,
        target,
        tuple(
            ColumnView(
                output.name,
                name,
                output.type or "text",
                output.affinity or Affinity.BLOB,
                output.representation or Representation(Rule.ANY_TEXT, "NUMERIC"),
                output.collation,
            )
            for output, name in zip(outputs, columns, strict=True)
        ),
        is_view=True,
    )


def _names(statement: str) -> tuple[str, tuple[str, ...]]:
    """Read the names that a view and its columns get off the statement that makes it."""
    head = statement[: statement.index(" AS\n")]
    tokens = tokenize(head)
    opening = next(place for place, token in enumerate(tokens) if token.is_symbol("("))
    columns = split_commas(tokens[opening + 1 : closing(tokens, opening)])
    return tokens[opening - 1].name, tuple(column[0].name for column in columns)
