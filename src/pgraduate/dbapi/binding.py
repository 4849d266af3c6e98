"""Python's values on their way to the server: adapted as sqlite3 adapts them, each with its storage class."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from pgraduate.model.storage import StorageClass

CLASSES: dict[type, StorageClass] = {
    type(None): StorageClass.NULL,
    int: StorageClass.INTEGER,
    float: StorageClass.REAL,
    str: StorageClass.TEXT,
    bytes: StorageClass.BLOB,
}
_AS_IT_IS = frozenset({type(None), str, bytes})
_LEAST, _BEYOND = -(2**63), 2**63


def bound(parameters: Sequence[Any]) -> tuple[Any, ...]:
    """Give the values that SQLite would bind: None, int, float, str and bytes, of exactly these types.

    Raises sqlite3.ProgrammingError for a type that has no adapter and OverflowError for an integer beyond 64 bits.
    """
    return tuple(
        value if type(value) in _AS_IT_IS else _plain(value, place) for place, value in enumerate(parameters, 1)
    )


def _plain(value: Any, place: int | str) -> Any:
    kind = type(value)
    if kind is int:
        if _LEAST <= value < _BEYOND:
            return value
        raise OverflowError("Python int too large to convert to SQLite INTEGER")
    if kind not in CLASSES:
        value = _adapted(value)
    match value:
        case None:
            return None
        case int():
            return _plain(int(value), place)
        case float():
            # SQLite has no NaN: it binds NULL.
            return float(value) if value == value else None
        case str():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value)
    said = f"Error binding parameter {place}: type '{kind.__name__}' is not supported"
    raise sqlite3.ProgrammingError(said)


def _adapted(value: Any) -> Any:
    adapter = sqlite3.adapters.get((type(value), sqlite3.PrepareProtocol))
    if adapter is not None:
        return adapter(value)
    conform = getattr(value, "__conform__", None)
    if conform is not None:
        found = conform(sqlite3.PrepareProtocol)
        if found is not None:
            return found
    return value


def named(parameters: Mapping[str, Any], labels: Sequence[str]) -> tuple[Any, ...]:
    """Give the values of named parameters in the order of their numbers.

    Raises sqlite3.ProgrammingError in SQLite's words where one is missing.
    """
    values = []
    for label in labels:
        name = label[1:]
        try:
            values.append(parameters[name])
        except KeyError:
            raise sqlite3.ProgrammingError(f"You did not supply a value for binding parameter :{name}.") from None
    return tuple(values)
