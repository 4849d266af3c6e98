"""The pragmas that ask how a database is kept, each as a query: what is true of the server and of this session.

Each may stand as PRAGMA or, as a table, in FROM.  The invariant: no answer is SQLite's default; it is PostgreSQL's own
figure, or a fact of every PostgreSQL that has a name in SQLite's words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.names import ShapeColumn
from pgraduate.dialect.queries.computed import integer, text

_COLLATIONS = ("RTRIM", "NOCASE", "BINARY")
"""SQLite's own, in the order in which it lists them: those that a statement may name."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`query` gives the rows; their columns have the names that SQLite reports."""

    columns: tuple[ShapeColumn, ...]
    query: Callable[[Context], exp.Select]


def target_schema(context: Context) -> exp.Expr:
    """Give the schema whose catalog is asked for."""
    schema = context.schema.target_schema
    if schema is None:
        raise context.refused("the catalog of a schema that is not known", "name the database: --schema app.db")
    context.fired("catalog")
    return tree.string(schema)


def _value(column: ShapeColumn, expression: Callable[[Context], exp.Expr]) -> Setting:
    """One row with one value."""

    def query(context: Context) -> exp.Select:
        context.fired("catalog")
        alias = tree.identifier(column.name)
        return exp.Select(expressions=[exp.Alias(this=expression(context), alias=alias)])

    return Setting((column,), query)


def _current(name: str) -> exp.Expr:
    return tree.call("current_setting", tree.string(name))


def _flag(operator: type[exp.Expr], setting: str, word: str) -> exp.Expr:
    return tree.cast(exp.Paren(this=tree.infix(operator, _current(setting), tree.string(word))), "integer")


def _of_schema(function: str) -> Callable[[Context], exp.Expr]:
    return lambda context: context.compat(function, target_schema(context))


def _encoding(context: Context) -> exp.Expr:
    return tree.call("replace", _current("server_encoding"), tree.string("UTF8"), tree.string("UTF-8"))


def _checked(name: str, *, with_indexes: bool) -> Setting:
    """One row per fault, or `ok`."""

    def query(context: Context) -> exp.Select:
        call = context.compat("integrity_check", target_schema(context), exp.Boolean(this=with_indexes))
        source = exp.Table(this=call, alias=exp.TableAlias(this=tree.identifier(name)))
        found = exp.Alias(this=tree.column(name, "fault"), alias=tree.identifier(name))
        return exp.Select(expressions=[found]).from_(source)

    return Setting((text(name),), query)


def _collation_list(context: Context) -> exp.Select:
    context.fired("catalog")
    for table in context.schema.tables.values():
        for column in table.columns:
            if column.collation.upper() not in _COLLATIONS:
                raise context.refused(f"the list of collations of a database that uses {column.collation}")
    rows: list[exp.Expr] = [
        exp.Tuple(expressions=[tree.integer(place), tree.string(name)]) for place, name in enumerate(_COLLATIONS)
    ]
    names = [tree.identifier(name) for name in ("seq", "name")]
    alias = exp.TableAlias(this=tree.identifier("collation_list"), columns=names)
    columns = [tree.column("collation_list", name) for name in ("seq", "name")]
    return exp.Select(expressions=columns).from_(exp.Values(expressions=rows, alias=alias))


def _compile_options(context: Context) -> exp.Select:
    """The options of the SQLite that stands beside, as its version is."""
    release = context.schema.release
    if release is None or not release.options:
        raise context.refused("the options that SQLite was built with", "name the database: --schema app.db")
    context.fired("catalog")
    options = exp.Array(expressions=list(map(tree.string, release.options)))
    alias = exp.TableAlias(this=tree.identifier("compile_options"), columns=[tree.identifier("option")])
    option = exp.Alias(this=tree.column("compile_options", "option"), alias=tree.identifier("compile_options"))
    return exp.Select(expressions=[option]).from_(exp.Table(this=tree.call("unnest", options), alias=alias))


def _database_list(context: Context) -> exp.Select:
    """One database, and no file of it that an application could open."""
    context.fired("catalog")
    values = {"seq": tree.integer(0), "name": tree.string("main"), "file": tree.string("")}
    return exp.Select(
        expressions=[exp.Alias(this=value, alias=tree.identifier(name)) for name, value in values.items()]
    )


SETTINGS = {
    "user_version": _value(integer("user_version"), _of_schema("user_version")),
    "application_id": _value(integer("application_id"), _of_schema("application_id")),
    "page_count": _value(integer("page_count", type="bigint"), _of_schema("page_count")),
    "page_size": _value(integer("page_size"), lambda _: tree.cast(_current("block_size"), "integer")),
    "encoding": _value(text("encoding"), _encoding),
    # PostgreSQL checks foreign keys unless the session plays a replica's part.
    "foreign_keys": _value(
        integer("foreign_keys"), lambda _: _flag(exp.NEQ, "session_replication_role", "replica")
    ),
    "query_only": _value(integer("query_only"), lambda _: _flag(exp.EQ, "transaction_read_only", "on")),
    "busy_timeout": _value(integer("timeout"), lambda context: context.compat("busy_timeout")),
    "synchronous": _value(integer("synchronous"), lambda context: context.compat("synchronous")),
    # Every lock is given back at the end of its transaction, and no file of the database is mapped into memory.
    "locking_mode": _value(text("locking_mode"), lambda _: tree.string("normal")),
    "mmap_size": _value(integer("mmap_size"), lambda _: tree.integer(0)),
    # No translated trigger fires again while its own body runs (see `triggers.creation`).
    "recursive_triggers": _value(integer("recursive_triggers"), lambda _: tree.integer(0)),
    # What a deletion frees stays in the files, to be used again.
    "auto_vacuum": _value(integer("auto_vacuum"), lambda _: tree.integer(0)),
    "compile_options": Setting((text("compile_options"),), _compile_options),
    "integrity_check": _checked("integrity_check", with_indexes=True),
    "quick_check": _checked("quick_check", with_indexes=False),
    "collation_list": Setting((integer("seq"), text("name")), _collation_list),
    "database_list": Setting((integer("seq"), text("name"), text("file")), _database_list),
}
