"""Which part of a source a person wants to carry, and by what names.

A selection is part of the plan that the target records: a resume, a verification next month and `--since` read it
there, and compare what was selected and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Selection:
    """Patterns are `table`, `view` or `table.column`, with `*`, `?` and `[…]` as in file names; ASCII case does not
    matter.  Keys of `rename` and `filters` are names, not patterns.  Each may begin with the schema's name."""

    include: tuple[str, ...] = ()
    """Where there is one, nothing else is carried."""
    exclude: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    """A table, view or `table.column` to its name in PostgreSQL."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """A table to a SQLite expression: only rows for which it is true are carried."""
    rowids: tuple[str, ...] = ()
    """Patterns of tables without an INTEGER PRIMARY KEY whose rowids are carried as a column."""

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude or self.rename or self.filters or self.rowids)
