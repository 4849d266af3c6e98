"""Text: concatenation, patterns, and the functions over characters.

SQLite's LIKE ignores case for the ASCII letters and nothing else, its upper() and lower() know only those letters,
and lengths and places count characters.  PostgreSQL does exactly that under the collation "C", so the stock functions
serve wherever their other rules agree.

Source: "SQL Language Expressions", section 5; "Built-In Scalar SQL Functions".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, predicate, typed
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import mixed, numbers


def concatenation(left: Typed, right: Typed, context: Context) -> Typed:
    """Translate `||`, which converts both sides to text."""
    left, right = numbers.to_text(left, context), numbers.to_text(right, context)
    if isinstance(left.constant, str) and isinstance(right.constant, str):
        joined = left.constant + right.constant
        return Typed(tree.string(joined), Kind.TEXT, "text", constant=joined)
    sides = (left.node if isinstance(left.node, exp.DPipe) else tree.operand(left.node), tree.operand(right.node))
    return _text(exp.DPipe(this=sides[0], expression=sides[1]), left, right)


def like(value: Typed, pattern: Typed, context: Context, escape: Typed | None = None) -> Typed:
    """Translate LIKE: ASCII letters match in either case, no escape character unless one is given."""
    value, pattern = numbers.to_text(value, context), numbers.to_text(pattern, context)
    if escape is not None and not _is_plain_escape(escape.constant, pattern.constant):
        escape = numbers.to_text(escape, context)
        return predicate(context.compat("like", pattern.node, value.node, escape.node))
    character = escape.constant if escape is not None and isinstance(escape.constant, str) else ""
    has_letters = not isinstance(pattern.constant, str) or re.search(r"[A-Za-z]", pattern.constant) is not None
    context.fired("like")
    operator = exp.ILike if has_letters else exp.Like
    subject = tree.operand(value.node if value.by_bytes or not has_letters else tree.by_bytes(value.node))
    if value.by_bytes or not has_letters:
        subject = tree.operand(value.node)
    match = operator(this=subject, expression=tree.operand(pattern.node))
    return predicate(exp.Escape(this=match, expression=tree.string(character)))


def _is_plain_escape(escape: object, pattern: object) -> bool:
    """Say whether PostgreSQL reads this escape as SQLite does: one sign that has no case, and not at the end."""
    if not isinstance(escape, str) or len(escape) != 1 or escape.isalpha() or not isinstance(pattern, str):
        return False
    return escape not in "%_" and (len(pattern) - len(pattern.rstrip(escape))) % 2 == 0


def glob(value: Typed, pattern: Typed, context: Context) -> Typed:
    """Translate GLOB; a constant pattern without character classes is a LIKE that minds the case."""
    value, pattern = numbers.to_text(value, context), numbers.to_text(pattern, context)
    context.fired("glob")
    if isinstance(pattern.constant, str) and "[" not in pattern.constant:
        escaped = re.sub(r"([!%_])", r"!\1", pattern.constant).replace("*", "%").replace("?", "_")
        match = exp.Like(this=tree.operand(value.node), expression=tree.string(escaped))
        return predicate(exp.Escape(this=match, expression=tree.string("!" if "!" in escaped else "")))
    return predicate(context.compat("glob", pattern.node, value.node))


def change_case(name: str, values: Sequence[Typed], context: Context) -> Typed:
    value = numbers.to_text(values[0], context)
    node = value.node if value.by_bytes else tree.by_bytes(value.node)
    return replace(typed(tree.call(name, node), Kind.TEXT), by_bytes=True)


def length(values: Sequence[Typed], context: Context) -> Typed:
    """Count the characters of a text or number, the bytes of a blob."""
    value = standard(values[0], context)
    if value.kind is Kind.BLOB:
        return typed(tree.call("octet_length", value.node), Kind.INTEGER, "integer")
    if value.kind is Kind.ANY:
        return typed(context.compat("any_length", value.node), Kind.INTEGER, "integer")
    return typed(tree.call("length", numbers.to_text(value, context).node), Kind.INTEGER, "integer")


def octet_length(values: Sequence[Typed], context: Context) -> Typed:
    value = standard(values[0], context)
    if value.kind is Kind.ANY:
        return typed(tree.call("octet_length", context.compat("any_blob", value.node)), Kind.INTEGER, "integer")
    node = value.node if value.kind is Kind.BLOB else numbers.to_text(value, context).node
    return typed(tree.call("octet_length", node), Kind.INTEGER, "integer")


def substr(values: Sequence[Typed], context: Context) -> Typed:
    """Cut out characters; a place of 1 or more is PostgreSQL's own, others need SQLite's rule.

    To SQLite an empty blob is NULL here.
    """
    value = standard(values[0], context)
    if value.kind is Kind.ANY:
        wide = [tree.cast(numbers.to_integer(place, context).node, "bigint") for place in values[1:]]
        return mixed.of_any_class(context.compat("any_substr", value.node, *wide), context)
    blob = value.kind is Kind.BLOB
    if blob:
        value = replace(value, node=tree.call("nullif", value.node, tree.cast(tree.string(""), "bytea")))
    else:
        value = numbers.to_text(value, context)
    places = [numbers.to_integer(place, context) for place in values[1:]]
    constants = [place.constant for place in places]
    if (
        isinstance(constants[0], int)
        and constants[0] >= 1
        and all(isinstance(c, int) and c >= 0 for c in constants)
    ):
        node = tree.call("substr", value.node, *(place.node for place in places))
    else:
        context.fired("substr")
        wide = [p.node if p.type == "bigint" else tree.cast(p.node, "bigint") for p in places]
        node = context.compat("substr", value.node, *wide)
    return typed(node, Kind.BLOB) if blob else _text(node, value)


def instr(values: Sequence[Typed], context: Context) -> Typed:
    """Find the place of the first occurrence, 0 without one."""
    one, other = standard(values[0], context), standard(values[1], context)
    if Kind.ANY in (one.kind, other.kind):
        sides = (mixed.in_form(one, context).node, mixed.in_form(other, context).node)
        return typed(context.compat("any_instr", *sides), Kind.INTEGER, "integer")
    if Kind.BLOB in (one.kind, other.kind):
        if one.kind is not other.kind:
            raise context.refused("instr() over a blob and another class")
        return typed(context.compat("instr", one.node, other.node), Kind.INTEGER, "integer")
    nodes = (numbers.to_text(one, context).node, numbers.to_text(other, context).node)
    return typed(tree.call("strpos", *nodes), Kind.INTEGER, "integer")


def trim(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Remove characters from the ends: spaces unless others are given."""
    texts = [numbers.to_text(value, context) for value in values]
    function = "btrim" if name == "trim" else name
    characters = texts[1].node if len(texts) > 1 else tree.string(" ")
    return _text(tree.call(function, texts[0].node, characters), texts[0])


def replacement(values: Sequence[Typed], context: Context) -> Typed:
    texts = [numbers.to_text(value, context) for value in values]
    return _text(tree.call("replace", *(text.node for text in texts)), *texts)


def concat(values: Sequence[Typed], context: Context) -> Typed:
    """Translate concat, which reads NULL as the empty text."""
    result = numbers.to_text(_nothing_for_null(values[0], context), context)
    for value in values[1:]:
        result = concatenation(result, _nothing_for_null(value, context), context)
    return result


def concat_ws(values: Sequence[Typed], context: Context) -> Typed:
    """Translate concat_ws, which passes over NULLs and is NULL where the separator is."""
    texts = [numbers.to_text(value, context) for value in values]
    if texts[0].kind is Kind.NULL:
        return numbers.null()
    nodes = [tree.cast(text.node, "text") if text.kind is Kind.NULL else text.node for text in texts]
    return _text(tree.call("concat_ws", *nodes), *texts)


def _nothing_for_null(value: Typed, context: Context) -> Typed:
    text = numbers.to_text(value, context)
    if text.is_constant or value.not_null:
        return text
    return _text(tree.call("coalesce", text.node, tree.string("")), text)


def unicode(values: Sequence[Typed], context: Context) -> Typed:
    """Give the code point of the first character, NULL for the empty text."""
    node = tree.call("nullif", tree.call("ascii", numbers.to_text(values[0], context).node), tree.integer(0))
    return typed(node, Kind.INTEGER, "integer")


def char(values: Sequence[Typed], context: Context) -> Typed:
    if not values:
        return Typed(tree.string(""), Kind.TEXT, "text", constant="")
    codes = [tree.cast(numbers.to_integer(value, context).node, "bigint") for value in values]
    return typed(context.compat("char", *codes), Kind.TEXT)


def hex(values: Sequence[Typed], context: Context) -> Typed:
    value = standard(values[0], context)
    if value.kind is not Kind.BLOB:
        context.require_utf8()
    if value.kind is Kind.ANY:
        value = typed(context.compat("any_blob", value.node), Kind.BLOB)
    node = value.node if value.kind is Kind.BLOB else numbers.to_text(value, context).node
    return typed(tree.call("coalesce", context.compat("hex", node), tree.string("")), Kind.TEXT)


def quote(values: Sequence[Typed], context: Context) -> Typed:
    """Write a value as an SQL literal, NULL as the word."""
    value = standard(values[0], context)
    if value.kind is Kind.ANY:
        return typed(tree.call("coalesce", context.compat("any_quote", value.node), tree.string("NULL")), Kind.TEXT)
    if value.kind is Kind.INTEGER:
        value = numbers.to_text(value, context)
        return typed(tree.call("coalesce", value.node, tree.string("NULL")), Kind.TEXT)
    return typed(tree.call("coalesce", context.compat("quote", value.node), tree.string("NULL")), Kind.TEXT)


def typeof(values: Sequence[Typed], context: Context) -> Typed:
    """Name the storage class."""
    value = values[0]
    if value.kind is Kind.ANY or value.keeps_class:
        return typed(context.compat("any_typeof", standard(value, context).node), Kind.TEXT)
    if value.kind is Kind.NULL:
        return Typed(tree.string("null"), Kind.TEXT, "text", constant="null")
    if value.kind is Kind.NUMBER:
        node = context.compat("typeof_number", standard(value, context).node)
        return typed(tree.call("coalesce", node, tree.string("null")), Kind.TEXT)
    name = value.kind.value
    if value.is_constant or value.not_null:
        return Typed(tree.string(name), Kind.TEXT, "text", constant=name)
    test = exp.Is(this=tree.operand(value.node), expression=exp.Null())
    return typed(tree.case((test, tree.string("null")), default=tree.string(name)), Kind.TEXT)


def zeroblob(values: Sequence[Typed], context: Context) -> Typed:
    return typed(
        context.compat("zeroblob", tree.cast(numbers.to_integer(values[0], context).node, "bigint")), Kind.BLOB
    )


def unhex(values: Sequence[Typed], context: Context) -> Typed:
    return typed(context.compat("unhex", numbers.to_text(values[0], context).node), Kind.BLOB)


def _text(node: exp.Expr, *parts: Typed) -> Typed:
    """Make a text that compares by bytes where a part that already does decides its collation."""
    return replace(typed(node, Kind.TEXT), by_bytes=any(part.by_bytes for part in parts))
