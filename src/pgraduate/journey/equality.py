"""What the verdict "equal" says of the types that a plan chose.

A value of SQLite's storage class in PostgreSQL's type of the same kind is equal when it is the same value.  Under the
policy `rich` other types stand for texts and numbers, and under every policy jsonb does: then the verdict names for
each type what was compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pgraduate.model.plan import SchemaPlan
from pgraduate.model.representation import EQUIVALENCES, MEANINGS
from pgraduate.model.wording import counted


@dataclass(frozen=True, slots=True)
class Equality:
    """`type` is PostgreSQL's without its arguments, `columns` counts the columns that stand by it."""

    type: str
    columns: int
    means: str

    def __str__(self) -> str:
        return f"{self.type} ({counted(self.columns, 'column')}): {self.means}"


def equalities(plans: Iterable[SchemaPlan]) -> tuple[Equality, ...]:
    """Name each type with its meaning, in the order of the types' names."""
    counts = Counter(
        (column.type.partition("(")[0], MEANINGS[column.representation.rule])
        for plan in plans
        for table in plan.tables
        for column in table.columns
        if column.representation.rule in (MEANINGS if plan.policy == "rich" else EQUIVALENCES)
    )
    return tuple(Equality(type, count, means) for (type, means), count in sorted(counts.items()))
