"""The text that the server sends of a value of the compat type any_value, read back as SQLite's value.

The text is a composite's: `(kind,number,text,bytes)`, a member in quotes where it holds a sign of the syntax, and in them
a quote or backslash twice.
"""

from __future__ import annotations

import re

_FORM = re.compile(
    r'\((?P<kind>[123]),(?P<number>[^,"()]+),(?P<text>"(?:[^"]|"")*"|[^",()]*),(?P<bytes>"(?:[^"]|"")*"|[^",()]*)\)',
    re.DOTALL,
)
_DOUBLED = re.compile(r'""|\\\\')


def read(form: str) -> int | float | str | bytes:
    """Give the value in the Python type of its storage class; raise ValueError for what is no text of the type."""
    found = _FORM.fullmatch(form)
    if found is None:
        raise ValueError("no text of an any_value")
    match found["kind"]:
        case "1":
            number = found["number"]
            return int(number) if number.removeprefix("-").isdigit() else float(number)
        case "2":
            return _member(found["text"])
        case _:
            return bytes.fromhex(_member(found["bytes"]).removeprefix("\\x"))


def _member(text: str) -> str:
    return _DOUBLED.sub(lambda pair: pair[0][0], text[1:-1]) if text.startswith('"') else text
