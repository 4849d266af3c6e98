"""A script as people keep it: with a byte order mark, commands of SQLite's shell, and now and then a slip.

What is not SQL spoils only the statement that it stands in.  The invariant: every statement of the text comes out once
and in its order, as one that can be translated or as one that is refused, with the line where it begins.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pgraduate.dialect.reading.lexer import NotAToken
from pgraduate.translate.statements import Kind, Statement, split
from pgraduate.translate.translating import Untranslated

_BYTE_ORDER_MARK = "\ufeff"
_SHELL_COMMAND = re.compile(r"^\.[^\n]*", re.MULTILINE)
_END = re.compile(r";[ \t]*(?:--[^\n]*)?(?:\n|\Z)")
"""Where a statement that cannot be cut into tokens most likely ends."""


def read_script(text: str) -> tuple[Statement | Untranslated, ...]:
    """Cut a script into its statements; what is none stands among them as refused."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    found: list[Statement | Untranslated] = []
    start = 0
    for command in _SHELL_COMMAND.finditer(text):
        before = _statements(text[start : command.start()])
        if command.start() < start or not _is_between(text[start : command.start()]):
            continue
        found += _moved(before, _line(text, start))
        found.append(_shell_command(command.group(), _line(text, command.start())))
        start = command.end()
    return (*found, *_moved(_statements(text[start:]), _line(text, start)))


def _statements(text: str) -> list[Statement | Untranslated]:
    """Cut a text without shell commands."""
    found: list[Statement | Untranslated] = []
    start = 0
    while start < len(text):
        try:
            return found + _moved(list(split(text[start:])), _line(text, start))
        except NotAToken as error:
            place = start + error.place
            good = list(split(text[start:place]))
            ended = text[start:place].rstrip()
            began = good.pop() if good and not ended.endswith(";") else None
            found += _moved(good, _line(text, start))
            first = text.rindex(began.text, start, place) if began is not None else place
            end = _END.search(text, place)
            stop = end.start() if end is not None else len(text)
            whole = Statement(text[first:stop].strip(), _line(text, first), Kind.OTHER, "")
            found.append(Untranslated(whole, f"{error.what_is} in line {_line(text, place)}", error.hint))
            start = end.end() if end is not None else len(text)
    return found


def _is_between(text: str) -> bool:
    """Say whether a text ends where a statement could begin."""
    try:
        statements = split(text)
    except NotAToken:
        return False
    if not statements:
        return True
    last = statements[-1]
    behind = text[text.rindex(last.text) + len(last.text) :]
    return ";" in re.sub(r"--[^\n]*", "", behind)


def _shell_command(text: str, line: int) -> Untranslated:
    name = text.split()[0]
    statement = Statement(text.rstrip(), line, Kind.OTHER, name)
    return Untranslated(statement, f"the command {name} of SQLite's shell", "it is no SQL; leave it out")


def _moved(found: list[Statement | Untranslated] | list[Statement], line: int) -> list[Statement | Untranslated]:
    """Count lines from the beginning of the script instead of that of a part."""
    moved: list[Statement | Untranslated] = []
    for item in found:
        if isinstance(item, Untranslated):
            moved.append(replace(item, statement=_at(item.statement, line)))
        else:
            moved.append(_at(item, line))
    return moved


def _at(statement: Statement, line: int) -> Statement:
    return replace(statement, line=statement.line + line - 1)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
