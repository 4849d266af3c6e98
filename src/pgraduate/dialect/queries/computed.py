"""The columns of sources that SQLite computes."""

from __future__ import annotations

from sqlglot import exp

from pgraduate.dialect.core.kinds import Kind, Typed
from pgraduate.dialect.core.names import ShapeColumn
from pgraduate.model.storage import Affinity


def text(name: str, *, target: str | None = None, refusal: str = "") -> ShapeColumn:
    value = Typed(exp.Null(), Kind.TEXT, "text", affinity=Affinity.TEXT, collation="BINARY")
    return ShapeColumn(name, target or name, value, refusal=refusal)


def integer(name: str, *, type: str = "integer", refusal: str = "") -> ShapeColumn:
    value = Typed(exp.Null(), Kind.INTEGER, type, affinity=Affinity.INTEGER)
    return ShapeColumn(name, name, value, refusal=refusal)


def mixed(name: str, *, json_type: str | None = None) -> ShapeColumn:
    """A column of values of several classes, beside which stand their readings as a text and as a number."""
    value = Typed(exp.Null(), Kind.ANY, "", affinity=Affinity.BLOB, collation="BINARY")
    return ShapeColumn(name, name, value, readings=(f"{name}_text", f"{name}_number"), json_type=json_type)
