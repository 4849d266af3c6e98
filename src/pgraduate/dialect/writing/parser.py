"""The grammar of INSERT, UPDATE and DELETE: their clauses as data, expressions and queries as text.

Follows SQLite's grammar (parse.y).  The words that separate clauses are reserved in SQLite, so that outside of
parentheses each of them is what it looks like; nothing inside a clause is interpreted here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pgraduate.dialect.reading.tokens import Token, closing, span, split_commas, tokenize
from pgraduate.errors import NotTranslated


class Policy(StrEnum):
    """What a statement does with a row that violates a constraint (the OR clause)."""

    ABORT = "ABORT"
    FAIL = "FAIL"
    IGNORE = "IGNORE"
    REPLACE = "REPLACE"
    ROLLBACK = "ROLLBACK"


@dataclass(frozen=True, slots=True)
class Assignment:
    """`columns` has several names for a row value: SET (a, b) = …"""

    columns: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Upsert:
    """One ON CONFLICT clause; `assignments` is None for DO NOTHING, `target` is empty where none is named."""

    target: tuple[str, ...]
    target_where: str | None
    assignments: tuple[Assignment, ...] | None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """The source is `rows`, or `query`, or neither for DEFAULT VALUES."""

    table: str
    policy: Policy = Policy.ABORT
    alias: str | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    query: str | None = None
    upserts: tuple[Upsert, ...] = ()
    returning: str | None = None
    with_: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    table: str
    assignments: tuple[Assignment, ...]
    policy: Policy = Policy.ABORT
    alias: str | None = None
    from_: str | None = None
    where: str | None = None
    returning: str | None = None
    with_: str | None = None
    few: str | None = None
    """ORDER BY and LIMIT: only the first of the rows that fit."""


@dataclass(frozen=True, slots=True)
class Delete:
    table: str
    alias: str | None = None
    where: str | None = None
    returning: str | None = None
    with_: str | None = None
    few: str | None = None


Statement = Insert | Update | Delete
_CLAUSES = ("FROM", "WHERE", "RETURNING", "ORDER", "LIMIT")


def parse_dml(sql: str) -> Statement:
    """Parse one INSERT, REPLACE, UPDATE or DELETE statement.

    Raises NotTranslated for text that is none of them and for tables of attached databases.
    """
    return _Reader(sql).statement()


class _Reader:
    """Reads from left to right; each method consumes what its name says."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokenize(sql.rstrip().removesuffix(";"))
        self.position = 0

    def statement(self) -> Statement:
        with_ = self._with()
        if self._accept("REPLACE"):
            return self._insert(with_, Policy.REPLACE)
        if self._accept("INSERT"):
            return self._insert(with_, self._policy())
        if self._accept("UPDATE"):
            return self._update(with_)
        self._expect("DELETE")
        return self._delete(with_)

    def _with(self) -> str | None:
        if not self._accept("WITH"):
            return None
        return self._until(lambda token: token.is_word("INSERT", "REPLACE", "UPDATE", "DELETE"), start=0)

    def _policy(self) -> Policy:
        if not self._accept("OR"):
            return Policy.ABORT
        token = self._next()
        if not token.is_word(*Policy):
            raise self._unexpected(token)
        return Policy(token.text.upper())

    def _insert(self, with_: str | None, policy: Policy) -> Insert:
        self._expect("INTO")
        table = self._table()
        alias = self._name() if self._accept("AS") else None
        columns = self._names() if self._at_symbol("(") and not self._at_query() else ()
        rows: tuple[tuple[str, ...], ...] = ()
        query = None
        if self._accept("DEFAULT"):
            self._expect("VALUES")
        else:
            first = self.position
            text = self._until(self._starts_upsert)
            rows = self._rows(self.tokens[first : self.position])
            query = None if rows else text
        if with_ is not None and query is not None:
            query, with_ = f"{with_} {query}", None
        upserts = self._upserts()
        returning = self._returning()
        self._end()
        return Insert(table, policy, alias, columns, rows, query, upserts, returning, with_)

    def _starts_upsert(self, token: Token) -> bool:
        following = self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else None
        conflict = token.is_word("ON") and following is not None and following.is_word("CONFLICT")
        return conflict or token.is_word("RETURNING")

    def _rows(self, tokens: Sequence[Token]) -> tuple[tuple[str, ...], ...]:
        """Give the expressions of VALUES (…), (…); nothing where the source is a query or a compound of VALUES."""
        if not tokens or not tokens[0].is_word("VALUES"):
            return ()
        rows = []
        for row in split_commas(tokens[1:]):
            if not row or not row[0].is_symbol("(") or closing(row, 0) != len(row) - 1:
                return ()
            inner = row[1:-1]
            rows.append(tuple(span(self.sql, value) for value in split_commas(inner)))
        return tuple(rows)

    def _upserts(self) -> tuple[Upsert, ...]:
        upserts = []
        while self._accept("ON"):
            self._expect("CONFLICT")
            target = tuple(span(self.sql, part) for part in self._group()) if self._at_symbol("(") else ()
            target_where = self._until(lambda token: token.is_word("DO")) if self._accept("WHERE") else None
            self._expect("DO")
            if self._accept("NOTHING"):
                upserts.append(Upsert(target, target_where, None))
                continue
            self._expect("UPDATE")
            self._expect("SET")
            assignments = self._assignments()
            where = self._until(self._starts_upsert) if self._accept("WHERE") else None
            upserts.append(Upsert(target, target_where, assignments, where))
        return tuple(upserts)

    def _update(self, with_: str | None) -> Update:
        policy = self._policy()
        table, alias = self._target()
        self._expect("SET")
        assignments = self._assignments()
        from_ = self._until_clause() if self._accept("FROM") else None
        where = self._until_clause() if self._accept("WHERE") else None
        few, returning = self._few_and_returning()
        return Update(table, assignments, policy, alias, from_, where, returning, with_, few)

    def _delete(self, with_: str | None) -> Delete:
        self._expect("FROM")
        table, alias = self._target()
        where = self._until_clause() if self._accept("WHERE") else None
        few, returning = self._few_and_returning()
        return Delete(table, alias, where, returning, with_, few)

    def _target(self) -> tuple[str, str | None]:
        table = self._table()
        alias = self._name() if self._accept("AS") else None
        if self._accept("INDEXED"):
            self._expect("BY")
            self._name()
        elif self._accept("NOT"):
            self._expect("INDEXED")
        return table, alias

    def _assignments(self) -> tuple[Assignment, ...]:
        first = self.position
        self._until(lambda token: self._starts_upsert(token) or self._starts_clause(token))
        return tuple(self._assignment(part) for part in split_commas(self.tokens[first : self.position]))

    def _assignment(self, tokens: Sequence[Token]) -> Assignment:
        equals = next((at for at, token in enumerate(tokens) if token.is_symbol("=")), 0)
        names = [token for token in tokens[:equals] if token.is_name]
        if not names or equals + 1 >= len(tokens):
            raise NotTranslated(self.sql, "a SET clause without column or value")
        return Assignment(tuple(token.name for token in names), span(self.sql, tokens[equals + 1 :]))

    def _starts_clause(self, token: Token) -> bool:
        """Say whether a clause starts here; the FROM of IS DISTINCT FROM starts none."""
        return token.is_word(*_CLAUSES) and not (
            token.is_word("FROM") and self.tokens[self.position - 1].is_word("DISTINCT")
        )

    def _until_clause(self) -> str:
        return self._until(self._starts_clause)

    def _few_and_returning(self) -> tuple[str | None, str | None]:
        """Take ORDER BY with LIMIT and RETURNING, which SQLite takes in either order."""
        returning = self._returning()
        few = None
        if self.position < len(self.tokens) and self.tokens[self.position].is_word("ORDER", "LIMIT"):
            few = self._until(lambda token: token.is_word("RETURNING"))
        if returning is None:
            returning = self._returning()
        self._end()
        return few, returning

    def _returning(self) -> str | None:
        if not self._accept("RETURNING"):
            return None
        return self._until(lambda token: token.is_word("ORDER", "LIMIT"))

    def _end(self) -> None:
        if self.position < len(self.tokens):
            raise self._unexpected(self.tokens[self.position])

    def _until(self, stop: Callable[[Token], bool], start: int | None = None) -> str:
        """Take the text up to the first token outside of parentheses where `stop` holds, or to the end."""
        first = self.position if start is None else start
        depth = 0
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if depth == 0 and stop(token):
                break
            depth += token.is_symbol("(") - token.is_symbol(")")
            self.position += 1
        if self.position == first:
            raise NotTranslated(self.sql, "an empty clause")
        return span(self.sql, self.tokens[first : self.position])

    def _group(self) -> tuple[Sequence[Token], ...]:
        """Take a list in parentheses and give its parts."""
        self.position += 1
        first = self.position
        self._until(lambda token: token.is_symbol(")"))
        self.position += 1
        return split_commas(self.tokens[first : self.position - 1])

    def _names(self) -> tuple[str, ...]:
        parts = self._group()
        if any(len(part) != 1 or not part[0].is_name for part in parts):
            raise NotTranslated(self.sql, "a column list that holds more than names")
        return tuple(part[0].name for part in parts)

    def _table(self) -> str:
        name = self._name()
        if not self._at_symbol("."):
            return name
        if name.lower() != "main":
            raise NotTranslated(self.sql, "a table of another database than main")
        self.position += 1
        return self._name()

    def _name(self) -> str:
        token = self._next()
        if not token.is_name:
            raise self._unexpected(token)
        return token.name

    def _at_symbol(self, symbol: str) -> bool:
        return self.position < len(self.tokens) and self.tokens[self.position].is_symbol(symbol)

    def _at_query(self) -> bool:
        """Whether the parenthesis that opens here holds a query and not column names."""
        return self.position + 1 < len(self.tokens) and self.tokens[self.position + 1].is_word("SELECT", "VALUES")

    def _accept(self, word: str) -> bool:
        if self.position < len(self.tokens) and self.tokens[self.position].is_word(word):
            self.position += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        token = self._next()
        if not token.is_word(word):
            raise self._unexpected(token)

    def _next(self) -> Token:
        if self.position >= len(self.tokens):
            raise NotTranslated(self.sql, "an incomplete statement")
        self.position += 1
        return self.tokens[self.position - 1]

    def _unexpected(self, token: Token) -> NotTranslated:
        return NotTranslated(self.sql, f"a statement with unexpected text at character {token.start + 1}")
