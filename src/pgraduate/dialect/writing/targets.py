"""What a statement writes to: its table, its columns, and the SET list that UPDATE and upsert share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.names import ROWID_NAMES, Scope, Source
from pgraduate.dialect.identifiers import quote
from pgraduate.dialect.reading.tokens import closing, span, split_commas, tokenize
from pgraduate.dialect.schema_view import ColumnView, SchemaView, TableView
from pgraduate.dialect.values.assignment import assigned
from pgraduate.dialect.writing.parser import Assignment
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.errors import NotTranslated


def written_table(name: str, sql: str, schema: SchemaView) -> TableView:
    """Find the table that a statement writes; raise NotTranslated for one that the schema does not hold."""
    table = schema.table(name)
    if table is None:
        raise NotTranslated(sql, f"the table {name}, which the schema does not hold,")
    return table


def column_of(table: TableView, name: str, sql: str) -> ColumnView:
    """Find a column by its name or as the rowid; raise NotTranslated where there is none."""
    column = table.column(name)
    if column is None and name.lower() in ROWID_NAMES and table.rowid_alias is not None:
        column = table.column(table.rowid_alias)
    if column is None:
        hint = (
            f'list the table in pgraduate.toml and migrate again: [selection] rowids = ["{table.source}"]'
            if name.lower() in ROWID_NAMES
            else None
        )
        raise NotTranslated(sql, f"the column {name} of {table.source}", hint)
    return column


def is_rowid(table: TableView, column: ColumnView) -> bool:
    """Say whether the column is the alias of the rowid."""
    return table.rowid_alias is not None and column.source.lower() == table.rowid_alias.lower()


def by_qualifier_only(source: Source) -> Source:
    """Make a source whose columns are found with its name in front and never without, as NEW, OLD and excluded."""
    return replace(source, merged=frozenset(column.name.lower() for column in source.columns) | ROWID_NAMES)


def set_clause(assignments: Sequence[Assignment], table: TableView, sql: str, pieces: Pieces, scope: Scope) -> str:
    """Translate the list behind SET; of two assignments to one column SQLite keeps the last."""
    kept: list[tuple[tuple[str, ...], str]] = []
    for assignment in assignments:
        columns = [column_of(table, name, sql) for name in assignment.columns]
        for names, text in _assignment(columns, assignment.value, sql, pieces, scope):
            kept = [(taken, value) for taken, value in kept if not set(taken) & set(names)]
            kept.append((names, text))
    return ", ".join(f"{_names(names)} = {text}" for names, text in kept)


def _assignment(
    columns: Sequence[ColumnView], value: str, sql: str, pieces: Pieces, scope: Scope
) -> list[tuple[tuple[str, ...], str]]:
    if len(columns) == 1:
        return [((columns[0].target,), _stored(columns[0], value, pieces, scope))]
    inner = _inside(value)
    if inner is None:
        raise NotTranslated(sql, "a row value that is neither a list nor a query")
    if tokenize(inner)[0].is_word("SELECT", "VALUES", "WITH"):
        return [(tuple(column.target for column in columns), _row(columns, inner, sql, pieces, scope))]
    tokens = tokenize(inner)
    values = [span(inner, part) for part in split_commas(tokens)]
    if len(values) != len(columns):
        raise NotTranslated(sql, f"{len(columns)} columns assigned {len(values)} values")
    found = pieces.expressions(values, scope)
    return [
        ((column.target,), tree.text_of(assigned(typed, column, context)))
        for column, (typed, context) in zip(columns, found, strict=True)
    ]


def _names(names: tuple[str, ...]) -> str:
    listed = ", ".join(quote(name) for name in names)
    return listed if len(names) == 1 else f"({listed})"


def _stored(column: ColumnView, value: str, pieces: Pieces, scope: Scope) -> str:
    typed, context = pieces.expression(value, scope)
    return tree.text_of(assigned(typed, column, context))


def _row(columns: Sequence[ColumnView], query: str, sql: str, pieces: Pieces, scope: Scope) -> str:
    """Translate (a, b) = (SELECT …): the first row of the query, each value in the form of its column."""
    node, shape, context = pieces.query(query, scope)
    if len(shape.columns) != len(columns):
        raise NotTranslated(sql, f"{len(columns)} columns assigned {len(shape.columns)} values")
    row = context.fresh("row")
    names = [context.fresh("value") for _ in columns]
    values = [
        tree.text_of(assigned(replace(found.value, node=tree.column(row, name)), column, context))
        for found, column, name in zip(shape.columns, columns, names, strict=True)
    ]
    listed = ", ".join(quote(name) for name in names)
    return f"(SELECT {', '.join(values)} FROM ({tree.text_of(node)}) AS {quote(row)} ({listed}) LIMIT 1)"


def _inside(text: str) -> str | None:
    """Give what stands in the parentheses around the whole text, None where there are none."""
    tokens = tokenize(text)
    if not tokens or not tokens[0].is_symbol("(") or closing(tokens, 0) != len(tokens) - 1:
        return None
    return span(text, tokens[1:-1])
