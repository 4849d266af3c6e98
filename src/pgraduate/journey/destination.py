"""From the words of `--to` to a server that can be spoken to.

Without a word it is the project's embedded server.  The invariant: there is no fall-back; what was named is what
answers, or nothing is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pgraduate.cluster import Embedded
from pgraduate.postgres.target import Target, from_environment, from_text
from pgraduate.settings import Settings


@dataclass(frozen=True, slots=True)
class Destination:
    """`label` is what was asked for and is safe to print and to store; `embedded` only for a server of ours."""

    target: Target
    label: str
    embedded: Embedded | None = None


def embedded_directory(settings: Settings) -> Path:
    """Give the directory of the embedded server that the settings name."""
    _, _, named = settings.target.partition(":")
    return Path(named).absolute() if named else settings.state / "server"


def is_embedded(settings: Settings) -> bool:
    return settings.target == "embedded" or settings.target.startswith("embedded:")


def label_of(settings: Settings) -> str:
    """Name the target that the settings mean, without asking it; raise UsageError for words that name none."""
    return f"embedded:{embedded_directory(settings)}" if is_embedded(settings) else _named(settings).conninfo


def open_destination(settings: Settings) -> Destination:
    """Resolve the target and start the embedded server where that is the one, making it on first use.

    Raises UsageError for words that name no target, TargetUnusable when the embedded server cannot start.
    """
    if is_embedded(settings):
        embedded = Embedded(embedded_directory(settings))
        status = embedded.start()
        assert status.conninfo is not None
        return Destination(Target(status.conninfo), label_of(settings), embedded)
    return Destination(_named(settings), label_of(settings))


def _named(settings: Settings) -> Target:
    return from_environment() if settings.target == "env" else from_text(settings.target)
