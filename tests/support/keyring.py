"""A GnuPG home of one test, short enough for the agent's socket: sun_path holds 108 bytes, less than pytest's paths."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

OWNER = "ops@example.org"


@contextmanager
def gnupg_home() -> Iterator[Path]:
    """Make a home with one key of `OWNER`; the agent is stopped at the end and the home removed.

    Raises:
        subprocess.CalledProcessError: gpg could not make the key.
    """
    home = Path(tempfile.mkdtemp(prefix="pgk", dir="/tmp"))
    environment = {**os.environ, "GNUPGHOME": str(home)}
    try:
        key = ["gpg", "--batch", "--passphrase", "", "--quick-gen-key", OWNER, "future-default"]
        subprocess.run(key, capture_output=True, check=True, env=environment)
        yield home
    finally:
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=False, env=environment)
        # The agent that was told to end removes its own sockets meanwhile.
        shutil.rmtree(home, onerror=_unless_gone)


def _unless_gone(
    _function: object, _path: str, failure: tuple[type[BaseException], BaseException, TracebackType]
) -> None:
    if not isinstance(failure[1], FileNotFoundError):
        raise failure[1]
