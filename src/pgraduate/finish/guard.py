"""What must not get into a repository: secrets and data.  A hit names file, line and kind, never the text.

The patterns are those of well-known kinds of secrets; besides them every value of the environment whose name says that it
is one is looked for as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PATTERNS = {
    "a private key": rb"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a password in a URL": rb"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@",
    "a password": rb"(?i)\b(?:password|passwd|pwd)(?:=[^\s'\",;)]+|['\"]?\s*[=:]\s*(?:'[^']{4,}'|\"[^\"]{4,}\"))",
    "a key of a cloud": rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token": rb"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bglpat-[A-Za-z0-9_-]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    rb"|\bsk_live_[A-Za-z0-9]{16,}|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
}
_SECRETS = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
_NAMES = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE")
_WORD = re.compile(r"[a-z]{0,15}|[A-Z]{0,15}|[0-9]{0,7}|.{0,7}", re.DOTALL)
"""What is no secret although its name says so: a plain word such as `postgres`, a short number, a few characters.  Such a
value stands everywhere, and finding it would stop every commit."""
_MAGIC = {
    b"SQLite format 3\x00": "a SQLite database",
    b"PGDMP": "a dump of PostgreSQL",
    b"\x1f\x8b": "compressed data",
    b"PAR1": "a Parquet file",
}
_ROWS = re.compile(rb"^COPY .* FROM stdin;$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Objection:
    """`line` is 0 for a file as a whole."""

    file: str
    line: int
    kind: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.kind}" if self.line else f"{self.file}: {self.kind}"


def objections(contents: Mapping[str, bytes], environment: Mapping[str, str]) -> tuple[Objection, ...]:
    """Say what in these files must not be committed."""
    known = [
        value.encode("utf-8", "surrogateescape")
        for name, value in environment.items()
        if _NAMES.search(name.upper()) and not _WORD.fullmatch(value)
    ]
    return tuple(item for name, content in contents.items() for item in _in_file(name, content, known))


def data_kind(first_bytes: bytes) -> str | None:
    """Say what kind of data a file holds, by its first bytes; None for what may be committed."""
    return next((kind for magic, kind in _MAGIC.items() if first_bytes.startswith(magic)), None)


def _in_file(name: str, content: bytes, known: list[bytes]) -> Iterator[Objection]:
    if (kind := data_kind(content)) is not None:
        yield Objection(name, 0, kind)
        return
    if _ROWS.search(content):
        yield Objection(name, 0, "rows of a table")
    for number, line in enumerate(content.splitlines(), start=1):
        for kind, pattern in _SECRETS.items():
            if pattern.search(line):
                yield Objection(name, number, kind)
        if any(value in line for value in known):
            yield Objection(name, number, "a secret of the environment")
