"""The grammar of CREATE TABLE and CREATE INDEX: what a statement says, as data; expressions stay text.

Follows SQLite's grammar (parse.y).  The invariant: a clause that is not read raises NotTranslated, so that nothing
of a definition is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pgraduate.dialect.reading.tokens import Token, closing, span, split_commas, tokenize
from pgraduate.errors import NotTranslated

_CONSTRAINTS = (
    "CONSTRAINT", "PRIMARY", "UNIQUE", "NOT", "NULL", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS",
)  # fmt: skip
_OF_TABLE = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")
_ACTIONS = ("CASCADE", "RESTRICT")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an index or of a table constraint: `text` is the column or expression without collation and order."""

    text: str
    name: str | None
    collation: str | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`parents` is empty where the parent's primary key is meant; `actions` are ON DELETE and ON UPDATE as written."""

    children: tuple[str, ...]
    parent: str
    parents: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    deferred: bool = False


@dataclass(slots=True)
class ColumnDefinition:
    name: str
    declared: str = ""
    not_null: bool = False
    default: str | None = None
    collation: str = "BINARY"
    generated: str | None = None


@dataclass(slots=True)
class TableDefinition:
    """`unique` holds the keys beside the primary one."""

    name: str
    temporary: bool = False
    if_not_exists: bool = False
    columns: list[ColumnDefinition] = field(default_factory=list)
    primary_key: tuple[Key, ...] = ()
    autoincrement: bool = False
    unique: list[tuple[Key, ...]] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    without_rowid: bool = False
    strict: bool = False
    query: str | None = None

    def column(self, name: str) -> ColumnDefinition | None:
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    name: str
    table: str
    keys: tuple[Key, ...]
    unique: bool = False
    if_not_exists: bool = False
    where: str | None = None


class Reader:
    """Reads tokens from left to right; each method consumes what its name says."""

    def __init__(self, sql: str, tokens: Sequence[Token] | None = None) -> None:
        self.sql = sql
        self.tokens = tokenize(sql.rstrip().removesuffix(";")) if tokens is None else tokens
        self.position = 0

    @property
    def done(self) -> bool:
        return self.position >= len(self.tokens)

    def accept(self, *words: str) -> bool:
        """Step over the words if they all stand here."""
        found = self.tokens[self.position : self.position + len(words)]
        if len(found) < len(words) or not all(map(Token.is_word, found, words)):
            return False
        self.position += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.unread()

    def at_word(self, *words: str) -> bool:
        return not self.done and self.tokens[self.position].is_word(*words)

    def at_group(self) -> bool:
        return not self.done and self.tokens[self.position].is_symbol("(")

    def name(self) -> str:
        if self.done or not self.tokens[self.position].is_name:
            raise self.unread()
        self.position += 1
        return self.tokens[self.position - 1].name

    def qualified_name(self) -> tuple[str | None, str]:
        """Take a name with its database in front, if any."""
        name = self.name()
        if self.done or not self.tokens[self.position].is_symbol("."):
            return None, name
        self.position += 1
        return name.lower(), self.name()

    def object_name(self) -> str:
        """Take the name of something in the main database."""
        database, name = self.qualified_name()
        if database not in (None, "main"):
            raise NotTranslated(self.sql, f"the attached database {database}")
        return name

    def group(self) -> Sequence[Token]:
        """Take what stands between parentheses."""
        if not self.at_group():
            raise self.unread()
        end = closing(self.tokens, self.position)
        inner = self.tokens[self.position + 1 : end]
        self.position = end + 1
        return inner

    def group_text(self) -> str:
        return span(self.sql, self.group())

    def rest(self) -> str:
        found = span(self.sql, self.tokens[self.position :])
        self.position = len(self.tokens)
        return found

    def end(self) -> None:
        if not self.done:
            raise self.unread()

    def unread(self) -> NotTranslated:
        if self.done:
            return NotTranslated(self.sql, "an incomplete statement")
        return NotTranslated(self.sql, f"the clause at {self.tokens[self.position].text} in a definition")


def read_table(sql: str) -> TableDefinition:
    """Read a CREATE TABLE statement."""
    reader = Reader(sql)
    reader.expect("CREATE")
    temporary = reader.accept("TEMP") or reader.accept("TEMPORARY")
    reader.expect("TABLE")
    if_not_exists = reader.accept("IF", "NOT", "EXISTS")
    database, name = reader.qualified_name()
    if database not in (None, "main", "temp"):
        raise NotTranslated(sql, f"the attached database {database}")
    table = TableDefinition(name, temporary or database == "temp", if_not_exists)
    if reader.accept("AS"):
        table.query = reader.rest()
        return table
    for part in split_commas(reader.group()):
        if part and part[0].is_word(*_OF_TABLE) and len(part) > 1:
            _table_constraint(Reader(sql, part), table)
        else:
            _column(Reader(sql, part), table)
    while not reader.done:
        if reader.accept("WITHOUT"):
            if reader.name().lower() != "rowid":
                raise reader.unread()
            table.without_rowid = True
        else:
            reader.expect("STRICT")
            table.strict = True
        if not reader.done:
            reader.position += reader.tokens[reader.position].is_symbol(",")
    return table


def read_index(sql: str) -> IndexDefinition:
    """Read a CREATE INDEX statement."""
    reader = Reader(sql)
    reader.expect("CREATE")
    unique = reader.accept("UNIQUE")
    reader.expect("INDEX")
    if_not_exists = reader.accept("IF", "NOT", "EXISTS")
    name = reader.object_name()
    reader.expect("ON")
    table = reader.name()
    keys = _keys(sql, reader.group())
    where = reader.rest() if reader.accept("WHERE") else None
    reader.end()
    return IndexDefinition(name, table, keys, unique, if_not_exists, where)


def read_column(sql: str, tokens: Sequence[Token]) -> TableDefinition:
    """Read one column's definition; its constraints stand in a table of it alone."""
    table = TableDefinition("")
    _column(Reader(sql, tokens), table)
    return table


def _column(reader: Reader, table: TableDefinition) -> None:
    column = ColumnDefinition(reader.name())
    table.columns.append(column)
    start = reader.position
    while not reader.done and not reader.at_word(*_CONSTRAINTS):
        if reader.at_group():
            reader.group()
        else:
            reader.position += 1
    column.declared = span(reader.sql, reader.tokens[start : reader.position])
    while not reader.done:
        _column_constraint(reader, column, table)


def _column_constraint(reader: Reader, column: ColumnDefinition, table: TableDefinition) -> None:
    if reader.accept("CONSTRAINT"):
        reader.name()
    if reader.accept("PRIMARY", "KEY"):
        descending = reader.accept("DESC")
        reader.accept("ASC")
        _conflict(reader)
        table.autoincrement = reader.accept("AUTOINCREMENT")
        table.primary_key = (Key(column.name, column.name, descending=descending),)
    elif reader.accept("NOT", "NULL"):
        column.not_null = True
        _conflict(reader)
    elif reader.accept("NULL"):
        _conflict(reader)
    elif reader.accept("UNIQUE"):
        table.unique.append((Key(column.name, column.name),))
        _conflict(reader)
    elif reader.accept("CHECK"):
        table.checks.append(reader.group_text())
    elif reader.accept("DEFAULT"):
        column.default = _default(reader)
    elif reader.accept("COLLATE"):
        column.collation = reader.name().upper()
    elif reader.at_word("REFERENCES"):
        table.foreign_keys.append(_references(reader, (column.name,)))
    elif reader.accept("GENERATED", "ALWAYS", "AS") or reader.accept("AS"):
        column.generated = reader.group_text()
        _ = reader.accept("STORED") or reader.accept("VIRTUAL")
    else:
        raise reader.unread()


def _default(reader: Reader) -> str:
    if reader.at_group():
        return f"({reader.group_text()})"
    start = reader.position
    if not reader.done and reader.tokens[start].text in ("+", "-"):
        reader.position += 1
    if reader.done:
        raise reader.unread()
    reader.position += 1
    return span(reader.sql, reader.tokens[start : reader.position])


def _table_constraint(reader: Reader, table: TableDefinition) -> None:
    if reader.accept("CONSTRAINT"):
        reader.name()
    if reader.accept("PRIMARY", "KEY"):
        tokens = reader.group()
        if tokens and tokens[-1].is_word("AUTOINCREMENT"):
            table.autoincrement, tokens = True, tokens[:-1]
        table.primary_key = _keys(reader.sql, tokens)
        _conflict(reader)
    elif reader.accept("UNIQUE"):
        table.unique.append(_keys(reader.sql, reader.group()))
        _conflict(reader)
    elif reader.accept("CHECK"):
        table.checks.append(reader.group_text())
        _conflict(reader)
    else:
        reader.expect("FOREIGN", "KEY")
        children = _names(reader)
        table.foreign_keys.append(_references(reader, children))
    reader.end()


def _references(reader: Reader, children: tuple[str, ...]) -> ForeignKey:
    reader.expect("REFERENCES")
    parent = reader.name()
    parents = _names(reader) if reader.at_group() else ()
    actions: list[str] = []
    deferred = False
    while not reader.done:
        if reader.accept("ON"):
            event = "DELETE" if reader.accept("DELETE") else "UPDATE" if reader.accept("UPDATE") else ""
            actions.append(f"ON {event} {_action(reader)}" if event else "")
            if not event:
                raise reader.unread()
        elif reader.accept("MATCH"):
            reader.name()
        elif reader.accept("NOT", "DEFERRABLE"):
            _ = reader.accept("INITIALLY", "DEFERRED") or reader.accept("INITIALLY", "IMMEDIATE")
        elif reader.accept("DEFERRABLE"):
            deferred = reader.accept("INITIALLY", "DEFERRED")
            reader.accept("INITIALLY", "IMMEDIATE")
        else:
            break
    return ForeignKey(children, parent, parents, tuple(actions), deferred)


def _action(reader: Reader) -> str:
    for words in (("SET", "NULL"), ("SET", "DEFAULT"), ("NO", "ACTION"), *((action,) for action in _ACTIONS)):
        if reader.accept(*words):
            return " ".join(words)
    raise reader.unread()


def _conflict(reader: Reader) -> None:
    """Take ON CONFLICT of a constraint: only the rule that every statement has anyway is carried."""
    if reader.accept("ON", "CONFLICT"):
        rule = reader.name().upper()
        if rule not in ("ABORT", "FAIL", "ROLLBACK"):
            raise NotTranslated(
                reader.sql,
                f"a constraint with ON CONFLICT {rule}",
                "write the rule into the statements that insert",
            )


def _names(reader: Reader) -> tuple[str, ...]:
    parts = split_commas(reader.group())
    if any(len(part) != 1 or not part[0].is_name for part in parts):
        raise NotTranslated(reader.sql, "a list of columns that holds more than names")
    return tuple(part[0].name for part in parts)


def _keys(sql: str, tokens: Sequence[Token]) -> tuple[Key, ...]:
    return tuple(_key(sql, part) for part in split_commas(tokens))


def _key(sql: str, tokens: Sequence[Token]) -> Key:
    descending = bool(tokens) and tokens[-1].is_word("DESC")
    if tokens and tokens[-1].is_word("ASC", "DESC"):
        tokens = tokens[:-1]
    collation = None
    if len(tokens) > 2 and tokens[-2].is_word("COLLATE"):
        collation, tokens = tokens[-1].name.upper(), tokens[:-2]
    name = tokens[0].name if len(tokens) == 1 and tokens[0].is_name else None
    return Key(span(sql, tokens), name, collation, descending)
