"""PRAGMA: what the live catalog answers is asked of it; what only SQLite's file has is refused by the pragma's name.

Applications branch on what a pragma says, so no answer is SQLite's default (see `queries.settings`).  The invariant: a
pragma that would have changed how SQLite behaves is either true in PostgreSQL already, or carried out, or refused.

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
from pgraduate.dialect.identifiers import quote
from pgraduate.dialect.queries.catalog import FOREIGN_KEY_CHECK, PRAGMAS, pragma_query
from pgraduate.dialect.queries.computed import text
from pgraduate.dialect.queries.settings import SETTINGS, target_schema
from pgraduate.dialect.reading.parsing import Parsed
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.translation import OutputColumn, Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.representation import Representation, Rule

_ON, _OFF = frozenset({"on", "yes", "true", "1"}), frozenset({"off", "no", "false", "0"})
_HINTS = {
    "foreign_keys": "PostgreSQL checks foreign keys always; declare one DEFERRABLE, or leave the statement out",
    "user_version": "it is an integer constant",
    "application_id": "it is an integer constant",
    "journal_mode": "PostgreSQL keeps its own log; leave it out",
    "busy_timeout": "PostgreSQL cannot wait for a lock no time at all; one millisecond is the least",
    "integrity_check": "ask without a table: all of them are read",
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
    if pragma.name in SETTINGS and _asks(pragma):
        return _setting(pragma, context)
    match pragma:
        case Definition("foreign_keys", argument) if argument is not None and argument.lower() in _ON:
            # Enforced already, and SQLite answers no row.
            return _nothing(pragma)
        case Definition("recursive_triggers", argument) if argument is not None and argument.lower() in _OFF:
            return _nothing(pragma)
        case Definition("user_version" | "application_id", argument) if argument is not None and _is_integer(
            argument
        ):
            return _kept(pragma.name, int(argument), context)
        case Definition("busy_timeout", argument) if (
            argument is not None and _is_integer(argument) and int(argument) > 0
        ):
            return _waiting(int(argument), context)
        case Definition("foreign_key_check", None):
            call = context.compat("foreign_key_check", target_schema(context))
            columns = tuple(map(_output, FOREIGN_KEY_CHECK))
            names = ", ".join(quote(column.name) for column in columns)
            return Translation(
                f"SELECT {names} FROM {tree.text_of(call)}", columns, rules=("catalog",), uses_compat=True
            )
        case Definition("optimize", None):
            outputs = (_output(text("optimize")),)
            none = f"SELECT NULL::pg_catalog.text AS {quote(pragma.name)} WHERE false"
            return Translation(none, outputs, rules=("catalog",), before=("ANALYZE",))
        case Definition("locking_mode", argument) if argument is not None and argument.lower() == "normal":
            return _setting(pragma, context)
        case Definition(name, argument) if argument is not None and name in OF_THE_FILE_ALONE:
            return _nothing(
                pragma, f"PRAGMA {name} speaks of SQLite's file alone: the statement does nothing here."
            )
        case Definition(name) if name not in KNOWN:
            return _nothing(pragma, f"SQLite knows no PRAGMA {name} and passes over it.")
    if pragma.argument is not None and pragma.name in ("foreign_keys", "user_version", "application_id"):
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


def _asks(pragma: Definition) -> bool:
    """Tell whether nothing is set; a number behind a check says how many faults it shall list."""
    if pragma.name in ("integrity_check", "quick_check"):
        return pragma.argument is None or (pragma.argument.isascii() and pragma.argument.isdigit())
    return pragma.argument is None


def _setting(pragma: Definition, context: Context) -> Translation:
    setting = SETTINGS[pragma.name]
    query = setting.query(context)
    if pragma.name in ("integrity_check", "quick_check") and int(pragma.argument or 0) > 0:
        query = query.limit(int(pragma.argument or 0))
    outputs = tuple(map(_output, setting.columns))
    return Translation(tree.text_of(query), outputs, rules=tuple(context.rules), uses_compat=context.uses_compat)


def _kept(name: str, value: int, context: Context) -> Translation:
    """Keep a number of the application's with the schema; SQLite answers no row."""
    call = context.compat("keep_number", target_schema(context), tree.string(name), tree.integer(value))
    return Translation(f"SELECT WHERE NOT {tree.text_of(call)}", rules=tuple(context.rules), uses_compat=True)


def _waiting(milliseconds: int, context: Context) -> Translation:
    """Let statements of this session wait for a lock as long as that; SQLite answers the time."""
    call = context.compat("wait_for_locks", tree.integer(milliseconds))
    column = SETTINGS["busy_timeout"].columns[0]
    asked = f"SELECT {tree.text_of(call)} AS {quote(column.name)}"
    return Translation(asked, (_output(column),), rules=("catalog",), uses_compat=True)


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and -(2**31) <= int(text) < 2**31
