"""DEFAULT: a constant or expression that becomes a value of the column's own PostgreSQL type.

SQLite applies the column's affinity when the default is stored; here the value is converted once, into the type that
the plan chose: 0 becomes false for a boolean, a text a timestamp, a number text for a text column.  The invariant: a
row that takes the default holds the value that SQLite would have stored.
"""

from __future__ import annotations

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.reading.parsing import function_name, is_double_quoted, name_of
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.dialect.values import numbers
from pgraduate.dialect.values.assignment import assigned
from pgraduate.model.representation import Rule

_FORMS = {
    "date": "YYYY-MM-DD", "current_date": "YYYY-MM-DD", "datetime": "YYYY-MM-DD HH:MM:SS",
    "current_timestamp": "YYYY-MM-DD HH:MM:SS", "time": "HH:MM:SS", "current_time": "HH:MM:SS",
}  # fmt: skip
_SUBSTITUTIONS = (
    ("%Y", "YYYY"), ("%m", "MM"), ("%d", "DD"), ("%H", "HH"), ("%M", "MM"), ("%S", "SS"), ("%f", "SS.fff"),
    ("%F", "YYYY-MM-DD"), ("%T", "HH:MM:SS"), ("%R", "HH:MM"),
)  # fmt: skip


def default_value(column: ColumnView, context: Context) -> tuple[exp.Expr, Typed]:
    """Give the DEFAULT of a column; raise NotTranslated where the type cannot hold it."""
    source = context.parsed.tree.unnest()
    if isinstance(source, exp.Column) and source.args.get("table") is None:
        value = _word(source)
    else:
        value = context.translate(source, Scope())
    _check_form(source, column, context)
    if value.kind is Kind.TEXT and column.representation.rule in (Rule.INTEGER, Rule.EPOCH, Rule.NUMBER):
        value = _unix_seconds(source, value, context)
    return assigned(value, column, context), value


def _word(node: exp.Column) -> Typed:
    """A bare word or a double-quoted text is a string in a DEFAULT: no column can be named there."""
    name = name_of(node.this)
    if not is_double_quoted(node.this) and name.lower() in ("true", "false"):
        return numbers.constant_number(int(name.lower() == "true"))
    return Typed(tree.string(name), Kind.TEXT, "text", constant=name)


def _check_form(source: exp.Expr, column: ColumnView, context: Context) -> None:
    """Refuse a date function whose text is in another form than the one that the column gives back."""
    rule = column.representation.rule
    form = _form_of(source)
    if form is None or rule not in (Rule.TIMESTAMP, Rule.DATE):
        return
    recorded = column.representation.detail if rule is Rule.TIMESTAMP else "YYYY-MM-DD"
    start, _, rest = recorded.partition("[")
    optional, _, end = rest.partition("]")
    if form not in (start + end, start + optional + end) and not (optional == ".ffffff" and ".fff" in form):
        raise context.refused(
            f"a default in the form {form} for a column whose values have the form {recorded}",
            "keep the column as text, or set the default by hand in the schema file",
        )


def _form_of(source: exp.Expr) -> str | None:
    """Give the form of the text that a date function writes, None for any other expression."""
    if not isinstance(source, exp.Anonymous):
        return None
    name = function_name(source)
    if name != "strftime":
        return _FORMS.get(name)
    pattern = source.expressions[0].unnest() if source.expressions else None
    if not isinstance(pattern, exp.Literal):
        return None
    form = pattern.name
    for substitution, written in _SUBSTITUTIONS:
        form = form.replace(substitution, written)
    return form


def _unix_seconds(source: exp.Expr, value: Typed, context: Context) -> Typed:
    """strftime('%s', …) is a text of digits, which a numeric column stores as the INTEGER."""
    if _form_of(source) == "%s":
        return numbers.to_integer(value, context)
    return value
