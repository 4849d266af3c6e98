"""Encrypting files by a well-known program, age or gpg, for a recipient whose secret key is elsewhere."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pgraduate.errors import Refused, UsageError

Tool = Literal["age", "gpg"]
TOOLS: tuple[Tool, ...] = ("age", "gpg")
SUFFIX: dict[Tool, str] = {"age": ".age", "gpg": ".gpg"}


@dataclass(frozen=True, slots=True)
class Encryption:
    """For whom a file is encrypted; `recipient` is a public key or its name, never a secret."""

    tool: Tool
    recipient: str


def parse_encryption(text: str) -> Encryption:
    """Read `age:RECIPIENT` or `gpg:RECIPIENT`.  Raises UsageError for other words and for a missing program."""
    tool, colon, recipient = text.partition(":")
    if tool not in TOOLS or not colon or not recipient:
        raise UsageError(f"'{text}' names no encryption", hint="age:RECIPIENT or gpg:RECIPIENT")
    if shutil.which(tool) is None:
        raise UsageError(f"{tool} is not installed", hint=f"install {tool}, or leave the encryption out")
    return Encryption(tool, recipient)


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
            raise Refused("the file is encrypted with age", where=str(source), hint="name --identity FILE")
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
