"""Sources that SQLite computes: its catalog, the pragmas that are tables, json_each and json_tree.

Each becomes a compat function in FROM.  A column whose value would not be SQLite's (a definition's text, an element's
internal number) is known by its name and refused where it is used, `*` included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import Scope, ShapeColumn, Source
from pgraduate.dialect.queries.computed import integer, mixed, text
from pgraduate.dialect.queries.definitions import (
    SEQUENCES,
    columns_known,
    indexes_of_known,
    is_declared,
    lists_known,
    objects_known,
    references_known,
    sequences_known,
    terms_known,
)
from pgraduate.dialect.queries.settings import SETTINGS, target_schema
from pgraduate.dialect.reading.parsing import function_name, name_of
from pgraduate.dialect.values import numbers

_NAMES = (text("type"), text("name"), text("tbl_name"))
_PAGE = integer("rootpage", refusal="the column rootpage of sqlite_master")
_WITHOUT_TEXTS = (*_NAMES, _PAGE, text("sql", refusal="the column sql of sqlite_master"))
_WITH_TEXTS = (*_NAMES, _PAGE, text("sql"))
SEQUENCE = (text("name"), integer("seq", type="bigint"))
_TABLE_INFO = (
    integer("cid"),
    text("name"),
    text("type"),
    integer("notnull"),
    text("dflt_value"),
    integer("pk"),
)
_ELEMENT = "an element's id in json_each or json_tree, which differs between versions of SQLite,"
_ELEMENTS = (
    mixed("key"),
    mixed("value", json_type="type"),
    text("type"),
    mixed("atom"),
    integer("id", refusal=_ELEMENT),
    integer("parent", refusal=_ELEMENT),
    text("fullkey"),
    text("path"),
)


@dataclass(frozen=True, slots=True)
class Pragma:
    """A pragma that gives rows.  `names_object` says that it asks for a table or an index by name."""

    columns: tuple[ShapeColumn, ...]
    names_object: bool = True


PRAGMAS = {
    "table_info": Pragma(_TABLE_INFO),
    "table_xinfo": Pragma((*_TABLE_INFO, integer("hidden"))),
    "index_list": Pragma(
        (integer("seq"), text("name"), integer("unique"), text("origin"), integer("partial")),
    ),
    "index_info": Pragma((integer("seqno"), integer("cid"), text("name"))),
    "index_xinfo": Pragma(
        (
            integer("seqno"),
            integer("cid"),
            text("name"),
            integer("desc"),
            text("coll"),
            integer("key"),
        )
    ),
    "foreign_key_list": Pragma(
        (
            integer("id"),
            integer("seq"),
            text("table"),
            text("from"),
            text("to"),
            text("on_update"),
            text("on_delete"),
            text("match"),
        )
    ),
    "table_list": Pragma(
        (
            text("schema", target="schema_name"),
            text("name"),
            text("type"),
            integer("ncol"),
            integer("wr"),
            integer("strict"),
        ),
        names_object=False,
    ),
}
FOREIGN_KEY_CHECK = (text("table"), integer("rowid"), text("parent"), integer("fkid"))
"""The columns of a pragma that lists the rows without a parent."""
_MASTER = frozenset({"sqlite_master", "sqlite_schema"})
_TEMPORARY = frozenset({"sqlite_temp_master", "sqlite_temp_schema"})


def is_catalog(name: str) -> bool:
    """Say whether a table that no schema holds is one that SQLite computes."""
    folded = name.lower()
    return folded in _MASTER | _TEMPORARY or folded == SEQUENCES or _pragma_table(folded)


def catalog_table(name: str, alias: str, scope: Scope, context: Context) -> exp.Expr:
    """Translate sqlite_master, or a pragma that is a table without arguments, as a source."""
    folded = name.lower()
    pragma = folded.removeprefix("pragma_")
    if _pragma_table(folded) and pragma in SETTINGS:
        return _setting(pragma, alias, scope, context)
    if _pragma_table(folded):
        arguments = [target_schema(context), *_known(pragma, None, context)]
        return _source(folded, arguments, _columns(pragma, context), alias, scope, context)
    if folded == SEQUENCES:
        return _source(SEQUENCES, _sequences(name, context), SEQUENCE, alias, scope, context)
    if folded in _TEMPORARY:
        context.fired("catalog")
        return _source("sqlite_temp_master", [], _WITHOUT_TEXTS, alias, scope, context)
    texts = is_declared(context.schema) and _asks_for_definitions(context)
    arguments = [target_schema(context), *objects_known(context.schema, texts=texts)]
    columns = _WITH_TEXTS if texts else _WITHOUT_TEXTS
    return _source("sqlite_master", arguments, columns, alias, scope, context)


def _asks_for_definitions(context: Context) -> bool:
    """Tell whether some column of the statement is called sql; without one no definition needs to travel."""
    return any(name_of(column.this).lower() == "sql" for column in context.parsed.tree.find_all(exp.Column))


def _sequences(name: str, context: Context) -> list[exp.Expr]:
    known = sequences_known(context.schema)
    if not known:
        raise context.refused(f"the unknown table {name}")
    return known


def _pragma_table(name: str) -> bool:
    """Tell whether this is a pragma that may stand in FROM without arguments."""
    if not name.startswith("pragma_"):
        return False
    pragma = name.removeprefix("pragma_")
    return pragma in SETTINGS or (pragma in PRAGMAS and not PRAGMAS[pragma].names_object)


def _setting(pragma: str, alias: str, scope: Scope, context: Context) -> exp.Expr:
    """Translate a pragma that asks how the database is kept as a source."""
    context.fired("catalog")
    setting = SETTINGS[pragma]
    qualifier = _named(pragma, alias, setting.columns, scope, context)
    named = exp.TableAlias(this=tree.identifier(qualifier))
    return exp.Subquery(this=setting.query(context), alias=named)


def table_function(call: exp.Anonymous, alias: str | None, scope: Scope, context: Context) -> exp.Expr:
    """Translate a table-valued function as a source; its arguments see the sources to its left."""
    name = function_name(call)
    values = [context.translate(argument, scope) for argument in call.expressions]
    if name in ("json_each", "json_tree"):
        return _elements(name, values, alias or name, scope, context)
    if not values and _pragma_table(name):
        return catalog_table(name, alias or name, scope, context)
    pragma = PRAGMAS.get(name.removeprefix("pragma_")) if name.startswith("pragma_") else None
    if pragma is None:
        raise context.refused(f"the table-valued function {name}()")
    if len(values) != pragma.names_object:
        raise context.refused(f"the table-valued function {name}() with {len(values)} arguments")
    names = [numbers.to_text(value, context).node for value in values]
    relation = values[0].constant if values and isinstance(values[0].constant, str) else None
    known = _known(name.removeprefix("pragma_"), relation, context)
    return _source(name, [target_schema(context), *names, *known], pragma.columns, alias or name, scope, context)


def pragma_query(name: str, argument: str | None, context: Context) -> tuple[exp.Expr, tuple[ShapeColumn, ...]]:
    """Translate `PRAGMA name(argument)` for a pragma that is a table."""
    pragma = PRAGMAS[name]
    shape = _columns(name, context)
    scope = Scope()
    arguments = [target_schema(context)] + ([tree.string(argument or "")] if pragma.names_object else [])
    arguments += _known(name, argument, context)
    source = _source(f"pragma_{name}", arguments, shape, name, scope, context)
    columns: list[exp.Expr] = [tree.column(name, c.target) for c in shape if not c.refusal]
    if len(columns) != len(shape):
        raise context.refused(f"PRAGMA {name}", f"select columns by name from pragma_{name}()")
    query = exp.Select(expressions=columns).from_(source)
    if argument is not None and not pragma.names_object:
        named = tree.infix(exp.EQ, tree.call("lower", tree.column(name, "name")), tree.string(argument.lower()))
        query = query.where(named)
    return query, shape


def _columns(pragma: str, context: Context) -> tuple[ShapeColumn, ...]:
    """Give a pragma's columns; how a table keeps its rows only its definition tells."""
    columns = PRAGMAS[pragma].columns
    if pragma == "table_list" and not is_declared(context.schema):
        unknown = ("wr", "strict")
        return tuple(
            replace(c, refusal=f"the column {c.name} of table_list") if c.name in unknown else c for c in columns
        )
    return columns


def _known(pragma: str, name: str | None, context: Context) -> list[exp.Expr]:
    """Give what SQLite's definitions say of one table or index, or of all where the statement computes its name."""
    schema = context.schema
    match pragma:
        case "table_info" | "table_xinfo":
            known = columns_known(schema, name)
        case "index_list":
            known = indexes_of_known(schema, name)
        case "index_info" | "index_xinfo":
            known = terms_known(schema, name)
        case "foreign_key_list":
            known = references_known(schema)
        case "table_list" if is_declared(schema):
            return lists_known(schema)
        case _:
            return []
    return [known] if known is not None else []


def _elements(name: str, values: Sequence[Typed], alias: str, scope: Scope, context: Context) -> exp.Expr:
    if len(values) not in (1, 2):
        raise context.refused(f"the table-valued function {name}() with {len(values)} arguments")
    context.fired("json")
    document = numbers.to_text(values[0], context).node
    paths = [numbers.to_text(value, context).node for value in values[1:]]
    if paths and values[1].constant == "$":
        paths = []
    if values[0].kind is Kind.BLOB:
        raise context.refused(f"{name}() of a blob")
    return _source(name, [document, *paths], _ELEMENTS, alias, scope, context)


def _source(
    function: str,
    arguments: Sequence[exp.Expr],
    columns: tuple[ShapeColumn, ...],
    alias: str,
    scope: Scope,
    context: Context,
) -> exp.Expr:
    qualifier = _named(function, alias, columns, scope, context)
    call = context.compat(function, *arguments)
    return exp.Table(this=call, alias=exp.TableAlias(this=tree.identifier(qualifier)))


def _named(function: str, alias: str, columns: tuple[ShapeColumn, ...], scope: Scope, context: Context) -> str:
    """Add a source to the scope and give its name: SQLite lets two of them have one, of which the first is meant."""
    taken = any(source.qualifier == alias for source in scope.sources)
    qualifier = context.fresh(function) if taken else alias
    scope.sources.append(Source(alias, qualifier, columns))
    return qualifier
