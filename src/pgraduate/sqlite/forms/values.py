"""What a form is asked about, and how it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Value = int | float | str | bytes
Check = Callable[[Value], bool]
Takes = Literal["integer", "real", "number", "text"]
"""The storage classes that a form takes; a number is an integer or a real."""
