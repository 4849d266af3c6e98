"""Which verdict the evidence allows.

The journal's own verdict is believed only where the rest of the journal bears it out: a report never says equal
when a table differs, when fewer tables were compared than planned, or when the comparison did not end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgraduate.model.figure import Figure
from pgraduate.model.result import Verdict
from pgraduate.report.model import StepReport, TableReport

EXIT_CODES: dict[int, str] = {
    0: "everything arrived and was compared, value by value",
    1: "stopped by an error",
    2: "the command or pgraduate.toml asks for something that does not exist",
    3: "the data is equal, and something asks for your attention",
    4: "the target does not hold what the source holds",
    5: "refused before anything was written",
    6: "the source cannot be read whole",
    7: "the target cannot be reached, or cannot hold the result",
    8: "interrupted; the same command resumes",
    130: "stopped by hand",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    verdict: Verdict
    why: tuple[str, ...]
    exit_code: Figure


def judge(
    steps: Sequence[StepReport],
    *,
    comparing: StepReport | None,
    stated: str | None,
    why: tuple[str, ...],
    exit_code: Figure,
    tables: Sequence[TableReport],
    planned: Figure,
) -> Judgement:
    """Weigh the verdict that the comparing step stated against what else the journal holds.

    `comparing` is the verify step whose results still speak of the target, None where there is none; `planned`
    is how many tables the plan wants compared.
    """
    differing = any(table.verdict is Verdict.DIFFERENT for table in tables)
    if differing or stated == Verdict.DIFFERENT:
        sentences = why if stated == Verdict.DIFFERENT and why else ("A comparison found rows that differ.",)
        code = exit_code if stated == Verdict.DIFFERENT else _unmeasured(exit_code)
        return Judgement(Verdict.DIFFERENT, sentences, code)
    doubt = _doubt(steps, comparing, stated, tables, planned)
    if doubt is None:
        return Judgement(Verdict.EQUAL, why, exit_code)
    if stated == Verdict.INCOMPLETE:
        return Judgement(Verdict.INCOMPLETE, why or (doubt,), exit_code)
    return Judgement(Verdict.INCOMPLETE, (doubt,), steps[-1].exit_code if steps else _unmeasured(exit_code))


def _doubt(
    steps: Sequence[StepReport],
    comparing: StepReport | None,
    stated: str | None,
    tables: Sequence[TableReport],
    planned: Figure,
) -> str | None:
    """Say what keeps the data from being called equal; None where nothing does."""
    if not steps:
        return "No step has begun."
    decisive = comparing or steps[-1]
    if decisive.outcome == "not ended":
        return f"The step {decisive.name} has begun and not ended: it was interrupted, or it is still at work."
    if decisive.outcome == "failed":
        return f"The step {decisive.name} stopped with {decisive.code}."
    if comparing is None:
        return "Nothing has been compared since the last change to the target."
    if stated is None:
        return f"The step {comparing.name} gave no verdict."
    if stated != Verdict.EQUAL:
        return f"The step {comparing.name} could not compare everything."
    if any(table.verdict is Verdict.INCOMPLETE for table in tables):
        return "A table was copied and not compared."
    if planned.value is not None and planned.value > len(tables):
        return "The plan holds tables that were not compared."
    return None


def _unmeasured(figure: Figure) -> Figure:
    return Figure(figure.name, None, figure.unit, "")
