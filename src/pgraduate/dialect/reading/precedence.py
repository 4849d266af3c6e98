"""SQLite's operator precedence, written out as parentheses.

In SQLite `||` binds tighter than `*`, `a < b IS NULL` is `(a < b) IS NULL`, and all of `= IS IN LIKE BETWEEN` stand on
one level.  The parser that reads the statement afterwards has other levels, so every nested operator is put in
parentheses here, with SQLite's own rules, and forms that it would lose (casts to invented types, unary plus, JSON
arrows, blob literals) become calls under a private name.  The invariant: two statements that SQLite reads
differently never leave here as the same text.

Source: "SQL Language Expressions", section 2, operator precedence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pgraduate.dialect.reading.keywords import FALLBACK, JOINING, KEYWORDS, RESERVED
from pgraduate.dialect.reading.lexer import Lexeme, Token
from pgraduate.errors import NotTranslated

CALL = "__f_"
"""Put before the name of every function, so that the parser takes none of them for one that it knows."""
QUOTE_MARK = "\ue000"
"""Put before a name that was written in double quotes."""

_BINARY = {
    "||": 6, "->": 6, "->>": 6, "*": 5, "/": 5, "%": 5, "+": 4, "-": 4, "&": 3, "|": 3, "<<": 3, ">>": 3,
    "<": 2, "<=": 2, ">": 2, ">=": 2, "=": 1, "==": 1, "<>": 1, "!=": 1, "IS": 1, "IN": 1, "LIKE": 1, "GLOB": 1,
    "MATCH": 1, "REGEXP": 1, "BETWEEN": 1, "AND": -1, "OR": -2,
}  # fmt: skip
_NOT = 0
_NEGATABLE = frozenset({"IN", "LIKE", "GLOB", "MATCH", "REGEXP", "BETWEEN"})
_ARROWS = {"->": "arrow", "->>": "double_arrow"}
_OPERAND_FOLLOWS = frozenset(
    [
        "(",
        ",",
        ".",
        "=",
        "<",
        ">",
        "SELECT",
        "WHERE",
        "ON",
        "AND",
        "OR",
        "NOT",
        "BY",
        "WHEN",
        "THEN",
        "ELSE",
        "CASE",
        "HAVING",
        "SET",
        "DISTINCT",
        "ALL",
        "FROM",
        "JOIN",
        "INTO",
        "AS",
        "LIMIT",
        "OFFSET",
        "RETURNING",
        "VALUES",
        "BETWEEN",
        "IS",
        "IN",
        "LIKE",
        "UPDATE",
        "USING",
    ]
)
_FRAME_FOLLOWS = frozenset({"BETWEEN", "UNBOUNDED", "CURRENT"})


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of parentheses, or CASE … END, with what stands between."""

    opening: Token
    items: tuple[Token | Group, ...]
    closing: Token

    @property
    def is_case(self) -> bool:
        return self.opening.word == "CASE"


Item = Token | Group


def grouped(sql: str, tokens: Sequence[Token]) -> tuple[Item, ...]:
    """Nest the tokens by their parentheses and CASE … END."""
    stack: list[tuple[Token, list[Item]]] = []
    items: list[Item] = []
    for token in tokens:
        if token.word in ("(", "CASE"):
            stack.append((token, items))
            items = []
        elif token.word == ")" or (token.word == "END" and _closes_case(stack, items)):
            if not stack or (stack[-1][0].word == "CASE") != (token.word == "END"):
                raise NotTranslated(sql, "an unbalanced parenthesis")
            opening, outer = stack.pop()
            outer.append(Group(opening, tuple(items), token))
            items = outer
        else:
            items.append(token)
    if stack:
        raise NotTranslated(sql, "an unbalanced parenthesis")
    return tuple(items)


def _closes_case(stack: Sequence[tuple[Token, list[Item]]], items: Sequence[Item]) -> bool:
    """Say whether END closes a CASE here: where a value is expected it is a column of that name."""
    if not stack or stack[-1][0].word != "CASE" or not items:
        return False
    last = items[-1]
    return isinstance(last, Group) or (last.lexeme is not Lexeme.OPERATOR and last.word not in _OPERAND_FOLLOWS)


@dataclass(slots=True)
class Writer:
    """Writes items as text with SQLite's precedence made visible.

    `marker` gives the text of a parameter, `select` the comment that follows each SELECT.
    """

    sql: str
    marker: Callable[[str], str]
    select: Callable[[Token], str]

    def sequence(self, items: Sequence[Item]) -> str:
        """Write one nesting level: clauses as they are, each expression in it by precedence."""
        parts: list[str] = []
        place = 0
        previous = ""
        assigning = False
        while place < len(items):
            item = items[place]
            word = item.word if isinstance(item, Token) else ""
            if word == "SET":
                assigning = True
            elif word in ("WHERE", "FROM", "RETURNING"):
                assigning = False
            if self._starts_operand(items, place, previous):
                if assigning and previous in ("SET", ","):
                    text, place = self._primary(items, place)
                else:
                    text, place = self._expression(items, place, -2)
                previous = "x"
            else:
                text, place = self._plain(item), place + 1
                previous = word
            parts.append(text)
        return " ".join(parts)

    def _starts_operand(self, items: Sequence[Item], place: int, previous: str) -> bool:
        item = items[place]
        if isinstance(item, Group):
            return True
        if item.lexeme is not Lexeme.WORD:
            return item.lexeme is not Lexeme.OPERATOR or (item.word in ("-", "+", "~") and previous != "x")
        word = item.word
        following = items[place + 1] if place + 1 < len(items) else None
        if word in ("NOT", "NULL") or (word == "EXISTS" and previous != "IF" and isinstance(following, Group)):
            return previous != "x" and not (
                word == "NOT" and _word(following) in ("MATERIALIZED", "INDEXED", "EXISTS")
            )
        if word in ("LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER"):
            return isinstance(following, Group) and previous != "x"
        if word in RESERVED or word in JOINING:
            return False
        if word not in FALLBACK:
            return True
        if word in ("ROWS", "RANGE", "GROUPS") and (_word(following) in _FRAME_FOLLOWS or _is_number(following)):
            return False
        if word in ("PARTITION", "ORDER") and _word(following) == "BY":
            return False
        if word in ("REPLACE", "WITH", "PRAGMA", "EXPLAIN") and previous == "" and not isinstance(following, Group):
            return False
        if word == "INDEXED" and (previous == "NOT" or _word(following) == "BY"):
            return False
        if previous == "OR" or (word in ("CONFLICT", "MATERIALIZED") and isinstance(following, Group)):
            return False
        if word in ("CURRENT", "UNBOUNDED") and _word(following) in ("ROW", "PRECEDING", "FOLLOWING"):
            return False
        return previous in _OPERAND_FOLLOWS or previous == ""

    def _expression(self, items: Sequence[Item], place: int, level: int) -> tuple[str, int]:
        text, place = self._prefixed(items, place)
        while place < len(items):
            operator, width = self._infix(items, place)
            if not operator or _BINARY.get(operator.removeprefix("NOT "), 1) < level:
                return text, place
            text, place = self._collated(*self._applied(text, operator, items, place + width), items)
        return text, place

    def _infix(self, items: Sequence[Item], place: int) -> tuple[str, int]:
        """Give the operator at this place and how many items it takes, '' where there is none."""
        word = _word(items[place])
        following = _word(items[place + 1]) if place + 1 < len(items) else ""
        if word == "NOT" and following in _NEGATABLE:
            return f"NOT {following}", 2
        if word == "NOT" and following == "NULL":
            return "NOTNULL", 2
        if word in ("ISNULL", "NOTNULL") or word in _BINARY:
            return word, 1
        return "", 0

    def _applied(self, left: str, operator: str, items: Sequence[Item], place: int) -> tuple[str, int]:
        left = _wrapped(left)
        match operator:
            case "ISNULL":
                return f"{left} IS NULL", place
            case "NOTNULL":
                return f"{left} IS NOT NULL", place
            case "IN" | "NOT IN":
                right, place = self._primary(items, place)
                return f"{left} {operator} {right}", place
            case "IS":
                if _word(_at(items, place)) == "NOT":
                    operator, place = "IS NOT", place + 1
                if _word(_at(items, place)) == "DISTINCT" and _word(_at(items, place + 1)) == "FROM":
                    operator, place = "IS" if operator == "IS NOT" else "IS NOT", place + 2
                right, place = self._expression(items, place, 2)
                return f"{left} {operator} {_wrapped(right)}", place
            case "BETWEEN" | "NOT BETWEEN":
                low, place = self._expression(items, place, _NOT)
                if _word(_at(items, place)) != "AND":
                    raise NotTranslated(self.sql, "BETWEEN without AND")
                high, place = self._expression(items, place + 1, 2)
                return f"{left} {operator} {_wrapped(low)} AND {_wrapped(high)}", place
            case "->" | "->>":
                right, place = self._expression(items, place, 7)
                return f"{CALL}{_ARROWS[operator]}({left}, {right})", place
            case _:
                level = _BINARY[operator.removeprefix("NOT ")]
                right, place = self._expression(items, place, level + 1)
                if operator.endswith("LIKE") and _word(_at(items, place)) == "ESCAPE":
                    escape, place = self._expression(items, place + 1, 2)
                    return f"{operator.removesuffix('LIKE')}{CALL}like({right}, {left}, {escape})", place
                return f"{left} {operator} {_wrapped(right)}", place

    def _prefixed(self, items: Sequence[Item], place: int) -> tuple[str, int]:
        word = _word(_at(items, place))
        if word == "NOT":
            operand, place = self._expression(items, place + 1, _NOT + 1)
            return f"NOT {_wrapped(operand)}", place
        if word in ("-", "~", "+"):
            operand, place = self._prefixed_tightly(items, place + 1)
            return (f"{CALL}plus({operand})" if word == "+" else f"{word} {_wrapped(operand)}"), place
        return self._collated(*self._primary(items, place), items)

    def _prefixed_tightly(self, items: Sequence[Item], place: int) -> tuple[str, int]:
        if _word(_at(items, place)) in ("-", "~", "+", "NOT"):
            return self._prefixed(items, place)
        return self._collated(*self._primary(items, place), items)

    def _collated(self, text: str, place: int, items: Sequence[Item]) -> tuple[str, int]:
        while _word(_at(items, place)) == "COLLATE":
            name = _at(items, place + 1)
            if not isinstance(name, Token):
                raise NotTranslated(self.sql, "COLLATE without a name")
            text = f"{_wrapped(text)} COLLATE {quoted(name.value.upper())}"
            place += 2
        return text, place

    def _primary(self, items: Sequence[Item], place: int) -> tuple[str, int]:
        item = _at(items, place)
        if item is None:
            raise NotTranslated(self.sql, "an expression that ends too early")
        if isinstance(item, Group):
            return (self._case(item) if item.is_case else f"({self.sequence(item.items)})"), place + 1
        if item.word == "EXISTS":
            group = _at(items, place + 1)
            if not isinstance(group, Group):
                raise NotTranslated(self.sql, "EXISTS without a query")
            return f"EXISTS ({self.sequence(group.items)})", place + 2
        if item.lexeme in (Lexeme.WORD, Lexeme.NAME, Lexeme.QUOTED):
            return self._named(items, place)
        if item.lexeme is Lexeme.OPERATOR:
            raise NotTranslated(self.sql, f"'{item.value}' where a value is expected")
        return self._plain(item), place + 1

    def _named(self, items: Sequence[Item], place: int) -> tuple[str, int]:
        """Write a name with its qualifiers, or a call with its FILTER and OVER."""
        token = items[place]
        assert isinstance(token, Token)
        following = _at(items, place + 1)
        if isinstance(following, Group) and not following.is_case:
            return self._call(token, following, items, place + 2)
        if token.word in ("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"):
            return f"{CALL}{token.value.lower()}()", place + 1
        if token.word == "NULL":
            return "NULL", place + 1
        if token.word in ("TRUE", "FALSE") and _word(following) != ".":
            return token.word, place + 1
        text, place = self._name(token), place + 1
        while _word(_at(items, place)) == ".":
            part = _at(items, place + 1)
            if not isinstance(part, Token):
                raise NotTranslated(self.sql, "a name that ends with a dot")
            text += "." + ("*" if part.word == "*" else self._name(part))
            place += 2
        return text, place

    def _call(self, token: Token, group: Group, items: Sequence[Item], place: int) -> tuple[str, int]:
        if token.word == "CAST":
            text = self._cast(group)
        else:
            text = f"{quoted(CALL + token.value)}({self.sequence(group.items)})"
        if _word(_at(items, place)) == "FILTER" and isinstance(condition := _at(items, place + 1), Group):
            text += f" FILTER ({self.sequence(condition.items)})"
            place += 2
        if _word(_at(items, place)) == "OVER":
            window = _at(items, place + 1)
            if isinstance(window, Group):
                text += f" OVER ({self.sequence(window.items)})"
                place += 2
            elif isinstance(window, Token):
                text += f" OVER {self._name(window)}"
                place += 2
        return text, place

    def _cast(self, group: Group) -> str:
        for place in range(len(group.items) - 1, 0, -1):
            item = group.items[place]
            if isinstance(item, Token) and item.word == "AS":
                declared = self.sql[item.end : group.closing.start].strip()
                return f"{CALL}cast({self.sequence(group.items[:place])}, {string(declared)})"
        raise NotTranslated(self.sql, "CAST without a type")

    def _case(self, group: Group) -> str:
        return f"CASE {self.sequence(group.items)} END"

    def _name(self, token: Token) -> str:
        if token.lexeme is Lexeme.QUOTED:
            return quoted(QUOTE_MARK + token.value)
        if token.lexeme is Lexeme.STRING:
            return string(token.value)
        return quoted(token.value)

    def _plain(self, item: Item) -> str:
        if isinstance(item, Group):
            return self._case(item) if item.is_case else f"({self.sequence(item.items)})"
        match item.lexeme:
            case Lexeme.STRING:
                return string(item.value)
            case Lexeme.BLOB:
                return f"{CALL}blob({string(item.value)})"
            case Lexeme.PARAMETER:
                return self.marker(item.value)
            case Lexeme.QUOTED | Lexeme.NAME:
                return self._name(item)
            case Lexeme.NUMBER:
                return f"({item.value})" if item.value.startswith("-") else item.value
            case _:
                if item.word == "SELECT":
                    return "SELECT " + self.select(item)
                return item.value if item.word in KEYWORDS or item.lexeme is Lexeme.OPERATOR else quoted(item.value)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def string(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _wrapped(text: str) -> str:
    """Put an operand in parentheses unless it is one word, one literal or one group already."""
    quoted_name = text.startswith('"') and text.endswith('"') and '"' not in text[1:-1]
    literal = text.startswith("'") and text.endswith("'") and "'" not in text[1:-1]
    return text if text.isalnum() or quoted_name or literal else f"({text})"


def _at(items: Sequence[Item], place: int) -> Item | None:
    return items[place] if place < len(items) else None


def _word(item: Item | None) -> str:
    return item.word if isinstance(item, Token) else ""


def _is_number(item: Item | None) -> bool:
    return isinstance(item, Token) and item.lexeme is Lexeme.NUMBER
