"""Frozen dataclasses to JSON and back, by their own type hints.

Plans, decisions and findings travel through the journal and the target as JSON.  The invariant:
`from_json(T, to_json(x)) == x` for every dataclass of the model.  Unknown keys are ignored, so that a newer
version's record can be read by an older one.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """Turn dataclasses, enums, tuples and mappings into what `json.dumps` accepts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[T], data: Any) -> T:
    """Build a dataclass of the model from what `to_json` made of it."""
    return cast("T", _build(kind, data))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if data is None:
            return None
        candidates = [item for item in typing.get_args(kind) if item is not type(None)]
        return _build(candidates[0], data) if len(candidates) == 1 else data
    if origin is tuple:
        return tuple(_build(typing.get_args(kind)[0], item) for item in data)
    if origin is dict:
        return {key: _build(typing.get_args(kind)[1], item) for key, item in data.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if dataclasses.is_dataclass(kind):
        hints = _hints(cast("type", kind))
        known = {field.name for field in dataclasses.fields(kind)}
        return cast("Any", kind)(
            **{name: _build(hints[name], item) for name, item in data.items() if name in known}
        )
    return data
