"""What a command prints: one JSON document, or text for people; errors with what, where and what to try next."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from typing import Any

import click

from pgraduate.errors import PgraduateError
from pgraduate.model.wording import visible

SCHEMA_VERSION = 1

_COMMANDS = re.compile(r"(?:\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff])")
"""Characters that a terminal obeys, but for line ends, tabs and colours."""


def emit(document: dict[str, Any], text: Callable[[dict[str, Any]], str], *, as_json: bool) -> int:
    """Print a result and give the exit code that it asks for."""
    if as_json:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        say(text(document))
    return int(document.get("exit_code", 0))


def say(text: str, *, err: bool = False) -> None:
    """Print text for people; a control character in a name, or in a value, does not reach the terminal."""
    click.echo(_COMMANDS.sub(lambda found: visible(found[0]), text), err=err)


def failure(error: PgraduateError, *, as_json: bool) -> int:
    """Print an error to stderr, with `--json` also as a document to stdout; give its exit code."""
    if as_json:
        decisions = getattr(error, "decisions", ())
        document = {
            "schema_version": SCHEMA_VERSION,
            "error": error.to_json(),
            "exit_code": error.exit_code,
        }
        if decisions:
            from pgraduate.model.wire import to_json

            document["decisions"] = to_json(decisions)
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    lines = [f"pgraduate: {error.what}"]
    if error.where:
        lines.append(f"  where: {error.where}")
    if error.hint:
        lines.append("  try:   " + error.hint.replace("\n", "\n         "))
    say("\n".join(lines), err=True)
    return error.exit_code


def defect(error: BaseException) -> PgraduateError:
    """Describe an error that nobody foresaw."""
    return PgraduateError(
        f"a defect of pgraduate: {type(error).__name__}",
        hint="please report it with the lines above; they hold no row's value",
    )


def columns(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Lay out rows in columns; those in `right` are aligned to the right."""
    if not rows:
        return ""
    rows = [[visible(cell) for cell in row] for row in rows]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def title(text: str, *, good: bool) -> str:
    """Colour a headline where the terminal wants colour."""
    if os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg="green" if good else "red", bold=True)


def both_sides(before: Sequence[str], after: Sequence[str]) -> str:
    """Write the values of a row that differs behind its name, where they were asked for."""
    sides = [", ".join(values) for values in (before, after) if values]
    return f": {' → '.join(sides)}" if sides else ""
