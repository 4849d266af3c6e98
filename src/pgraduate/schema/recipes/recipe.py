"""What is known of a framework's own tables: data, so that adding a framework needs no code elsewhere.

A recipe proposes; a person's answer in pgraduate.toml goes before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Residents = Literal["keep", "replace"]
"""What becomes of rows that the framework has written into the target before the run."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`key` are the columns by which the rows of both sides are compared; () where they cannot be."""

    residents: Residents
    why: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """`signs` are tables that together tell the framework; `tables` its own, with what becomes of their rows."""

    name: str
    signs: frozenset[str]
    tables: Mapping[str, Proposal] = field(default_factory=dict)
    page: str = ""
    """Its page in docs/recipes/."""

    def fits(self, tables: Mapping[str, frozenset[str]]) -> bool:
        """Tell whether the signs stand there, with the columns that this recipe would compare."""
        return self.signs <= tables.keys() and all(
            set(self.tables[name].key) <= tables[name] for name in self.signs if name in self.tables
        )


def state(key: tuple[str, ...]) -> Proposal:
    """Propose to keep the list of migrations: it says how the target's schema was made, and must be the source's."""
    return Proposal("keep", "the target's own list of migrations says how its schema was made", key)
