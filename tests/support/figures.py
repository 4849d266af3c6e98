"""The figures of a value that a page is made of: found, and taken away."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from pgraduate.model.figure import Figure

LETTERS = str.maketrans(string.digits, "abcdefghij")


def figures(value: Any) -> Iterator[Figure]:
    """Give every figure in a frozen value."""
    if isinstance(value, Figure):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for item in dataclasses.fields(value):
            yield from figures(getattr(value, item.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from figures(item)


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Rebuild a value with `change` applied to each of its figures and texts."""
    if isinstance(value, Figure) or (isinstance(value, str) and not isinstance(value, Enum)):
        return change(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {item.name: mapped(getattr(value, item.name), change) for item in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    return tuple(mapped(item, change) for item in value) if isinstance(value, tuple) else value


def without_digits(value: Any) -> Any:
    """Take a figure's value away, and the digits out of a text."""
    return dataclasses.replace(value, value=None) if isinstance(value, Figure) else value.translate(LETTERS)
