"""What only the text of a CREATE statement tells: checks, generated expressions, constraint names, deferral,
index expressions and predicates, the module of a virtual table.

Everything else comes from SQLite's pragmas.  The parser walks tokens at parenthesis depth zero and knows just the
grammar around what it looks for; SQLite has already accepted the statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import Check
from pgraduate.sqlite.ddl_tokens import Kind, Token, significant
from pgraduate.sqlite.names import fold

_TABLE_CONSTRAINTS = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})
_OTHER_CONSTRAINTS = frozenset({"PRIMARY", "NOT", "NULL", "UNIQUE", "DEFAULT", "COLLATE"})
_WITH_A_RULE = frozenset({"PRIMARY", "NOT", "UNIQUE", "CHECK"})
"""Constraints behind which ON CONFLICT may stand."""


@dataclass(frozen=True, slots=True)
class ForeignKeyText:
    """One REFERENCES clause in the order of the text."""

    parent: str
    deferred: bool
    name: str | None


@dataclass(slots=True)
class TableText:
    """`generated` maps folded column names to their expressions; `conflict_rules` are constraints that do not fail."""

    checks: list[Check] = field(default_factory=list)
    conflict_rules: list[str] = field(default_factory=list)
    foreign_keys: list[ForeignKeyText] = field(default_factory=list)
    generated: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexText:
    """`terms` are the indexed expressions without collation and order."""

    terms: tuple[str, ...]
    where: str | None


class _Walk:
    """Tokens of one statement with a position; a group is a token from ( to its )."""

    def __init__(self, sql: str, tokens: list[Token]) -> None:
        self.sql = sql
        self.tokens = tokens
        self.position = 0

    @property
    def done(self) -> bool:
        return self.position >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        index = self.position + ahead
        return self.tokens[index] if index < len(self.tokens) else Token(Kind.OTHER, "", len(self.sql))

    def take(self) -> Token:
        token = self.peek()
        self.position += 1
        return token

    def skip(self, *keywords: str) -> bool:
        """Step over the keywords if they all stand here."""
        if all(self.peek(index).keyword == keyword for index, keyword in enumerate(keywords)):
            self.position += len(keywords)
            return True
        return False

    def group(self) -> list[Token]:
        """Step over ( … ) and give the tokens between."""
        if self.peek().kind is not Kind.OPEN:
            raise SourceUnusable("a CREATE statement is not understood", where=self.sql[:200])
        depth = 0
        start = self.position + 1
        while not self.done:
            kind = self.take().kind
            depth += (kind is Kind.OPEN) - (kind is Kind.CLOSE)
            if depth == 0:
                return self.tokens[start : self.position - 1]
        raise SourceUnusable("a CREATE statement ends inside parentheses", where=self.sql[:200])

    def text(self, tokens: list[Token]) -> str:
        return self.sql[tokens[0].start : tokens[-1].end] if tokens else ""

    def skip_name(self) -> None:
        """Step over `[schema .] name`."""
        self.take()
        if self.peek().kind is Kind.DOT:
            self.position += 2


def parse_table(sql: str) -> TableText:
    """Read a CREATE TABLE statement as sqlite_schema holds it."""
    walk = _Walk(sql, significant(sql))
    walk.skip("CREATE")
    if not walk.skip("TEMP"):
        walk.skip("TEMPORARY")
    walk.skip("TABLE")
    walk.skip("IF", "NOT", "EXISTS")
    walk.skip_name()
    found = TableText()
    for definition in _split(walk.group()):
        part = _Walk(sql, definition)
        column = None
        if part.peek().keyword not in _TABLE_CONSTRAINTS:
            column = part.take().name
        _constraints(part, column, found)
    return found


def parse_index(sql: str) -> IndexText:
    """Read a CREATE INDEX statement as sqlite_schema holds it."""
    walk = _Walk(sql, significant(sql))
    walk.skip("CREATE")
    walk.skip("UNIQUE")
    walk.skip("INDEX")
    walk.skip("IF", "NOT", "EXISTS")
    walk.skip_name()
    walk.skip("ON")
    walk.take()
    terms = tuple(walk.text(_bare_term(term)) for term in _split(walk.group()))
    where = None
    if walk.skip("WHERE"):
        where = walk.text([token for token in walk.tokens[walk.position :] if token.kind is not Kind.SEMICOLON])
    return IndexText(terms, where)


def parse_module(sql: str) -> str:
    """Give the module of a CREATE VIRTUAL TABLE statement, in lower case."""
    return _to_module(_Walk(sql, significant(sql)))


@dataclass(slots=True)
class VirtualText:
    """`options` by lower-case name; `unindexed` are folded names of columns that the module does not search."""

    options: dict[str, str] = field(default_factory=dict)
    unindexed: set[str] = field(default_factory=set)


def parse_virtual(sql: str) -> VirtualText:
    """Read the arguments of a full-text or R-Tree table.

    Sources: fts5ConfigParse in fts5_config.c, fts3InitVtab in fts3.c, rtreeInit in rtree.c.
    """
    walk = _Walk(sql, significant(sql))
    module = _to_module(walk)
    found = VirtualText()
    for part in _split(walk.group()) if walk.peek().kind is Kind.OPEN else []:
        first = part[0].keyword.lower() or part[0].name.lower()
        has_value = len(part) > 1 and part[1].text == "="
        if has_value and module in ("fts4", "fts5"):
            value = part[2].name if len(part) == 3 else walk.text(part[2:])
            if first == "notindexed":
                found.unindexed.add(fold(value))
            else:
                found.options[first] = value
        elif first == "tokenize" and module in ("fts3", "fts4"):
            found.options[first] = walk.text(part[2 if has_value else 1 :])
        elif module == "fts5" and len(part) > 1 and part[-1].keyword == "UNINDEXED":
            found.unindexed.add(fold(part[0].name))
        elif part[0].text == "+" and len(part) > 1:
            found.unindexed.add(fold(part[1].name))
    return found


def _to_module(walk: _Walk) -> str:
    walk.skip("CREATE", "VIRTUAL", "TABLE")
    walk.skip("IF", "NOT", "EXISTS")
    walk.skip_name()
    walk.skip("USING")
    return fold(walk.take().name)


def _split(tokens: list[Token]) -> list[list[Token]]:
    """Cut at the commas of depth zero."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if depth == 0 and token.kind is Kind.COMMA:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _bare_term(term: list[Token]) -> list[Token]:
    """Take ASC, DESC, NULLS FIRST|LAST and COLLATE name off the end of an indexed term."""
    term = list(term)
    while len(term) > 1:
        if len(term) > 2 and term[-2].keyword == "NULLS" and term[-1].keyword in ("FIRST", "LAST"):
            del term[-2:]
        elif term[-1].keyword in ("ASC", "DESC"):
            del term[-1]
        elif len(term) > 2 and term[-2].keyword == "COLLATE":
            del term[-2:]
        else:
            break
    return term


def _constraints(part: _Walk, column: str | None, found: TableText) -> None:
    """Walk the constraints of one column or of the table; `column` is None for the table's."""
    name: str | None = None
    foreign_key: int | None = None
    begun = 0
    while not part.done:
        keyword = part.peek().keyword
        if keyword in _WITH_A_RULE:
            begun = part.position
        if keyword == "CONSTRAINT":
            part.take()
            name = part.take().name
        elif keyword == "CHECK":
            part.take()
            found.checks.append(Check(part.text(part.group()), name))
            name = None
        elif keyword == "REFERENCES":
            part.take()
            foreign_key = len(found.foreign_keys)
            found.foreign_keys.append(ForeignKeyText(part.take().name, False, name))
            name = None
        elif part.skip("FOREIGN", "KEY"):
            part.group()
        elif keyword == "AS" and column is not None:
            part.take()
            found.generated[fold(column)] = part.text(part.group())
            name = None
        elif part.skip("NOT", "DEFERRABLE"):
            part.skip("INITIALLY", "DEFERRED")
        elif part.skip("DEFERRABLE", "INITIALLY", "DEFERRED"):
            if foreign_key is not None:
                key = found.foreign_keys[foreign_key]
                found.foreign_keys[foreign_key] = ForeignKeyText(key.parent, True, key.name)
        elif part.skip("ON", "CONFLICT"):
            if part.take().keyword in ("IGNORE", "REPLACE"):
                text = part.text(part.tokens[begun : part.position])
                found.conflict_rules.append(f"{column} {text}" if column is not None else text)
        elif part.skip("ON", "DELETE", "SET") or part.skip("ON", "UPDATE", "SET"):
            part.take()
        elif part.peek().kind is Kind.OPEN:
            part.group()
        else:
            if keyword in _OTHER_CONSTRAINTS:
                name = None
            part.take()
