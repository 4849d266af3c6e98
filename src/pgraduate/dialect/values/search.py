"""Full-text search: MATCH over a table that SQLite searches, and the functions that look at the match.

MATCH becomes the words of the searched columns @@ the query, in exactly the form that the table's GIN index has.  What a
row's rank is and how a text is cut belong to each engine, so `rank`, bm25(), snippet() and highlight() are PostgreSQL's
own of the same purpose, with a finding.  A query that search_query does not know fails when it runs.

Source: "SQLite FTS5 Extension", sections 3 and 5.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, predicate, typed
from pgraduate.dialect.core.names import Scope, Search, Source, rank_of, searched_source
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.reading.parsing import name_of
from pgraduate.dialect.schema_view import TableView
from pgraduate.dialect.values import numbers

AUXILIARY = frozenset({"bm25", "snippet", "highlight"})
_CONFIGURATION = "simple"
_PHRASE, _UNKNOWN = re.compile(r'"(?:[^"]|"")*"'), re.compile(r"[:^+{}]|\bNEAR\b")
_HINT = "name the table that is searched, or one of its columns"


def match(node: exp.Expr, scope: Scope, context: Context) -> Typed:
    """Translate `table MATCH query` and `column MATCH query`."""
    source, names = _searched(node.this.unnest(), scope, context)
    context.fired("match")
    terms = [_words(name, source, context) for name in names]
    asked = numbers.to_text(context.translate(node.expression, scope), context)
    if isinstance(asked.constant, str) and _UNKNOWN.search(_PHRASE.sub("", asked.constant)):
        raise context.refused(
            "a search with NEAR, ^, + or a column filter", 'words, "phrases", prefix*, AND, OR, NOT do'
        )
    search = Search(context.compat("search_vector", *terms), context.compat("search_query", asked.node))
    scope.searches[source.alias.lower()] = search
    return predicate(exp.MatchAgainst(this=search.query, expressions=[search.vector]))


def auxiliary(name: str, arguments: Sequence[exp.Expr], scope: Scope, context: Context) -> Typed:
    """Translate bm25(), snippet() and highlight(), whose first argument is the table."""
    given = arguments[0].unnest() if arguments else None
    source = _by_name(given, scope) if isinstance(given, exp.Column) else None
    if source is None or source.table is None or _is_old(source.table):
        raise context.refused(f"the function {name}() of something else than an FTS5 table", _HINT)
    if name == "bm25":
        return rank_of(source, scope, context)
    values = [context.translate(argument, scope).constant for argument in arguments[1:]]
    match name, values:
        case "highlight", [int() as place, str() as start, str() as stop]:
            options = {"HighlightAll": "true", "StartSel": start, "StopSel": stop}
        case "snippet", [int() as place, str() as start, str() as stop, str() as dots, int() as words] if words > 0:
            options = {
                "MaxFragments": "1", "MaxWords": str(max(words, 2)), "MinWords": str(max(words - 1, 1)),
                "StartSel": start, "StopSel": stop, "FragmentDelimiter": dots,
            }  # fmt: skip
        case _:
            raise context.refused(f"the function {name}() with other arguments than constants")
    context.find(
        "TEXT_AROUND_A_MATCH", f"{name}() is PostgreSQL's ts_headline(), which cuts and marks in its own way."
    )
    return _headline(_text(place, source, context), source, scope, options, context)


def _headline(text: exp.Expr, source: Source, scope: Scope, options: dict[str, str], context: Context) -> Typed:
    search = scope.search(source.alias)
    if search is None:
        raise context.refused("a function of a match in a query without MATCH")
    written = ", ".join(f'{name}="{value.replace(chr(34), chr(34) * 2)}"' for name, value in options.items())
    configuration = tree.cast(tree.string(_CONFIGURATION), "regconfig")
    node = tree.call("ts_headline", configuration, text, search.query.copy(), tree.string(written))
    return typed(node, Kind.TEXT)


def _text(place: int, source: Source, context: Context) -> exp.Expr:
    """Give the column of this number as text, all searched ones for a negative number."""
    assert source.table is not None
    shown = [column.source for column in source.table.columns if not column.implicit]
    names = source.table.searched if place < 0 else shown[place : place + 1]
    if not names:
        raise context.refused(f"column {place} of {source.alias}, which has fewer")
    texts = [tree.call("coalesce", _words(name, source, context), tree.string("")) for name in names]
    return texts[0] if len(texts) == 1 else tree.call("concat_ws", tree.string(" "), *texts)


def _searched(node: exp.Expr, scope: Scope, context: Context) -> tuple[Source, tuple[str, ...]]:
    """Find the source of a MATCH and the columns that it searches."""
    if not isinstance(node, exp.Column):
        raise context.refused("MATCH over an expression", _HINT)
    if (source := _by_name(node, scope)) is not None and source.table is not None:
        return source, source.table.searched
    wanted = name_of(node.this)
    qualifier = node.args.get("table")
    for source in scope.sources:
        named = qualifier is None or source.alias.lower() == name_of(qualifier).lower()
        if named and source.table is not None and wanted.lower() in map(str.lower, source.table.searched):
            return source, (wanted,)
    raise context.refused("MATCH over something that SQLite does not search", _HINT)


def _by_name(node: exp.Column, scope: Scope) -> Source | None:
    """Find the searched source that a column's name means: FTS5 has a hidden column of the table's name."""
    return searched_source(name_of(node.this), scope)


def _words(name: str, source: Source, context: Context) -> exp.Expr:
    """Write a searched column as the search index has it."""
    column = source.column(name)
    assert column is not None
    value = source.typed(column, context)
    if value.kind is Kind.ANY and value.representation is None:
        return context.compat("any_shown", value.node)
    return value.node if value.type == "text" else tree.cast(standard(value, context).node, "text")


def _is_old(table: TableView) -> bool:
    """Say whether a table is FTS3's or FTS4's, whose functions of these names have other arguments."""
    return table.column("docid") is not None
