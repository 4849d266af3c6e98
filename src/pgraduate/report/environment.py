"""Jinja, narrowed to what a report may do: print texts, and print Figures as numbers.

`finalize` sees every printed value and refuses a bare number, so a template cannot print what no step measured.
Jinja's own filters are taken away, because several of them turn a number into a text (`length | string`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Undefined
from markupsafe import Markup

from pgraduate.model.figure import Figure
from pgraduate.report import connect
from pgraduate.report.svg import bar_chart
from pgraduate.report.text import (
    markdown,
    markdown_block,
    markdown_cell,
    markdown_code,
    moment,
    printable,
    printable_block,
)


@cache
def html_environment(package: str = "pgraduate.report") -> Environment:
    """Make the environment of a package's pages: everything is escaped, a figure tells its step when pointed at."""
    environment = _environment(_html, package, autoescape=True)
    environment.filters |= {"block": lambda text: Markup.escape(printable_block(text))}
    environment.globals["bar_chart"] = bar_chart
    return environment


@cache
def markdown_environment(package: str = "pgraduate.report") -> Environment:
    """Make the environment of a package's Markdown, whose `finalize` does the escaping."""
    environment = _environment(_markdown, package, autoescape=False)
    environment.filters |= {
        "code": lambda text: Markup(markdown_code(text)),
        "cell": lambda text: Markup(markdown_cell(text)),
        "block": lambda text, language: Markup(markdown_block(text, language)),
    }
    return environment


def _environment(finalize: Callable[[object], object], package: str, *, autoescape: bool) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("pgraduate.report")]),
        autoescape=autoescape,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters = {"moment": moment, "plain": _without_unit}
    environment.globals = {
        "psql": connect.psql,
        "python": connect.python,
        "transport": connect.transport,
    }
    return environment


def _without_unit(figure: Figure) -> Figure:
    """Give the same figure for a column whose head names the unit."""
    return dataclasses.replace(figure, unit="")


def _html(value: object) -> object:
    if isinstance(value, Figure):
        if value.value is None:
            return Markup('<span class="unmeasured">{}</span>').format(str(value))
        return Markup('<span class="figure" title="measured by {}">{}</span>').format(
            printable(value.step), str(value)
        )
    return _text(value, printable)


def _markdown(value: object) -> object:
    return str(value) if isinstance(value, Figure) else _text(value, markdown)


def _text(value: object, escape: Callable[[str], str]) -> object:
    """Pass markup and escape text; anything else has no business on a page.

    Raises TypeError for a number that is not a Figure, and for any other value that is not a text.
    """
    if isinstance(value, (Markup, Undefined)):
        return value
    if isinstance(value, str):
        return escape(value)
    raise TypeError(f"a report prints texts and Figures, not {type(value).__name__}")
