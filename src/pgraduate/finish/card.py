"""The summary on one card: a headline that the evidence allows, and the figures that carry it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pgraduate.document import Story
from pgraduate.model.figure import Figure
from pgraduate.model.result import Verdict
from pgraduate.report.model import total
from pgraduate.report.text import printable


@dataclass(frozen=True, slots=True)
class Card:
    """`large` are the three figures that one sees first, `lines` the others."""

    title: str
    headline: str
    good: bool
    large: tuple[tuple[str, Figure], ...]
    lines: tuple[tuple[str, Figure], ...]
    open: tuple[str, ...]
    footer: str


def card_of(story: Story) -> Card:
    report = story.report
    return Card(
        title=printable(story.title),
        headline=_headline(story),
        good=story.ready,
        large=(
            ("rows compared", report.totals.rows),
            ("values compared", report.totals.cells),
            ("rows that differ", report.totals.differing),
        ),
        lines=(
            *((_NAMES.get(figure.name, figure.name), figure) for figure in story.statistics),
            ("time worked", total("worked", "seconds", (item.worked for item in story.phases if item.verbs))),
            *((f"code: {figure.name}", figure) for figure in story.code),
        ),
        open=tuple(printable(sentence) for sentence in story.obstacles),
        footer=f"run {report.run_id}, pgraduate {report.version}",
    )


_NAMES = {"bytes": "size"}


def _headline(story: Story) -> str:
    """Say no more than was proven."""
    if story.report.verdict is not Verdict.EQUAL:
        return "On the way to PostgreSQL"
    return "Graduated to PostgreSQL" if story.ready else "Moved, not ready for production"


def shown(figure: Figure) -> str:
    """Write a figure whose label names what is counted: a unit that is not a measure is left out."""
    return str(replace(figure, unit="") if figure.unit in ("rows", "cells") else figure)


def plain(card: Card) -> str:
    """Write the card as text for any terminal, file or pipe."""
    lines = [f"{card.title}: {card.headline}", ""]
    lines += [f"  {name:<20} {shown(figure)}" for name, figure in (*card.large, *card.lines)]
    if card.open:
        lines += ["", *(f"  open: {sentence}" for sentence in card.open)]
    return "\n".join([*lines, "", f"  {card.footer}"])
