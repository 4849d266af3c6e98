"""The git repository around a project: asked through git's own command, never by reading its files.

Nothing here changes a repository except `commit`; every question is answered for the work tree that holds a path, and a
path outside of any work tree has no repository.
"""

from __future__ import annotations

from pgraduate.repository.committing import commit, difference
from pgraduate.repository.git import Repository, find_repository

__all__ = ["Repository", "commit", "difference", "find_repository"]
