"""What an encoder is, and how it refuses a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Encoder = Callable[[Any], Any]


class NotRepresentable(ValueError):
    """The representation of the column does not allow this value.  The message never holds the value."""
