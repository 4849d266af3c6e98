"""Rows that stood in the target before the run: kept, replaced, or a question.

The framework's recipe proposes what becomes of its own tables; for every other table with rows only a person knows.
"""

from __future__ import annotations

from typing import Literal

from pgraduate.model.census import Census
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.wording import counted
from pgraduate.schema.docket import Docket
from pgraduate.schema.existing.matching import Pair
from pgraduate.schema.existing.questions import Facts, proposal_for
from pgraduate.schema.recipes import Recipe

Residents = Literal["none", "keep", "replace"]

_KEEP = "the target's rows stay, and the source's rows are not loaded"
_REPLACE = "the target's rows are put aside, which undo brings back, and the source's are loaded"


def settle(
    pair: Pair, census: Census, facts: Facts, recipes: tuple[Recipe, ...], schema: str, docket: Docket
) -> Residents:
    """Decide what becomes of the rows that a table holds; 'none' where it is empty."""
    rows = facts.rows.get(pair.target.name, 0)
    if rows == 0:
        return "none"
    name, source_rows = pair.target.name, census.table(pair.source.name).rows
    if source_rows == 0:
        docket.find(
            "RESIDENTS_KEPT", Severity.INFO, f"{schema}.{name}", "the target's rows stay; the source has none"
        )
        return "keep"
    known = proposal_for(recipes, name)
    drift = facts.drift.get(name)
    evidence = f"{counted(rows, 'row')} in the target, {counted(source_rows, 'row')} in the source"
    if known:
        recipe, proposal = known
        evidence += f"; {recipe.name}: {proposal.why}"
    if drift is not None:
        evidence += f"; {drift.only_source:,} stand only in the source, {drift.only_target:,} only in the target"
    same = drift is not None and drift.only_source == 0 and drift.only_target == 0
    safe = known[1].residents if known and (drift is None or same) else None
    answer = docket.ask(
        f"rows:{schema}.{name}",
        f"Table {name} of the target holds rows already. What shall become of them?",
        evidence,
        (Option("keep", _KEEP, leaves_behind=not same), Option("replace", _REPLACE)),
        safe=safe,
    )
    return "replace" if answer == "replace" else "keep"
