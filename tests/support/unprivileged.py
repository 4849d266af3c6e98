"""Do a part of a test without root's power over permissions: what root may do hides what others may not."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from pathlib import Path

from support.cli import Result, pgraduate

_DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP of prctl(2)
_OVERRIDE_PERMISSIONS, _SEARCH_ANYWHERE = 1, 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def _become_ordinary() -> None:
    # The uid stays, because another user may not be able to reach this interpreter; the powers go.
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in (_OVERRIDE_PERMISSIONS, _SEARCH_ANYWHERE):
        if libc.prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def pgraduate_unprivileged(*arguments: object, cwd: Path, env: Mapping[str, str] | None = None) -> Result:
    """Call `pgraduate` as a user to whom the permissions of files apply."""
    first = _become_ordinary if os.geteuid() == 0 else None
    return pgraduate(*arguments, cwd=cwd, env=env, first=first)
