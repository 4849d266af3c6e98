"""What it takes to read one column: the SQL around it, the type on the wire, and what makes cells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pgraduate.model.cell import Cell, unreadable

Decode = Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Reading:
    """`sql` wraps the column (`{}`) in the query, `wire` is the type that arrives.

    `natural` reads a value that is not NULL; None means that it arrives as it is read.  `kept` reads it as a class
    that pgraduate.kept_class names.
    """

    sql: str
    wire: str
    natural: Decode | None
    kept: Callable[[Any, str], Cell]


def fixed(sql: str, wire: str, natural: Decode | None, only: str) -> Reading:
    """Make the reading of a representation that has one class: another class kept beside it is a difference."""

    def kept(value: Any, name: str) -> Cell:
        cell = natural(value) if natural else value
        return cell if name == only else unreadable((name, cell))

    return Reading(sql, wire, natural, kept)
