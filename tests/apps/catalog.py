"""Which applications there are, and where each lies once it is unpacked."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
TREE = HERE.parents[1]
# Where the tests' own support lies.
sys.path.append(str(HERE.parent))


@dataclass(frozen=True)
class Application:
    """`distribution`, `version` and `sha256` name the sdist; `local` a folder of this tree instead."""

    name: str
    tests: tuple[str, ...]
    distribution: str = ""
    version: str = ""
    sha256: str = ""
    subdir: str = "."
    local: str = ""
    deselect: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """Folders that the tests expect and that the sdist does not have."""

    @property
    def requirements(self) -> Path:
        return HERE / "requirements" / f"{self.name}.txt"

    def root(self, cache: Path) -> Path:
        """Give the folder in which the application's tests run."""
        return TREE / self.local if self.local else cache / "source" / self.name / self.subdir


def applications() -> tuple[Application, ...]:
    entries = tomllib.loads((HERE / "applications.toml").read_text("utf-8"))
    return tuple(
        Application(name, **{key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()})
        for name, entry in entries.items()
    )
