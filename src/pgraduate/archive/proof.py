"""The proof that nobody writes a database any more: nobody has it open, nothing changes, nothing names it.

The first two are measured and never waived; a name in the repository is listed, and a person decides whether it still
opens the file.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from pgraduate.archive.handles import Handles, open_handles
from pgraduate.archive.references import References, find_references
from pgraduate.errors import Refused
from pgraduate.repository import find_repository
from pgraduate.sqlite import State, state

WINDOW = 5.0
"""Seconds; a longer window sees rarer writers, and none sees a nightly job: that is what references are for."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`state` is what was seen at the window's end; `references` is None outside of a repository."""

    handles: Handles
    window: float
    state: State
    references: References | None


def prove(path: Path, *, window: float = WINDOW) -> Proof:
    """Watch a database for `window` seconds and search its repository meanwhile.

    Raises Refused where somebody has it open or it changed, SourceUnusable where it cannot be read.
    """
    began = time.monotonic()
    first = state(path)
    _require_unused(path, open_handles(path))
    repository = find_repository(path)
    references = find_references(path, repository) if repository is not None else None
    time.sleep(max(0.0, began + window - time.monotonic()))
    last, handles = state(path), open_handles(path)
    _require_unused(path, handles)
    if last != first:
        raise Refused(
            f"the database changed within {window:g} s: something writes it",
            where=str(path),
            hint="find and stop the writer; `pgraduate verify --since` shows what it wrote",
        )
    return Proof(handles, time.monotonic() - began, last, references)


def _require_unused(path: Path, handles: Handles) -> None:
    if handles.found:
        users = ", ".join(sorted({f"{item.command} (process {item.pid})" for item in handles.found}))
        raise Refused(
            f"the database is in use by {users}",
            where=str(path),
            hint="stop what uses it, and let it start on PostgreSQL; then archive",
        )
