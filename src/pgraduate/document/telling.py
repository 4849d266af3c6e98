"""From evidence to a Story: each part asks the journal its own question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgraduate.document.commands import Command
from pgraduate.document.evidence import Evidence
from pgraduate.document.future import calendar, next_steps
from pgraduate.document.lessons import lessons
from pgraduate.document.metrics import metrics, obstacles
from pgraduate.document.phases import phases
from pgraduate.document.statistics import UNITS
from pgraduate.document.story import Rollback, Story, Timing, Words, WrittenCommand
from pgraduate.model.figure import Figure
from pgraduate.report import vocabulary
from pgraduate.report.facts import Fact

_BEFORE, _AFTER = " before", " after"


def tell(evidence: Evidence, known: Sequence[Command], rehearsal: Fact | None, rehearsed_at: str | None) -> Story:
    """Tell a run's story.  `rehearsal` is the undo of an earlier run of the same sources, where there was one."""
    measured = metrics(evidence)
    return Story(
        report=evidence.report,
        title=", ".join(source.name for source in evidence.report.sources) or "The database",
        phases=phases(evidence),
        statistics=_figures(evidence.last(vocabulary.STATISTICS), UNITS),
        timings=(*(_timing(fact) for fact in evidence.facts(vocabulary.TIMING)), *_timed_steps(evidence)),
        tests=_figures(
            evidence.last(vocabulary.TESTS), {"passed before": "", "passed after": "", "failed after": ""}
        ),
        code=_figures(
            evidence.last(vocabulary.CODE), {"files": "", "lines added": "", "lines removed": "", "commits": ""}
        ),
        metrics=measured,
        rollback=_rollback(evidence, rehearsal, rehearsed_at),
        lessons=lessons(evidence),
        calendar=calendar(evidence),
        next_steps=next_steps(evidence),
        commands=tuple(_written(evidence, command) for command in known),
        archives=tuple(_archive(fact) for fact in evidence.archives()),
        obstacles=obstacles(evidence, measured),
    )


def _figures(fact: Fact | None, units: dict[str, str]) -> tuple[Figure, ...]:
    """Give one figure per name, unmeasured where the fact lacks it."""
    found = fact or Fact()
    return tuple(found.figure(name, unit) for name, unit in units.items())


def _timed_steps(evidence: Evidence) -> Iterator[Timing]:
    """Pair the figures `<what> before` and `<what> after` that one step measured in seconds."""
    for step in evidence.report.steps:
        found = {figure.name: figure for figure in step.figures if figure.unit == "seconds"}
        for name, before in found.items():
            what = name.removesuffix(_BEFORE)
            after = found.get(f"{what}{_AFTER}")
            if what != name and after is not None and before.value is not None:
                yield Timing(f"{step.name}: {what}", before, after)


def _timing(fact: Fact) -> Timing:
    return Timing(fact.text("what"), fact.figure("before", "seconds"), fact.figure("after", "seconds"))


def _written(evidence: Evidence, command: Command) -> WrittenCommand:
    """Find the last successful execution of exactly this text."""
    for fact in reversed(list(evidence.facts(vocabulary.COMMAND))):
        if fact.text("text") == command.text and fact.value.get("exit_code") in command.success:
            return WrittenCommand(command, fact.step, evidence.when(fact))
    return WrittenCommand(command, None, None)


def _archive(fact: Fact) -> Words:
    return (
        f"{fact.text('source')}: ",
        fact.figure("rows", "rows"),
        ", packed to ",
        fact.figure("packed_bytes", "bytes"),
        f", in {fact.text('name')}, digest {fact.text('digest')}",
    )


def _rollback(evidence: Evidence, rehearsal: Fact | None, rehearsed_at: str | None) -> Rollback:
    ways = [f"pgraduate undo {evidence.report.run_id}"]
    if evidence.stands("archive.retire"):
        ways.append("pgraduate undo archive")
    if rehearsal is None:
        return Rollback(tuple(ways), None, ())
    return Rollback(tuple(ways), rehearsed_at, ("it took ", rehearsal.figure("seconds", "seconds")))
