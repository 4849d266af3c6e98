"""The sealed copy: one moment of the source, whole, checked, and never written again.

Everything after this step reads the sealed copy and nothing else; its digest goes into the target, so that no
later step can continue on other data.
"""

from __future__ import annotations

from pathlib import Path

from pgraduate.errors import Refused
from pgraduate.events import Silence, Sink
from pgraduate.sqlite import Sealed, digest, seal

__all__ = ["back_up", "require_sealed"]


def back_up(source: Path, directory: Path, name: str, *, sink: Sink | None = None) -> Sealed:
    """Seal a live source as `directory/<name>.db`; raise SourceUnusable where it cannot be read whole."""
    directory.mkdir(mode=0o700, exist_ok=True)
    return seal(source, directory / f"{name}.db", sink=sink or Silence())


def require_sealed(path: Path, expected: str) -> None:
    """Raise Refused unless the sealed copy stands where it was left, unchanged."""
    if not path.is_file():
        raise Refused(
            "the sealed copy of this run is gone, so it cannot be continued or verified",
            where=str(path),
            hint="`pgraduate undo` takes the run back; then run it anew",
        )
    if digest(path) != expected:
        raise Refused(
            "the sealed copy has changed since it was made: its digest is not the one stored in the target",
            where=str(path),
            hint="`pgraduate undo` takes the run back; then run it anew",
        )
