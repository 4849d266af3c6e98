"""What the name of a column says of its values.

A name proves nothing: it only makes a question worth asking, which every stored value must then answer.  The words are
those that applications and their frameworks use for times, flags and money; a name is split where its author did, at
what is no letter and before a capital.
"""

from __future__ import annotations

import re
from enum import Enum, auto


class Hint(Enum):
    TIME = auto()
    FLAG = auto()
    MONEY = auto()


_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TIMES = _words(
    "at on date datetime time timestamp ts created updated modified changed deleted expires expired expiry birthday"
    " birthdate dob mtime ctime atime"
)
_NO_TIMES = _words("zone offset duration elapsed spent interval timeout uptime play run wait count number")
_FLAG_BEGINS = _words("is has can should was allow allows use uses enable")
_FLAGS = _words(
    "active enabled disabled deleted archived visible hidden published verified confirmed locked public private flag"
    " featured approved completed done read starred favorite favourite bookmarked"
)
_MONEY = _words("price cost amount total subtotal fee balance tax salary revenue payment freight discount money")
_NO_MONEY = _words("count number rate ratio percent percentage tracks")


def hint_of(name: str) -> frozenset[Hint]:
    """Say what a column's name makes worth asking; its last word counts most."""
    words = [word.lower() for word in _PARTS.findall(name)]
    if not words:
        return frozenset()
    known, last = set(words), words[-1]
    found = set()
    if not known & _NO_TIMES and (last in _TIMES or words[0] in ("date", "datetime", "timestamp")):
        found.add(Hint.TIME)
    if last in _FLAGS or (len(words) > 1 and words[0] in _FLAG_BEGINS):
        found.add(Hint.FLAG)
    if not known & _NO_MONEY and _singular(last) in _MONEY:
        found.add(Hint.MONEY)
    return frozenset(found)


def _singular(word: str) -> str:
    return word.removesuffix("s") if word not in _MONEY else word
