"""Which module translates which SQL function.

A function that is not listed is refused by its name: SQLite applications may have registered their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import conditional, dates, jsons, mathematics, numbers, text

Handler = Callable[[Sequence[Typed], Context], Typed]


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments SQLite accepts (`most` None for any number) and who translates the call."""

    least: int
    most: int | None
    handler: Handler


def scalar(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Translate the call of a scalar function; raise NotTranslated for an unknown one."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise context.refused(f"the function {name}()")
    if len(values) < function.least or (function.most is not None and len(values) > function.most):
        raise context.refused(f"the function {name}() with {len(values)} arguments")
    return replace(function.handler(values, context), source=None)


def _absolute(values: Sequence[Typed], context: Context) -> Typed:
    value = standard(values[0], context)
    if value.kind is Kind.ANY:
        return typed(context.compat("any_absolute", value.node), Kind.NUMBER)
    value = numbers.to_real(value, context) if value.kind in (Kind.TEXT, Kind.BLOB) else value.bare()
    if value.kind is Kind.NULL:
        return numbers.null()
    if isinstance(value.constant, int | float):
        return numbers.constant_number(abs(value.constant))
    return typed(tree.call("abs", value.node), value.kind, value.type)


def _round(values: Sequence[Typed], context: Context) -> Typed:
    """Round half away from zero; the result is REAL even for an INTEGER."""
    context.fired("round")
    value = numbers.to_real(values[0], context)
    digits = numbers.to_integer(values[1], context) if len(values) > 1 else numbers.constant_number(0)
    digits_node = tree.cast(digits.node, "integer") if digits.type != "integer" else digits.node
    return typed(context.compat("round", value.node, digits_node), Kind.REAL)


def _sign(values: Sequence[Typed], context: Context) -> Typed:
    """Give -1, 0 or 1, and NULL for what is no number as a whole."""
    value = mathematics.operand(values[0], context)
    if value is None:
        return numbers.null()
    return typed(tree.cast(tree.call("sign", value.node), "integer"), Kind.INTEGER, "integer")


def _random(values: Sequence[Typed], context: Context) -> Typed:
    return typed(context.compat("random"), Kind.INTEGER)


def _randomblob(values: Sequence[Typed], context: Context) -> Typed:
    size = tree.cast(numbers.to_integer(values[0], context).node, "bigint")
    return typed(context.compat("randomblob", size), Kind.BLOB)


def _of_connection(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Read a number of the connection, which its driver keeps."""
    if context.session is None:
        raise context.refused(f"the function {name}()")
    context.fired("number of the connection")
    context.find(
        "NUMBER_OF_THE_CONNECTION",
        f"{name}() is kept by the driver, which sets pgraduate.{name} before the statement.",
    )
    context.session.append(name)
    return replace(typed(context.compat("connection_number", tree.string(name)), Kind.INTEGER), not_null=True)


def _of_release(values: Sequence[Typed], context: Context, *, source: bool = False) -> Typed:
    """Say which SQLite it is whose answers the translation gives; an application knows its features by it."""
    release = context.schema.release
    if release is None:
        name = "sqlite_source_id" if source else "sqlite_version"
        raise context.refused(f"the function {name}()", "name the database: --schema app.db")
    text = release.source if source else release.version
    return Typed(tree.string(text), Kind.TEXT, "text", constant=text)


def _is_option(values: Sequence[Typed], context: Context) -> Typed:
    """Say whether the SQLite beside was built with an option, whose value behind = may be left out."""
    release, name = context.schema.release, values[0].constant
    if release is None or not isinstance(name, str):
        raise context.refused("the function sqlite_compileoption_used()", "name the database: --schema app.db")
    wanted = name.upper().removeprefix("SQLITE_")
    options = {option.upper() for option in release.options}
    found = wanted in options | {option.partition("=")[0] for option in options}
    return replace(numbers.constant_number(int(found)), not_null=True)


def _hint(values: Sequence[Typed], context: Context) -> Typed:
    """likely, unlikely and likelihood only speak to SQLite's planner."""
    return values[0].bare()


def _printf(values: Sequence[Typed], context: Context) -> Typed:
    context.fired("printf")
    texts = [numbers.to_text(value, context).node for value in values]
    return typed(context.compat("printf", *texts), Kind.TEXT)


def _plus(values: Sequence[Typed], context: Context) -> Typed:
    """Unary plus changes nothing but takes the affinity away."""
    return replace(values[0], affinity=None, source=None)


def _blob(values: Sequence[Typed], context: Context) -> Typed:
    digits = values[0].constant
    assert isinstance(digits, str)
    node = tree.cast(tree.string("\\x" + digits), "bytea")
    return Typed(node, Kind.BLOB, "bytea", constant=bytes.fromhex(digits))


FUNCTIONS: dict[str, Function] = {
    "plus": Function(1, 1, _plus),
    "blob": Function(1, 1, _blob),
    "abs": Function(1, 1, _absolute),
    "round": Function(1, 2, _round),
    "sign": Function(1, 1, _sign),
    "ceil": Function(1, 1, partial(mathematics.whole, "ceil")),
    "ceiling": Function(1, 1, partial(mathematics.whole, "ceil")),
    "floor": Function(1, 1, partial(mathematics.whole, "floor")),
    "trunc": Function(1, 1, partial(mathematics.whole, "trunc")),
    "exp": Function(1, 1, partial(mathematics.real, "exp")),
    "ln": Function(1, 1, partial(mathematics.real, "ln")),
    "log": Function(1, 2, partial(mathematics.real, "log")),
    "log10": Function(1, 1, partial(mathematics.real, "log")),
    "log2": Function(1, 1, mathematics.log_of_two),
    "mod": Function(2, 2, partial(mathematics.real, "remainder")),
    "pi": Function(0, 0, mathematics.pi),
    "pow": Function(2, 2, partial(mathematics.real, "power")),
    "power": Function(2, 2, partial(mathematics.real, "power")),
    "sqrt": Function(1, 1, partial(mathematics.real, "sqrt")),
    "acos": Function(1, 1, partial(mathematics.real, "acos")),
    "acosh": Function(1, 1, partial(mathematics.real, "acosh")),
    "atanh": Function(1, 1, partial(mathematics.real, "atanh")),
    "asin": Function(1, 1, partial(mathematics.real, "asin")),
    **{
        name: Function(1, 1, partial(mathematics.real, name))
        for name in ("atan", "cos", "cosh", "degrees", "radians", "sin", "sinh", "tan", "tanh", "asinh")
    },
    "atan2": Function(2, 2, partial(mathematics.real, "atan2")),
    "random": Function(0, 0, _random),
    "randomblob": Function(1, 1, _randomblob),
    **{
        name: Function(0, 0, partial(_of_connection, name))
        for name in ("last_insert_rowid", "changes", "total_changes")
    },
    "sqlite_version": Function(0, 0, _of_release),
    "sqlite_source_id": Function(0, 0, partial(_of_release, source=True)),
    "sqlite_compileoption_used": Function(1, 1, _is_option),
    "likely": Function(1, 1, _hint),
    "unlikely": Function(1, 1, _hint),
    "likelihood": Function(2, 2, _hint),
    "printf": Function(1, None, _printf),
    "format": Function(1, None, _printf),
    "coalesce": Function(2, None, conditional.coalesce),
    "ifnull": Function(2, 2, conditional.coalesce),
    "iif": Function(2, None, conditional.iif),
    "if": Function(2, None, conditional.iif),
    "nullif": Function(2, 2, lambda values, context: conditional.nullif(values[0], values[1], context)),
    "min": Function(2, None, partial(conditional.extreme, "min")),
    "max": Function(2, None, partial(conditional.extreme, "max")),
    "like": Function(
        2,
        3,
        lambda values, context: text.like(values[1], values[0], context, values[2] if len(values) > 2 else None),
    ),
    "glob": Function(2, 2, lambda values, context: text.glob(values[1], values[0], context)),
    "upper": Function(1, 1, partial(text.change_case, "upper")),
    "lower": Function(1, 1, partial(text.change_case, "lower")),
    "length": Function(1, 1, text.length),
    "octet_length": Function(1, 1, text.octet_length),
    "substr": Function(2, 3, text.substr),
    "substring": Function(2, 3, text.substr),
    "instr": Function(2, 2, text.instr),
    "trim": Function(1, 2, partial(text.trim, "trim")),
    "ltrim": Function(1, 2, partial(text.trim, "ltrim")),
    "rtrim": Function(1, 2, partial(text.trim, "rtrim")),
    "replace": Function(3, 3, text.replacement),
    "concat": Function(1, None, text.concat),
    "concat_ws": Function(2, None, text.concat_ws),
    "unicode": Function(1, 1, text.unicode),
    "char": Function(0, None, text.char),
    "hex": Function(1, 1, text.hex),
    "unhex": Function(1, 1, text.unhex),
    "quote": Function(1, 1, text.quote),
    "typeof": Function(1, 1, text.typeof),
    "zeroblob": Function(1, 1, text.zeroblob),
    "json_valid": Function(1, 1, jsons.valid),
    "json": Function(1, 1, jsons.minified),
    "json_pretty": Function(1, 2, jsons.pretty),
    "json_extract": Function(2, None, jsons.extract),
    "arrow": Function(2, 2, jsons.arrow),
    "double_arrow": Function(2, 2, jsons.double_arrow),
    "json_type": Function(1, 2, jsons.kind_of),
    "json_array_length": Function(1, 2, jsons.array_length),
    "json_array": Function(0, None, jsons.array),
    "json_object": Function(0, None, jsons.object),
    "json_set": Function(1, None, partial(jsons.changed, "json_set")),
    "json_insert": Function(1, None, partial(jsons.changed, "json_insert")),
    "json_replace": Function(1, None, partial(jsons.changed, "json_replace")),
    "json_remove": Function(1, None, jsons.removed),
    "json_patch": Function(2, 2, jsons.patched),
    "json_quote": Function(1, 1, jsons.quote),
    "date": Function(0, None, partial(dates.moment, "date")),
    "time": Function(0, None, partial(dates.moment, "time")),
    "datetime": Function(0, None, partial(dates.moment, "datetime")),
    "julianday": Function(0, None, partial(dates.moment, "julianday")),
    "unixepoch": Function(0, None, partial(dates.moment, "unixepoch")),
    "strftime": Function(1, None, partial(dates.moment, "strftime")),
    "timediff": Function(2, 2, dates.difference),
    "current_date": Function(0, 0, lambda _, context: dates.current("current_date", context)),
    "current_time": Function(0, 0, lambda _, context: dates.current("current_time", context)),
    "current_timestamp": Function(0, 0, lambda _, context: dates.current("current_timestamp", context)),
}
