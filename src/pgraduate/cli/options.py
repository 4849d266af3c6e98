"""The options that several verbs share, and the settings that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from pgraduate.cli import output, sinks
from pgraduate.errors import UsageError
from pgraduate.events import Sink
from pgraduate.settings import Settings, load

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
quiet = click.option("-q", "--quiet", is_flag=True, help="No messages while working.")
target = click.option(
    "--to",
    "target",
    metavar="TARGET",
    help="embedded (default), embedded:DIR, a libpq conninfo or URI, or env (DATABASE_URL, PG*).",
)
project = click.option(
    "--project",
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory of pgraduate.toml and .pgraduate/ (default: here).",
)
show_values = click.option(
    "--show-values", is_flag=True, help="Show values of differing rows; by default only keys."
)


@dataclass(frozen=True, slots=True)
class Call:
    """What the options of `on_target` say, for the body of a verb."""

    target: str | None
    project: Path | None
    quiet: bool
    as_json: bool

    def settings(self) -> Settings:
        return settings(self.project, self.target)

    def sink(self) -> Sink:
        return sinks.choose(quiet=self.quiet)

    def emit(self, document: dict[str, Any], text: Callable[[dict[str, Any]], str]) -> int:
        """Print a result as it was asked for, and give its exit code."""
        return output.emit(document, text, as_json=self.as_json)


def on_target(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a verb that works on a target; the verb gets them as one `Call`, before its own."""

    @wraps(function)
    def called(target: str | None, project: Path | None, quiet: bool, as_json: bool, **own: Any) -> int:
        return function(Call(target, project, quiet, as_json), **own)

    for option in (as_json, quiet, project, target):
        called = option(called)
    return called


def shaping(function: F) -> F:
    """Add the options that shape a schema."""
    for option in (
        click.option(
            "--policy",
            metavar="POLICY",
            help="faithful, declared (default) or rich: how types are chosen; existing: load into tables that stand.",
        ),
        click.option("--identifiers", metavar="MODE", help="fold names to lower case (default), or exact."),
        click.option(
            "--target-schema",
            metavar="NAME",
            help="The schema to make, instead of the file's name; several files are merged into it.",
        ),
        click.option(
            "--include",
            multiple=True,
            metavar="PATTERN",
            help="Carry only this table, view or table.column; * and ? as in file names. Repeat it for more.",
        ),
        click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave this out; repeat it for more."),
        click.option("--rename", multiple=True, metavar="NAME=NEW", help="Call a table, view or table.column NEW."),
        click.option(
            "--filter",
            "filters",
            multiple=True,
            metavar="TABLE=CONDITION",
            help="Carry only the rows for which SQLite finds the condition true.",
        ),
    ):
        function = option(function)
    return function


def settings(
    project: Path | None,
    target: str | None = None,
    policy: str | None = None,
    identifiers: str | None = None,
    target_schema: str | None = None,
    **selection: tuple[str, ...],
) -> Settings:
    """Make the settings; `selection` holds what `shaping` adds beyond the first three."""
    return load(
        project,
        target=target,
        policy=policy,
        identifiers=identifiers,
        target_schema=target_schema,
        include=selection.get("include", ()),
        exclude=selection.get("exclude", ()),
        rename=_pairs("--rename", selection.get("rename", ())),
        filters=_pairs("--filter", selection.get("filters", ())),
    )


def _pairs(option: str, texts: tuple[str, ...]) -> dict[str, str]:
    """Split NAME=TEXT at its first sign of equality."""
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise UsageError(
                f"{option} needs NAME=…, not '{text}'", hint=f"pgraduate.toml takes any name: {option[2:]}"
            )
        pairs[name] = value
    return pairs
