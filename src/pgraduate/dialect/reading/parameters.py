"""Parameters get their numbers before anything is parsed.

A rewrite may move, repeat or drop a marker; only a number that was fixed beforehand keeps each marker bound to its
value.  SQLite's rule: `?` takes the number after the largest used so far, `?N` is number N, a name takes a number at
its first use.  The invariant: the tree never holds a marker without a number, and PostgreSQL's `$N` is SQLite's N.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PREFIX = "p"


@dataclass(slots=True)
class Numbering:
    """Gives the number of each marker of one statement, in the order of the text."""

    names: dict[str, int] = field(default_factory=dict)
    largest: int = 0

    def number(self, marker: str) -> int:
        """Give a marker's number; `marker` is written as in SQLite, with its prefix."""
        if marker == "?":
            self.largest += 1
            return self.largest
        if marker.startswith("?"):
            number = int(marker[1:])
        else:
            number = self.names.setdefault(marker, self.largest + 1)
        self.largest = max(self.largest, number)
        return number

    def labels(self) -> tuple[str, ...]:
        """Give for each number the name it was written with, or `?N`."""
        named = {number: name for name, number in self.names.items()}
        return tuple(named.get(number, f"?{number}") for number in range(1, self.largest + 1))
