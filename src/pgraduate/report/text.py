"""Text from a database, made safe to print.

A name may hold anything: line ends, escapes for a terminal, marks that turn the writing direction, halves of a
surrogate pair from a path that is not UTF-8.  Each becomes one visible character; letters of every script stay.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_DIRECTION = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "�")
_CONTROL = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_CONTROL |= dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000), 0x2028, 0x2029), "�")
_LINE = _CONTROL | _DIRECTION
_BLOCK = {code: mark for code, mark in _LINE.items() if chr(code) not in "\n\t"}

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~#&!]")


def printable(text: str) -> str:
    """Give a text for one line, its control characters shown as symbols."""
    return text.translate(_LINE)


def printable_block(text: str) -> str:
    """Give a text of several lines, such as SQL: line ends and tabs stay."""
    return text.replace("\r\n", "\n").translate(_BLOCK)


def markdown(text: str) -> str:
    """Escape what Markdown or HTML would take as markup in running text or in a table's cell."""
    return _MARKDOWN.sub(lambda match: "&lt;" if match[0] == "<" else "\\" + match[0], printable(text))


def markdown_code(text: str) -> str:
    """Wrap one line in more backticks than it holds in a row (CommonMark 0.31, section 6.1)."""
    line = printable(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    padding = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{padding}{line}{padding}{fence}"


def markdown_cell(text: str) -> str:
    """Give inline code for a table's cell, which a bar would end even within code (GFM, section 4.10)."""
    return markdown_code(text).replace("|", "\\|")


def markdown_block(text: str, language: str) -> str:
    """Wrap lines in a fence longer than any run of backticks in them (CommonMark 0.31, section 4.5)."""
    block = printable_block(text).rstrip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", block)), default=0))
    return f"{fence}{language}\n{block}\n{fence}"


def moment(at: str) -> str:
    """Write a journal's time for people, in UTC; another text stays as it is."""
    try:
        return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return at
