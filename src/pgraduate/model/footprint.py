"""What a room leaves in a target besides the user's own tables: registered, so that it can be listed and removed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing found in a target.  `holds` says what would be lost with it, '' where nothing would;
    `needed_by` says why it stays, '' where it can go."""

    room: str
    kind: str
    name: str
    holds: str = ""
    needed_by: str = ""
