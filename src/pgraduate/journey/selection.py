"""What a run demands of its selection: that its words mean something, and that a resume does not change them."""

from __future__ import annotations

from collections.abc import Sequence

from pgraduate.errors import Refused, UsageError
from pgraduate.model.plan import SchemaPlan
from pgraduate.schema.selection import UNUSED
from pgraduate.settings import Settings


def require_known_words(plans: Sequence[SchemaPlan]) -> None:
    """Raise UsageError for a word of the selection that names nothing in any source: it may be misspelt."""
    unused = [{item.where for item in plan.findings if item.code == UNUSED} for plan in plans]
    nowhere = sorted(set.intersection(*unused)) if unused else []
    if nowhere:
        raise UsageError(
            f"the selection names what no source has: {', '.join(nowhere)}",
            where="--include, --exclude, --rename, --filter or pgraduate.toml",
            hint="`pgraduate assess` without a selection lists the tables and columns",
        )


def require_same_selection(settings: Settings, run_id: str, plans: Sequence[SchemaPlan]) -> None:
    """Raise Refused where a run is resumed with another selection than the one by which it began."""
    if any(plan.selection != settings.selection for plan in plans):
        raise Refused(
            f"run {run_id} began with another selection of tables, columns and rows",
            where=run_id,
            hint=f"the command that began it resumes it; `pgraduate undo {run_id}` takes it back",
        )
