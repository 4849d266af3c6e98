"""JSON: SQLite keeps it as text and gives each element the class of its JSON type.

The class of an extracted element is known only at run time, so that it is a value of any class; beside it the translation
keeps the JSON that new JSON takes up for it, because an object or array stays one there.

Source: "JSON Functions And Operators".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Kind, Typed, predicate, typed
from pgraduate.dialect.core.render import standard
from pgraduate.dialect.values import mixed, numbers


def valid(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_valid with its plain meaning, canonical JSON."""
    return predicate(context.compat("json_valid", _document(values[0], context)))


def minified(values: Sequence[Typed], context: Context) -> Typed:
    node = context.compat("json_part", _document(values[0], context), tree.string("$"))
    return replace(typed(node, Kind.TEXT), is_json=True)


def pretty(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_pretty; four spaces where no other indent is given."""
    part = context.compat("json_part", _document(values[0], context), tree.string("$"))
    indent = tree.string(" " * 4)
    given = _text(values[1], context) if len(values) > 1 else None
    indents = indent if given is None else tree.call("coalesce", given, indent)
    return typed(context.compat("json_pretty", part, indents), Kind.TEXT)


def extract(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_extract; with several paths it gives an array, in which a missing element is null."""
    if len(values) > 2:
        document = _document(values[0], context)
        parts = [context.compat("json_part", document, _text(path, context)) for path in values[1:]]
        return _joined("[", [[tree.call("coalesce", part, tree.string("null"))] for part in parts], "]")
    return _element(values[0], _text(values[1], context), context)


def arrow(values: Sequence[Typed], context: Context) -> Typed:
    """Translate `->`, which gives JSON."""
    node = context.compat("json_part", _document(values[0], context), _path(values[1], context))
    return replace(typed(node, Kind.TEXT), is_json=True)


def double_arrow(values: Sequence[Typed], context: Context) -> Typed:
    """Translate `->>`, which gives a value of SQL."""
    return _element(values[0], _path(values[1], context), context)


def kind_of(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_type."""
    paths = [_text(value, context) for value in values[1:]]
    return typed(context.compat("json_type", _document(values[0], context), *paths), Kind.TEXT)


def array_length(values: Sequence[Typed], context: Context) -> Typed:
    paths = [_text(value, context) for value in values[1:]]
    node = context.compat("json_array_length", _document(values[0], context), *paths)
    return typed(node, Kind.INTEGER, "integer")


def quoted(value: Typed, context: Context) -> exp.Expr:
    """Write a value as JSON: text that is JSON already stays, NULL is the word null."""
    if value.is_json:
        return tree.call("coalesce", value.node, tree.string("null"))
    if value.kind is Kind.BLOB:
        raise context.refused("a blob inside JSON")
    if value.kind is Kind.ANY:
        known = value.as_json
        json = known if known is not None else context.compat("any_json", standard(value, context).node)
        return tree.call("coalesce", json, tree.string("null"))
    text = numbers.to_text(value, context)
    if not value.kind.is_numeric:
        text = replace(text, node=context.compat("json_quote", text.node))
    return tree.call("coalesce", text.node, tree.string("null"))


def array(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_array."""
    context.fired("json")
    return _joined("[", [[quoted(value, context)] for value in values], "]")


def object(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_object."""
    if len(values) % 2:
        raise context.refused("json_object() with an odd number of arguments")
    context.fired("json")
    pairs = zip(values[::2], values[1::2], strict=True)
    return _joined(
        "{", [[_key(key, context), tree.string(":"), quoted(value, context)] for key, value in pairs], "}"
    )


def changed(name: str, values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_set, json_insert and json_replace: one change after the other."""
    if len(values) % 2 == 0:
        raise context.refused(f"{name}() with {len(values)} arguments")
    context.fired("json")
    node = context.compat("json_part", _document(values[0], context), tree.string("$"))
    for place, (path, value) in enumerate(zip(values[1::2], values[2::2], strict=True)):
        before = node if place else _document(values[0], context)
        node = context.compat(name, before, _text(path, context), quoted(value, context))
    return replace(typed(node, Kind.TEXT), is_json=True)


def removed(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_remove."""
    context.fired("json")
    node = _document(values[0], context)
    if len(values) == 1:
        node = context.compat("json_part", node, tree.string("$"))
    for path in values[1:]:
        node = context.compat("json_remove", node, _text(path, context))
    return replace(typed(node, Kind.TEXT), is_json=True)


def patched(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_patch."""
    context.fired("json")
    node = context.compat("json_patch", _document(values[0], context), _document(values[1], context))
    return replace(typed(node, Kind.TEXT), is_json=True)


def quote(values: Sequence[Typed], context: Context) -> Typed:
    """Translate json_quote."""
    return replace(typed(quoted(values[0], context), Kind.TEXT), is_json=True)


def _key(value: Typed, context: Context) -> exp.Expr:
    return context.compat("json_quote", numbers.to_text(value, context).node)


def _joined(opening: str, items: Sequence[Sequence[exp.Expr]], closing: str) -> Typed:
    parts: list[exp.Expr] = [tree.string(opening)]
    for place, item in enumerate(items):
        if place:
            parts.append(tree.string(","))
        parts.extend(item)
    parts.append(tree.string(closing))
    node = parts[0]
    for part in parts[1:]:
        node = exp.DPipe(this=node, expression=tree.operand(part))
    return replace(typed(node, Kind.TEXT), is_json=True)


def _element(document: Typed, path: exp.Expr, context: Context) -> Typed:
    context.fired("json")
    arguments = (_document(document, context), path)
    node = context.compat("json_value", *arguments)
    return replace(mixed.of_any_class(node, context), element=(node, context.compat("json_inner", *arguments)))


def _document(value: Typed, context: Context) -> exp.Expr:
    return numbers.to_text(value, context).node


def _text(value: Typed, context: Context) -> exp.Expr:
    return numbers.to_text(value, context).node


def _path(value: Typed, context: Context) -> exp.Expr:
    if isinstance(value.constant, str):
        path = value.constant if value.constant.startswith("$") else f'$."{value.constant}"'
        return tree.string(path)
    if isinstance(value.constant, int):
        return tree.string(f"$[{value.constant}]" if value.constant >= 0 else f"$[#{value.constant}]")
    if value.kind is not Kind.INTEGER:
        raise context.refused("-> with a key that is not a constant")
    return context.compat("json_path", _text(value, context))
