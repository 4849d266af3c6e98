"""The merge stage: several sealed SQLite files become one, in which no two rows have one key.

The merge happens in SQLite, before anything else: its result is a sealed file like any other, so every later stage
(types over all values, defaults, views, triggers, the load, roles) works on it as on a single source.  The
invariant: the file is a function of the sealed sources and of the answers in pgraduate.toml alone.  What became of
each row is recorded so that `verify` can compare the target with the sources themselves.
"""

from __future__ import annotations

from pgraduate.merge.build import Result, merge

__all__ = ["Result", "merge"]
