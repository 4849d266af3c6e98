"""PRAGMA: what the live catalog answers is asked of it; what only SQLite's file has is refused by the pragma's name.

Nothing is answered by a constant, for applications branch on what a pragma says.  The invariant: a pragma that would
have changed how SQLite behaves is either true in PostgreSQL already, or carried out, or refused.

Source: "PRAGMA Statements" of SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from pgraduate.dialect.api import new_context
from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind
from pgraduate.dialect.core.names import ShapeColumn
from pgraduate.dialect.file_pragmas import KNOWN, OF_THE_FILE_ALONE
from pgraduate.dialect.identifiers import literal, quote
from pgraduate.dialect.queries.catalog import FOREIGN_KEY_CHECK, PRAGMAS, pragma_query
from pgraduate.dialect.reading.parsing import Parsed
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.translation import OutputColumn, Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, StorageClass

_ON = frozenset({"on", "yes", "true", "1"})
_HINTS = {
    "foreign_keys": "PostgreSQL checks foreign keys always; declare one DEFERRABLE, or leave the statement out",
    "user_version": "it is an integer constant",
    "journal_mode": "PostgreSQL keeps its own log; leave it out",
    "synchronous": "the server's synchronous_commit is what comes near; leave it out",
    "busy_timeout": "lock_timeout is what comes near",
    "integrity_check": "amcheck is PostgreSQL's own check of its files",
    "foreign_key_check": "ask without a table; PostgreSQL checks foreign keys always",
}
_OF_THE_FILE = "it speaks of SQLite's file or of one connection to it; leave it out"


@dataclass(frozen=True, slots=True)
class Definition:
    """`PRAGMA name`, with `argument` where `= value` or `(value)` follows."""

    name: str
    argument: str | None
    is_assignment: bool


def parse_pragma(sql: str) -> Definition:
    """Read a PRAGMA statement; raise NotTranslated for one that SQLite would not take."""
    tokens = [token for token in tokenize(sql)[1:] if not token.is_symbol(";")]
    if len(tokens) > 2 and tokens[1].is_symbol("."):
        if tokens[0].name.lower() not in ("main", "temp"):
            raise NotTranslated(sql, f"the attached database {tokens[0].name}")
        tokens = tokens[2:]
    if not tokens or not tokens[0].is_name:
        raise NotTranslated(sql, "an incomplete PRAGMA")
    name, rest = tokens[0].name.lower(), tokens[1:]
    if not rest:
        return Definition(name, None, is_assignment=False)
    if rest[0].is_symbol("="):
        return Definition(name, _value(sql, rest[1:]), is_assignment=True)
    if rest[0].is_symbol("(") and rest[-1].is_symbol(")"):
        return Definition(name, _value(sql, rest[1:-1]), is_assignment=False)
    raise NotTranslated(sql, f"an incomplete PRAGMA {name}")


def _value(sql: str, tokens: Sequence[Token]) -> str:
    sign = "-" if len(tokens) == 2 and tokens[0].is_symbol("-") else ""
    value = tokens[1:] if len(tokens) == 2 and tokens[0].text in ("-", "+") else tokens
    if len(value) != 1:
        raise NotTranslated(sql, "a PRAGMA with something other than one value")
    return sign + (value[0].name or value[0].text)


def translate_pragma(sql: str, schema: SchemaView) -> Translation:
    """Translate one PRAGMA statement; raise NotTranslated with its name where PostgreSQL has nothing of the kind."""
    pragma = parse_pragma(sql)
    context = new_context(Parsed(sql, exp.Null(), (), ()), schema)
    if pragma.name in PRAGMAS:
        return _catalog(pragma, context)
    match pragma:
        case Definition("foreign_keys", None):
            asked = "(pg_catalog.current_setting('session_replication_role') <> 'replica')::integer"
            return _answer(pragma, asked)
        case Definition("foreign_keys", argument) if argument is not None and argument.lower() in _ON:
            # Enforced already, and SQLite answers no row.
            return _nothing(pragma)
        case Definition("user_version", None):
            call = context.compat("user_version", tree.string(_schema(context)))
            return _answer(pragma, tree.text_of(call), uses_compat=True)
        case Definition("user_version", argument) if argument is not None and _is_integer(argument):
            comment = literal(f"SQLite user_version {int(argument)}")
            return Translation(f"COMMENT ON SCHEMA {quote(_schema(context))} IS {comment}")
        case Definition("foreign_key_check", None):
            call = context.compat("foreign_key_check", tree.string(_schema(context)))
            columns = tuple(map(_output, FOREIGN_KEY_CHECK))
            names = ", ".join(quote(column.name) for column in columns)
            return Translation(
                f"SELECT {names} FROM {tree.text_of(call)}", columns, rules=("catalog",), uses_compat=True
            )
        case Definition("query_only", None):
            return _answer(pragma, "(pg_catalog.current_setting('transaction_read_only') = 'on')::integer")
        case Definition(name, argument) if argument is not None and name in OF_THE_FILE_ALONE:
            return _nothing(
                pragma, f"PRAGMA {name} speaks of SQLite's file alone: the statement does nothing here."
            )
        case Definition(name) if name not in KNOWN:
            return _nothing(pragma, f"SQLite knows no PRAGMA {name} and passes over it.")
        case Definition("page_count", None):
            call = context.compat("page_count", tree.string(_schema(context)))
            return _answer(pragma, tree.text_of(call), uses_compat=True)
        case Definition("encoding", None):
            return _encoding(pragma)
        case Definition("page_size", None):
            return _answer(pragma, "pg_catalog.current_setting('block_size')::integer")
    if pragma.argument is not None and pragma.name in ("foreign_keys", "user_version"):
        raise NotTranslated(sql, f"PRAGMA {pragma.name} = {pragma.argument}", _HINTS[pragma.name])
    raise NotTranslated(sql, f"PRAGMA {pragma.name}", _HINTS.get(pragma.name, _OF_THE_FILE))


def _catalog(pragma: Definition, context: Context) -> Translation:
    if PRAGMAS[pragma.name].names_object and pragma.argument is None:
        raise context.refused(f"PRAGMA {pragma.name} without a name")
    node, columns = pragma_query(pragma.name, pragma.argument, context)
    outputs = tuple(map(_output, columns))
    return Translation(tree.text_of(node), outputs, rules=tuple(context.rules), uses_compat=True)


def _output(column: ShapeColumn) -> OutputColumn:
    rule = Rule.TEXT if column.value.kind is Kind.TEXT else Rule.INTEGER
    return OutputColumn(
        column.name,
        column.value.kind.storage_class,
        Representation(rule),
        column.value.type,
        column.value.affinity,
    )


def _nothing(pragma: Definition, why: str = "") -> Translation:
    """Answer no row and no column, as SQLite does here; `why` is said where the statement can be left out."""
    found = (Finding("PRAGMA_LEFT_OUT", Severity.NOTICE, "", why),) if why else ()
    comment = f" /* {pragma.name} */" if pragma.name in KNOWN else ""
    return Translation(f"SELECT WHERE false{comment}", findings=found)


def _answer(pragma: Definition, expression: str, *, uses_compat: bool = False) -> Translation:
    column = OutputColumn(
        pragma.name, StorageClass.INTEGER, Representation(Rule.INTEGER), "integer", Affinity.INTEGER
    )
    text = f"SELECT {expression} AS {quote(pragma.name)}"
    return Translation(text, (column,), rules=("catalog",), uses_compat=uses_compat)


def _encoding(pragma: Definition) -> Translation:
    """Ask for the encoding of the database, which SQLite calls by another name."""
    column = OutputColumn(pragma.name, StorageClass.TEXT, Representation(Rule.TEXT), "text", Affinity.TEXT)
    asked = "pg_catalog.replace(pg_catalog.current_setting('server_encoding'), 'UTF8', 'UTF-8')"
    return Translation(f"SELECT {asked} AS {quote(pragma.name)}", (column,), rules=("catalog",))


def _schema(context: Context) -> str:
    schema = context.schema.target_schema
    if schema is None:
        raise context.refused("the catalog of a schema that is not known", "name the database: --schema app.db")
    return schema


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and -(2**31) <= int(text) < 2**31
