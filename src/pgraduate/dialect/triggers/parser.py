"""The grammar of CREATE TRIGGER: its header as data, its body as the text of statements.

Follows the grammar of SQLite's parse.y (trigger_decl and trigger_cmd_list).  Nothing is interpreted here: the
WHEN expression and the statements are spans of the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgraduate.dialect.reading.tokens import Token, span, split_body, tokenize
from pgraduate.errors import NotTranslated


class Timing(StrEnum):
    BEFORE = "BEFORE"
    AFTER = "AFTER"
    INSTEAD_OF = "INSTEAD OF"


class Event(StrEnum):
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class TriggerDefinition:
    """`columns` are those of UPDATE OF; `when` is the text of the condition; `statements` the body in order."""

    name: str
    timing: Timing
    event: Event
    table: str
    statements: tuple[str, ...]
    columns: tuple[str, ...] = ()
    when: str | None = None


def parse_trigger(sql: str) -> TriggerDefinition:
    """Parse one CREATE TRIGGER statement, with or without the semicolon behind END.

    Raises NotTranslated for a TEMP trigger, for one of another database, and for what SQLite would not parse.
    """
    return _Reader(sql).trigger()


class _Reader:
    """Reads the header from left to right; each method consumes what its name says."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        tokens = tokenize(sql)
        while tokens and tokens[-1].is_symbol(";"):
            tokens = tokens[:-1]
        self.tokens = tokens
        self.position = 0

    def trigger(self) -> TriggerDefinition:
        self._expect("CREATE")
        if self._accept("TEMP", "TEMPORARY"):
            raise NotTranslated(self.sql, "a TEMP trigger", "It lives in one connection only; create it there.")
        self._expect("TRIGGER")
        if self._accept("IF"):
            self._expect("NOT")
            self._expect("EXISTS")
        name = self._qualified_name()
        timing = self._timing()
        event = self._event()
        columns = self._columns() if event is Event.UPDATE and self._accept("OF") else ()
        self._expect("ON")
        table = self._name()
        if self._accept("FOR"):
            self._expect("EACH")
            self._expect("ROW")
        when = self._until_begin() if self._accept("WHEN") else None
        self._expect("BEGIN")
        return TriggerDefinition(name, timing, event, table, self._body(), columns, when)

    def _timing(self) -> Timing:
        if self._accept("INSTEAD"):
            self._expect("OF")
            return Timing.INSTEAD_OF
        if self._accept("AFTER"):
            return Timing.AFTER
        self._accept("BEFORE")
        return Timing.BEFORE

    def _event(self) -> Event:
        token = self._next()
        if not token.is_word("INSERT", "UPDATE", "DELETE"):
            raise self._unexpected(token)
        return Event(token.text.upper())

    def _columns(self) -> tuple[str, ...]:
        names = [self._name()]
        while self._peek() is not None and self.tokens[self.position].is_symbol(","):
            self.position += 1
            names.append(self._name())
        return tuple(names)

    def _qualified_name(self) -> str:
        name = self._name()
        following = self._peek()
        if following is None or not following.is_symbol("."):
            return name
        if name.lower() != "main":
            raise NotTranslated(self.sql, "a trigger of another database than main")
        self.position += 1
        return self._name()

    def _until_begin(self) -> str:
        """Take the WHEN expression; a column named begin can stand in it only behind a dot or in parentheses."""
        first = self.position
        depth = 0
        while True:
            token = self._next()
            depth += token.is_symbol("(") - token.is_symbol(")")
            following = self._peek()
            begins = following is not None and following.is_word("BEGIN") and not token.is_symbol(".")
            if begins and depth == 0:
                return span(self.sql, self.tokens[first : self.position])

    def _body(self) -> tuple[str, ...]:
        body = self.tokens[self.position :]
        if len(body) < 3 or not body[-1].is_word("END") or not body[-2].is_symbol(";"):
            raise NotTranslated(self.sql, "a trigger body that does not close with `; END`")
        return split_body(self.sql, body[:-1])

    def _name(self) -> str:
        token = self._next()
        if not token.is_name:
            raise self._unexpected(token)
        return token.name

    def _expect(self, word: str) -> None:
        token = self._next()
        if not token.is_word(word):
            raise self._unexpected(token)

    def _accept(self, *words: str) -> bool:
        token = self._peek()
        if token is None or not token.is_word(*words):
            return False
        self.position += 1
        return True

    def _peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            raise NotTranslated(self.sql, "an incomplete CREATE TRIGGER")
        self.position += 1
        return token

    def _unexpected(self, token: Token) -> NotTranslated:
        return NotTranslated(self.sql, f"a CREATE TRIGGER with unexpected text at character {token.start + 1}")
