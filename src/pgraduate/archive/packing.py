"""Packing a file and getting it back: gzip, and where asked for, encryption by a well-known program.

The compressed bytes depend on the content alone (no name, no time), so two archives of one state are equal.  Whatever
comes out of an archive is hashed on its way and refused unless it is what went in.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pgraduate.errors import Different, Refused, UsageError

_BLOCK = 1 << 20
_LEVEL = 6
Tool = Literal["age", "gpg"]
TOOLS: tuple[Tool, ...] = ("age", "gpg")
SUFFIX: dict[Tool, str] = {"age": ".age", "gpg": ".gpg"}


@dataclass(frozen=True, slots=True)
class Encryption:
    """For whom an archive is encrypted; `recipient` is a public key or its name, never a secret."""

    tool: Tool
    recipient: str


def parse_encryption(text: str) -> Encryption:
    """Read `age:RECIPIENT` or `gpg:RECIPIENT`.  Raises UsageError for other words and for a missing program."""
    tool, colon, recipient = text.partition(":")
    if tool not in TOOLS or not colon or not recipient:
        raise UsageError(f"'{text}' names no encryption", hint="age:RECIPIENT or gpg:RECIPIENT")
    if shutil.which(tool) is None:
        raise UsageError(f"{tool} is not installed", hint=f"install {tool}, or archive without encryption")
    return Encryption(tool, recipient)


def compress(source: Path, target: Path) -> None:
    with source.open("rb") as plain, target.open("xb") as raw:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed:
            shutil.copyfileobj(plain, packed, _BLOCK)
        raw.flush()
        os.fsync(raw.fileno())


def unpack(packed: Path, target: Path, sha256: str) -> None:
    """Decompress into a new file.  Raises Different where the bytes are not those that were archived."""
    hasher = hashlib.sha256()
    try:
        with gzip.open(packed, "rb") as source, target.open("xb") as plain:
            while block := source.read(_BLOCK):
                hasher.update(block)
                plain.write(block)
            plain.flush()
            os.fsync(plain.fileno())
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _damaged(packed) from error
    if hasher.hexdigest() != sha256:
        raise _damaged(packed)


def encrypt(source: Path, target: Path, encryption: Encryption) -> None:
    if encryption.tool == "age":
        command = ["age", "--encrypt", "--recipient", encryption.recipient, "--output", str(target), str(source)]
    else:
        # The user named this recipient: the key's place in a web of trust is not asked.
        command = ["gpg", "--batch", "--no-tty", "--trust-model", "always", "--encrypt"]
        command += ["--recipient", encryption.recipient, "--output", str(target), str(source)]
    _run(command, target, "check the recipient")
    with target.open("rb") as file:
        os.fsync(file.fileno())


def decrypt(source: Path, target: Path, encryption: Encryption, identity: Path | None) -> None:
    """Raises Refused where the key is not at hand."""
    if encryption.tool == "age":
        if identity is None:
            raise Refused("the archive is encrypted with age", where=str(source), hint="name --identity FILE")
        command = ["age", "--decrypt", "--identity", str(identity), "--output", str(target), str(source)]
    else:
        command = ["gpg", "--batch", "--no-tty", "--decrypt", "--output", str(target), str(source)]
    _run(command, source, f"is {encryption.tool} installed, and the secret key at hand?")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(command: list[str], where: Path, hint: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError as error:
        raise Refused(f"{command[0]} is not installed", where=str(where), hint=f"install {command[0]}") from error
    if done.returncode != 0:
        raise Refused(f"{command[0]} ended with {done.returncode}", where=str(where), hint=hint)


def _damaged(path: Path) -> Different:
    return Different(
        "the archive is damaged: what comes out is not what went in",
        where=str(path),
        hint="take another copy of this archive; do not remove anything that it was to replace",
    )
