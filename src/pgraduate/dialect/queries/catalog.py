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
from pgraduate.dialect.queries.definitions import columns_known, names_known, sequences_known
from pgraduate.dialect.reading.parsing import function_name
from pgraduate.dialect.values import numbers
from pgraduate.model.storage import Affinity


def _text(name: str, *, refusal: str = "") -> ShapeColumn:
    value = Typed(exp.Null(), Kind.TEXT, "text", affinity=Affinity.TEXT, collation="BINARY")
    return ShapeColumn(name, name, value, refusal=refusal)


def _integer(name: str, *, refusal: str = "") -> ShapeColumn:
    value = Typed(exp.Null(), Kind.INTEGER, "integer", affinity=Affinity.INTEGER)
    return ShapeColumn(name, name, value, refusal=refusal)


def _mixed(name: str, *, json_type: str | None = None) -> ShapeColumn:
    value = Typed(exp.Null(), Kind.ANY, "", affinity=Affinity.BLOB, collation="BINARY")
    return ShapeColumn(name, name, value, readings=(f"{name}_text", f"{name}_number"), json_type=json_type)


_DEFINITION = "the column sql of sqlite_master"
_PAGE = "the column rootpage of sqlite_master"
_MASTER = (
    _text("type"),
    _text("name"),
    _text("tbl_name"),
    _integer("rootpage", refusal=_PAGE),
    _text("sql", refusal=_DEFINITION),
)
_SEQUENCE = (_text("name"), replace(_integer("seq"), value=replace(_integer("seq").value, type="bigint")))
_TABLE_INFO = (
    _integer("cid"),
    _text("name"),
    _text("type"),
    _integer("notnull"),
    _text("dflt_value"),
    _integer("pk"),
)
_ELEMENT = "an element's id in json_each or json_tree, which differs between versions of SQLite,"
_ELEMENTS = (
    _mixed("key"),
    _mixed("value", json_type="type"),
    _text("type"),
    _mixed("atom"),
    _integer("id", refusal=_ELEMENT),
    _integer("parent", refusal=_ELEMENT),
    _text("fullkey"),
    _text("path"),
)


@dataclass(frozen=True, slots=True)
class Pragma:
    """A pragma that gives rows.  `names_object` says that it asks for a table or an index by name."""

    columns: tuple[ShapeColumn, ...]
    names_object: bool = True


PRAGMAS = {
    "table_info": Pragma(_TABLE_INFO),
    "table_xinfo": Pragma((*_TABLE_INFO, _integer("hidden"))),
    "index_list": Pragma(
        (_integer("seq"), _text("name"), _integer("unique"), _text("origin"), _integer("partial")),
    ),
    "index_info": Pragma((_integer("seqno"), _integer("cid"), _text("name"))),
    "foreign_key_list": Pragma(
        (
            _integer("id"),
            _integer("seq"),
            _text("table"),
            _text("from"),
            _text("to"),
            _text("on_update"),
            _text("on_delete"),
            _text("match"),
        )
    ),
    "table_list": Pragma(
        (
            ShapeColumn("schema", "schema_name", _text("schema").value),
            _text("name"),
            _text("type"),
            _integer("ncol"),
            _integer("wr", refusal="the column wr of table_list"),
            _integer("strict", refusal="the column strict of table_list"),
        ),
        names_object=False,
    ),
}
FOREIGN_KEY_CHECK = (_text("table"), _integer("rowid"), _text("parent"), _integer("fkid"))
"""The columns of a pragma that lists the rows without a parent."""
_MASTER_NAMES = frozenset({"sqlite_master", "sqlite_schema"})
_SEQUENCES = "sqlite_sequence"


def is_catalog(name: str) -> bool:
    """Say whether a table that no schema holds is one that SQLite computes."""
    return name.lower() in _MASTER_NAMES or name.lower() == _SEQUENCES or _pragma_table(name) is not None


def catalog_table(name: str, alias: str, scope: Scope, context: Context) -> exp.Expr:
    """Translate sqlite_master, or a pragma that is a table without arguments, as a source."""
    if (pragma := _pragma_table(name)) is not None:
        return _source(name.lower(), [_schema(context)], pragma.columns, alias, scope, context)
    if name.lower() == _SEQUENCES:
        return _source(_SEQUENCES, _sequences(name, context), _SEQUENCE, alias, scope, context)
    return _source(
        "sqlite_master", [_schema(context), *(names_known(context.schema) or ())], _MASTER, alias, scope, context
    )


def _sequences(name: str, context: Context) -> list[exp.Expr]:
    known = sequences_known(context.schema)
    if not known:
        raise context.refused(f"the unknown table {name}")
    return known


def _pragma_table(name: str) -> Pragma | None:
    pragma = PRAGMAS.get(name.lower().removeprefix("pragma_")) if name.lower().startswith("pragma_") else None
    return pragma if pragma is not None and not pragma.names_object else None


def table_function(call: exp.Anonymous, alias: str | None, scope: Scope, context: Context) -> exp.Expr:
    """Translate a table-valued function as a source; its arguments see the sources to its left."""
    name = function_name(call)
    values = [context.translate(argument, scope) for argument in call.expressions]
    if name in ("json_each", "json_tree"):
        return _elements(name, values, alias or name, scope, context)
    pragma = PRAGMAS.get(name.removeprefix("pragma_")) if name.startswith("pragma_") else None
    if pragma is None:
        raise context.refused(f"the table-valued function {name}()")
    if len(values) != pragma.names_object:
        raise context.refused(f"the table-valued function {name}() with {len(values)} arguments")
    names = [numbers.to_text(value, context).node for value in values]
    relation = values[0].constant if values and isinstance(values[0].constant, str) else None
    known = _known_columns(name.removeprefix("pragma_"), relation, context)
    return _source(name, [_schema(context), *names, *known], pragma.columns, alias or name, scope, context)


def pragma_query(name: str, argument: str | None, context: Context) -> tuple[exp.Expr, tuple[ShapeColumn, ...]]:
    """Translate `PRAGMA name(argument)` for a pragma that is a table."""
    pragma = PRAGMAS[name]
    scope = Scope()
    arguments = [_schema(context)] + ([tree.string(argument or "")] if pragma.names_object else [])
    arguments += _known_columns(name, argument or "", context)
    source = _source(f"pragma_{name}", arguments, pragma.columns, name, scope, context)
    columns: list[exp.Expr] = [tree.column(name, c.target) for c in pragma.columns if not c.refusal]
    if len(columns) != len(pragma.columns):
        raise context.refused(f"PRAGMA {name}", f"select columns by name from pragma_{name}()")
    return exp.Select(expressions=columns).from_(source), pragma.columns


_OF_COLUMNS = frozenset({"table_info", "table_xinfo"})


def _known_columns(pragma: str, relation: str | None, context: Context) -> list[exp.Expr]:
    """Give what is known of the columns of one table, or of all where the statement computes its name."""
    if pragma not in _OF_COLUMNS:
        return []
    table = context.schema.table(relation) if relation is not None else None
    known = columns_known(context.schema.tables.values() if relation is None else filter(None, [table]))
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
    # SQLite lets two of them have one name, of which the first is meant.
    taken = any(source.qualifier == alias for source in scope.sources)
    qualifier = context.fresh(function) if taken else alias
    scope.sources.append(Source(alias, qualifier, columns))
    call = context.compat(function, *arguments)
    return exp.Table(this=call, alias=exp.TableAlias(this=tree.identifier(qualifier)))


def _schema(context: Context) -> exp.Expr:
    """Give the schema whose catalog is asked for."""
    schema = context.schema.target_schema
    if schema is None:
        raise context.refused("the catalog of a schema that is not known", "name the database: --schema app.db")
    context.fired("catalog")
    return tree.string(schema)
