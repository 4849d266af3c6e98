"""Do a part of a test as a user without privileges: what root may do hides what others may not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.cli import Result, environment


def pgraduate_unprivileged(*arguments: object, cwd: Path, env: Mapping[str, str] | None = None) -> Result:
    """Call `pgraduate` as nobody where the tests run as root, else as the user that runs them."""
    as_root = os.geteuid() == 0
    done = subprocess.run(
        [sys.executable, "-m", "pgraduate", *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
        user="nobody" if as_root else None,
        group="nogroup" if as_root else None,
        extra_groups=[] if as_root else None,
    )
    return Result(done.returncode, done.stdout, done.stderr)
