"""Gives an unchanged application `pgraduate.dbapi` where its source says `import sqlite3`.

Python imports this module at its start where its folder stands on PYTHONPATH, in child processes too.  It does what the
one changed line of an application does, `from pgraduate import dbapi as sqlite3`, in every module but those of pgraduate
and of the standard module itself.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType

_PLAIN = builtins.__import__
_STANDARD = ("sqlite3", "pgraduate", "importlib", "inspect")


def _substituted(
    name: str,
    globals: Mapping[str, object] | None = None,
    locals: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> ModuleType:
    importer = str((globals or {}).get("__name__", ""))
    if level or name not in ("sqlite3", "sqlite3.dbapi2") or importer.partition(".")[0] in _STANDARD:
        return _PLAIN(name, globals, locals, fromlist, level)
    return import_module("pgraduate.dbapi")


if "PGRADUATE_RUNTIME" in os.environ:
    builtins.__import__ = _substituted
