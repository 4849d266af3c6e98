"""Functions and collations that the application has written in Python: known by name, refused where they are used.

Applications register them as they connect, most often for one statement among many.  PostgreSQL cannot call them, and
some bear the name of one that it has.  The invariant: no statement that names one reaches the server, and none at all
where a definition of the database does, which would go on with PostgreSQL's.
"""

from __future__ import annotations

import sqlite3

from pgraduate.dbapi.mirror import Mirror
from pgraduate.dialect.reading.tokens import Token, tokenize

_OPERATORS = frozenset({"like", "glob", "regexp", "match"})
"""Functions that SQLite calls for an operator of that name."""
_BARE = frozenset({"current_date", "current_time", "current_timestamp"})
_BEFORE_A_TABLE = ("TABLE", "INTO", "REFERENCES", "EXISTS")
_BUILT_IN_COLLATIONS = frozenset({"binary", "nocase", "rtrim"})
_REMEMBERED = 1000
"""Texts that are known to name none; reading one took 50 µs, more than all else on its way to the server."""
_REASON = (
    "PostgreSQL cannot call Python: write the function in SQL in the database, or compute it in the application"
)


class Registered:
    """Names in lower case, of one connection."""

    __slots__ = ("_free", "_judged", "any", "collations", "functions")

    def __init__(self) -> None:
        self.functions: set[str] = set()
        self.collations: set[str] = set()
        self.any = False
        self._judged: Mirror | None = None
        self._free: set[str] = set()

    def function(self, method: str, name: str, *, taken_away: bool) -> None:
        """Note a function, or that it is none any more.

        Raises sqlite3.NotSupportedError for a name that no statement would show: that of an operator in symbols.
        """
        if not name.isidentifier() and not taken_away:
            raise sqlite3.NotSupportedError(f"{method}() of {name} has no meaning on PostgreSQL: {_REASON}")
        self._note(self.functions, name, taken_away=taken_away)

    def collation(self, name: str, *, taken_away: bool) -> None:
        """Note a collation; raises sqlite3.NotSupportedError for one of SQLite's own, which statements need not name."""
        if name.lower() in _BUILT_IN_COLLATIONS and not taken_away:
            raise sqlite3.NotSupportedError(
                f"create_collation() of {name} has no meaning on PostgreSQL: it would change what SQLite's own means"
            )
        self._note(self.collations, name, taken_away=taken_away)

    def _note(self, names: set[str], name: str, *, taken_away: bool) -> None:
        if taken_away:
            names.discard(name.lower())
        else:
            names.add(name.lower())
        self.any = bool(self.functions or self.collations)
        self._judged = None
        self._free.clear()

    def require_unused(self, sql: str, mirror: Mirror) -> None:
        """Refuse a statement that names a function or a collation of the application, or a database that does."""
        if self._judged is not mirror:
            for definition in mirror.catalog().values():
                self._require_unused(definition.sql)
            self._judged = mirror
        if sql not in self._free:
            self._require_unused(sql)
            if len(self._free) == _REMEMBERED:
                self._free.clear()
            self._free.add(sql)

    def _require_unused(self, sql: str) -> None:
        tokens = tokenize(sql)
        for place, token in enumerate(tokens):
            following = tokens[place + 1] if place + 1 < len(tokens) else None
            name = token.name.lower()
            behind_table = place > 0 and tokens[place - 1].is_word(*_BEFORE_A_TABLE)
            if name in self.functions and not behind_table and _is_call(token, name, following):
                raise sqlite3.NotSupportedError(f"{token.text}(), a function of the application's own: {_REASON}")
            if token.is_word("COLLATE") and following is not None and following.name.lower() in self.collations:
                raise sqlite3.NotSupportedError(
                    f"the collation {following.name} of the application's own: PostgreSQL cannot call Python: BINARY, "
                    "NOCASE and RTRIM are there"
                )


def _is_call(token: Token, name: str, following: Token | None) -> bool:
    if following is not None and following.is_symbol("("):
        return True
    return token.is_word(name.upper()) and name in _OPERATORS | _BARE
