"""Gives an unchanged application `pgraduate.dbapi` where its source says `import sqlite3`.

A .pth file in the application's environment imports this module at the start of every Python, in child processes too,
whatever becomes of PYTHONPATH.  It does what the one changed line of an application does, `from pgraduate import dbapi as
sqlite3`, in every module but those of pgraduate and of the standard library.
"""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType

_PLAIN = builtins.__import__
_STANDARD = sys.stdlib_module_names | {"pgraduate"}


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
