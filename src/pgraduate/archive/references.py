"""Where a repository still names the database: its file name as plain text, in every tracked file and in .env.

A name in the text is not a writer, and a writer may build the name from parts; so references are listed for a person to
judge.  Only file and line are given, never the line's text, which may hold a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pgraduate.repository import Repository

LARGEST = 5 << 20
"""Bytes; a tracked file beyond this is data rather than a program, and is counted as not searched."""

Kind = Literal["program", "document", "rule"]

_DOCUMENTS = frozenset({".md", ".rst", ".txt", ".adoc", ".html"})
_RULES = frozenset({".gitignore", ".gitattributes", ".dockerignore", "pgraduate.toml"})


@dataclass(frozen=True, slots=True)
class Reference:
    """`program` is code or configuration that may open the file; documents and ignore rules cannot."""

    file: str
    line: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class References:
    """`searched` files were read whole; `left_out` are too large, not text, or unreadable."""

    found: tuple[Reference, ...]
    searched: int
    left_out: int

    @property
    def programs(self) -> tuple[Reference, ...]:
        return tuple(item for item in self.found if item.kind == "program")


def find_references(path: Path, repository: Repository) -> References:
    """Search the tracked files and every .env of the work tree's top and of the database's directory."""
    pattern = _pattern(path.name)
    found: list[Reference] = []
    searched = left_out = 0
    for file in _files(path, repository):
        text = _text(file)
        if text is None:
            left_out += 1
            continue
        searched += 1
        name = os.path.relpath(file.resolve(), repository.root)
        found += [Reference(name, line, _kind(file)) for line in _lines(pattern, text)]
    return References(tuple(found), searched, left_out)


def _files(path: Path, repository: Repository) -> Iterable[Path]:
    tracked = repository.tracked()
    own = path.resolve()
    places = dict.fromkeys((repository.root, path.absolute().parent))
    secret = [file for place in places for file in sorted(place.glob(".env*")) if repository.holds(file)]
    return (file for file in dict.fromkeys((*tracked, *secret)) if file.is_file() and file.resolve() != own)


def _pattern(name: str) -> re.Pattern[bytes]:
    """Match the name as a whole word: `app.db` and `app.db-wal`, neither `myapp.db` nor `app.db.py`."""
    return re.compile(rb"(?<![\w.-])" + re.escape(name.encode("utf-8", "surrogateescape")) + rb"(?!\w|\.\w)")


def _text(file: Path) -> bytes | None:
    try:
        if file.stat().st_size > LARGEST:
            return None
        text = file.read_bytes()
    except OSError:
        return None
    return None if b"\0" in text[:8192] else text


def _lines(pattern: re.Pattern[bytes], text: bytes) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.search(line):
            yield number


def _kind(file: Path) -> Kind:
    if file.name in _RULES:
        return "rule"
    return "document" if file.suffix.lower() in _DOCUMENTS else "program"
