"""Questions to git, one method each.

Output is read NUL-separated and as bytes of the file system, so that any file name goes through.  The invariant: hooks,
pagers and a user's aliases never change an answer; only `commit` runs the hooks of the repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pgraduate.errors import PgraduateError, Refused

_ENVIRONMENT = {"GIT_PAGER": "cat", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Repository:
    """`root` is the top of the work tree."""

    root: Path

    def tracked(self) -> list[Path]:
        """List the tracked files that are there, as paths below the root."""
        return [self.root / name for name in self._names("ls-files", "-z")]

    def is_tracked(self, path: Path) -> bool:
        return self.run("ls-files", "--error-unmatch", "--", self.below(path)).returncode == 0

    def ignores(self, path: Path) -> bool:
        """Tell whether git would leave an untracked path alone."""
        return self.run("check-ignore", "-q", "--", self.below(path)).returncode == 0

    def holds(self, path: Path) -> bool:
        return _placed(path).is_relative_to(self.root)

    def staged(self) -> list[str]:
        """List what the index holds beyond the last commit."""
        if self.head() is None:
            return self._names("ls-files", "-z")
        return self._names("diff", "--cached", "--name-only", "-z")

    def head(self) -> str | None:
        """Give the last commit's id, None in a repository without one."""
        done = self.run("rev-parse", "--verify", "-q", "HEAD")
        return done.stdout.decode().strip() or None

    def branch(self) -> str | None:
        """Give the branch that is checked out, None where HEAD is detached."""
        done = self.run("symbolic-ref", "-q", "--short", "HEAD")
        return os.fsdecode(done.stdout).strip() or None

    def commit_before(self, moment: str) -> str | None:
        """Give the last commit made before an ISO time, None where there is none."""
        if self.head() is None:
            return None
        done = self.checked("rev-list", "-1", f"--before={moment}", "HEAD")
        return done.decode().strip() or None

    def commits_since(self, commit: str, *, outside: Sequence[str]) -> int:
        """Count the commits after one that touch anything outside of these paths below the root."""
        without = [f":(exclude,top){path}" for path in outside]
        return int(self.checked("rev-list", "--count", f"{commit}..HEAD", "--", ".", *without))

    def changed_lines(self, since: str) -> list[tuple[str, int, int]]:
        """Count the lines added and removed per text file from a commit to the work tree; binary files have none."""
        found = []
        for line in self.checked("diff", "--numstat", "--no-renames", "-z", since, "--").split(b"\0"):
            added, _, rest = line.partition(b"\t")
            removed, _, name = rest.partition(b"\t")
            if added.isdigit() and removed.isdigit():
                found.append((os.fsdecode(name), int(added), int(removed)))
        return found

    def content(self, name: str, *, staged: bool = False) -> bytes | None:
        """Give a file as the last commit, or the index, holds it; None where that does not."""
        done = self.run("cat-file", "blob", f"{'' if staged else 'HEAD'}:{name}")
        return done.stdout if done.returncode == 0 else None

    def merging(self) -> bool:
        return self.run("rev-parse", "-q", "--verify", "MERGE_HEAD").returncode == 0

    def has_branch(self, name: str) -> bool:
        return self.run("show-ref", "--verify", "-q", f"refs/heads/{name}").returncode == 0

    def valid_branch(self, name: str) -> bool:
        return self.run("check-ref-format", "--branch", name).returncode == 0

    def below(self, path: Path) -> str:
        """Give a path as git names it: relative to the root."""
        return os.path.relpath(_placed(path), self.root)

    def _names(self, *arguments: str) -> list[str]:
        return [os.fsdecode(name) for name in self.checked(*arguments).split(b"\0") if name]

    def checked(self, *arguments: str, text: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
        """Run git and give its output.  Raises PgraduateError, with git's last line, where it fails."""
        done = self.run(*arguments, text=text, extra=extra)
        if done.returncode != 0:
            raise self.failed(arguments[0], done)
        return done.stdout

    def failed(self, what: str, done: subprocess.CompletedProcess[bytes]) -> PgraduateError:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return PgraduateError(
            f"git {what} ended with {done.returncode}",
            where=str(self.root),
            hint=said[-1] if said else "run the same command by hand",
        )

    def run(
        self, *arguments: str, text: bytes = b"", extra: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git at the root, with `text` on its standard input."""
        return subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**os.environ, **_ENVIRONMENT, **(extra or {})},
            input=text,
            capture_output=True,
            check=False,
        )


def _placed(path: Path) -> Path:
    """Resolve the directory, as git does, and leave the name: a tracked symbolic link is a file of its own."""
    path = path.absolute()
    return path.parent.resolve() / path.name


def find_repository(path: Path) -> Repository | None:
    """Find the work tree that holds a path; None where there is none.

    Raises Refused where there is one and git is not installed: what cannot be asked is not assumed.
    """
    place = next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.is_dir())
    if shutil.which("git") is None:
        if any((parent / ".git").exists() for parent in (place, *place.parents)):
            raise Refused(
                "this is a git repository, and git is not installed", where=str(place), hint="install git"
            )
        return None
    done = subprocess.run(
        ["git", "rev-parse", "--show-toplevel"],
        cwd=place,
        env={**os.environ, **_ENVIRONMENT},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0:
        return None
    return Repository(Path(os.fsdecode(done.stdout.rstrip(b"\n"))))
