"""Committing contents rather than files: what is asked for gets in, and nothing else of the work tree.

A file of the user's in which a part is ours can so be committed without the user's own unfinished changes.  The contents
go through git's filters for their path, and the commit runs the repository's hooks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from pgraduate.repository.git import Repository


def difference(repository: Repository, contents: Mapping[str, bytes]) -> str:
    """Show what a commit of these contents would change; neither index nor work tree is touched."""
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        index = {"GIT_INDEX_FILE": str(Path(directory) / "index")}
        repository.checked("read-tree", "HEAD" if repository.head() else "--empty", extra=index)
        _stage(repository, contents, index)
        shown = repository.checked("diff", "--cached", "--no-color", "--no-ext-diff", extra=index)
    return shown.decode("utf-8", "replace")


def commit(repository: Repository, contents: Mapping[str, bytes], message: str, branch: str | None = None) -> str:
    """Commit exactly these contents under these names, on a new branch where one is named; give the commit's id.

    The index must hold nothing else beyond the last commit.  Raises PgraduateError where git refuses (a hook, no
    identity); index and branch are then as they were.
    """
    before = repository.branch()
    if branch is not None:
        repository.checked("switch", "-q", "--create", branch)
    _stage(repository, contents, {})
    done = repository.run("commit", "-q", "-F", "-", text=message.encode())
    if done.returncode != 0:
        repository.run("reset", "-q", "--", *contents)
        if branch is not None and before is not None:
            repository.run("switch", "-q", before)
            repository.run("branch", "-q", "-D", branch)
        raise repository.failed("commit", done)
    head = repository.head()
    assert head is not None
    return head


def _stage(repository: Repository, contents: Mapping[str, bytes], extra: Mapping[str, str]) -> None:
    for name, content in contents.items():
        stored = repository.checked("hash-object", "-w", f"--path={name}", "--stdin", text=content)
        blob = stored.decode().strip()
        repository.checked("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", extra=extra)
