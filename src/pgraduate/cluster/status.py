"""What is known of an embedded server, running or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """`directory` is what the user named, `data` and `binaries` where the server has them; `bytes` is the size
    of the data directory.  `conninfo` leads to the plain owner's database while the server runs."""

    state: Literal["running", "stopped", "absent"]
    directory: Path
    data: Path | None = None
    binaries: Path | None = None
    version: str | None = None
    pid: int | None = None
    conninfo: str | None = None
    bytes: int | None = None
