"""Dates and times: SQLite's functions over ISO texts, Julian days and Unix times.

The functions themselves are compat functions, because modifiers, overflow of months and the accepted texts are
SQLite's own.  Each exists twice: by its own name it knows 'now' and is STABLE; as `fixed_…` it is IMMUTABLE and
raises an error at 'now', as SQLite does in an index.  The invariant: `fixed_…` is chosen where the arguments show
that 'now' cannot occur, or where only an immutable result may stand.

Source: "Date And Time Functions".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, typed
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import numbers
from pgraduate.model.representation import Rule

_KINDS = {
    "date": Kind.TEXT, "time": Kind.TEXT, "datetime": Kind.TEXT, "strftime": Kind.TEXT, "julianday": Kind.REAL,
    "unixepoch": Kind.INTEGER,
}  # fmt: skip
_FIXED_RULES = frozenset({Rule.DATE, Rule.TIMESTAMP, Rule.EPOCH, Rule.INTEGER, Rule.REAL, Rule.NUMBER})
_NOW = tree.string("now")


def moment(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Translate date, time, datetime, julianday, unixepoch and strftime."""
    context.fired("date function")
    values = list(values)
    leading = [numbers.to_text(values.pop(0), context).node] if name == "strftime" else []
    value = values[0] if values else Typed(_NOW, Kind.TEXT, "text", constant="now")
    modifiers = values[1:]
    fixed = _never_now(value)
    if not fixed and value.constant == "now":
        context.changes(f"{name}('now')")
    function = f"fixed_{name}" if fixed or context.immutable else name
    kind = _KINDS[name]
    if name == "unixepoch" and any(modifier.constant in ("subsec", "subsecond") for modifier in modifiers):
        function, kind = f"{function}_subsec", Kind.REAL
    arguments = [*leading, _time_value(value, context), *(numbers.to_text(m, context).node for m in modifiers)]
    never_number = name in ("date", "time", "datetime")
    return replace(typed(context.compat(function, *arguments), kind), never_number=never_number)


def difference(values: Sequence[Typed], context: Context) -> Typed:
    """Translate timediff, the modifier that leads from the second moment to the first."""
    context.fired("date function")
    fixed = all(map(_never_now, values))
    if not fixed and any(value.constant == "now" for value in values):
        context.changes("timediff('now')")
    name = "fixed_timediff" if fixed or context.immutable else "timediff"
    return typed(context.compat(name, *(_time_value(value, context) for value in values)), Kind.TEXT)


def current(name: str, context: Context) -> Typed:
    """Translate CURRENT_DATE, CURRENT_TIME and CURRENT_TIMESTAMP: UTC texts."""
    function = {"current_date": "date", "current_time": "time", "current_timestamp": "datetime"}[name]
    return moment(function, [], context)


def _never_now(value: Typed) -> bool:
    if isinstance(value.constant, str):
        return value.constant.strip().lower() != "now"
    if value.representation is not None:
        return value.representation.rule in _FIXED_RULES
    return value.kind in (Kind.INTEGER, Kind.REAL, Kind.NUMBER, Kind.NULL)


def _time_value(value: Typed, context: Context) -> exp.Expr:
    """Give the time value as text; a REAL keeps all its digits."""
    value = standard(value, context)
    if value.kind is Kind.REAL:
        return tree.cast(value.node, "text")
    return numbers.to_text(value, context).node
