"""A page of documentation whose every row is measured by a test of its own.

The test that measures a row holds it against the page, whichever process runs it and whatever else runs: a stale row
fails.  One more test holds the page's frame: that it has these rows, in this order, and no other.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class MeasuredPage:
    """`keys` are the beginnings of the rows, in order; `frame` writes the page around the rows."""

    path: Path
    keys: Sequence[str]
    frame: Callable[[Sequence[str]], str]

    def hold(self, key: str, row: str) -> None:
        """Hold a measured row against the page; PGRADUATE_GOLDEN=1 writes it there."""
        assert row.startswith(key), row
        if os.environ.get("PGRADUATE_GOLDEN"):
            self._write(key, row)
        assert self._rows().get(key) == row, (
            f"{self.path.name} is not what is measured; PGRADUATE_GOLDEN=1 rewrites it"
        )

    def hold_frame(self) -> None:
        """Hold the page to its rows: all of them are there, and nothing else."""
        rows = self._rows()
        missing = [key for key in self.keys if key not in rows]
        assert not missing, f"{self.path.name} lacks {len(missing)} rows; PGRADUATE_GOLDEN=1 writes them"
        expected = self.frame([rows[key] for key in self.keys])
        assert self.path.read_text("utf-8") == expected, f"{self.path.name} has other rows or words than its tests"

    def _rows(self) -> Mapping[str, str]:
        lines = self.path.read_text("utf-8").splitlines() if self.path.is_file() else []
        found = ((next((key for key in self.keys if line.startswith(key)), None), line) for line in lines)
        return {key: line for key, line in found if key is not None}

    def _write(self, key: str, row: str) -> None:
        # Other processes write their rows at the same time.
        with Path(tempfile.gettempdir(), f"pgraduate-{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            rows = {**self._rows(), key: row}
            self.path.write_text(self.frame([rows[name] for name in self.keys if name in rows]), "utf-8")
