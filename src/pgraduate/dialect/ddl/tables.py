"""CREATE TABLE, with its keys, checks, defaults and foreign keys.

An INTEGER PRIMARY KEY numbers its rows as the rowid does.  A key by a collation becomes a unique index over the
folded column.  A foreign key needs a parent that exists and has the key: PostgreSQL takes no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgraduate.dialect.api import translate_default, translate_expression, translate_query
from pgraduate.dialect.core.collation import fold_key
from pgraduate.dialect.ddl.columns import column_of_query, column_view, declared_type
from pgraduate.dialect.ddl.definition import ForeignKey, Key, TableDefinition, read_table
from pgraduate.dialect.ddl.notes import Notes
from pgraduate.dialect.identifiers import fold, qualified, quote
from pgraduate.dialect.schema_view import ColumnView, SchemaView, TableView
from pgraduate.dialect.translation import StatementKind, Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Rule

TEMPORARY = "pg_temp"


def create_table(sql: str, schema: SchemaView, into: str, *, postpone_foreign_keys: bool = False) -> Translation:
    """Translate CREATE TABLE; `into` is PostgreSQL's schema of the new table."""
    definition = read_table(sql)
    into = TEMPORARY if definition.temporary else into
    head = "CREATE TEMPORARY TABLE" if definition.temporary else "CREATE TABLE"
    head += " IF NOT EXISTS" if definition.if_not_exists else ""
    if definition.query is not None:
        return _from_query(definition, head, schema, into)
    return _Table(sql, definition, schema, into, postpone_foreign_keys).translation(head)


def _from_query(definition: TableDefinition, head: str, schema: SchemaView, into: str) -> Translation:
    assert definition.query is not None
    found = translate_query(definition.query, schema)
    columns = tuple(map(column_of_query, found.columns))
    if len({column.target for column in columns}) < len(columns):
        raise NotTranslated(definition.query, "a table with two columns of one name", "give each an alias")
    names = ", ".join(quote(column.target) for column in columns)
    target = fold(definition.name)
    return replace(
        found,
        sql=f"{head} {qualified(into, target)} ({names}) AS\n{found.sql}",
        columns=(),
        ordered=False,
        kind=StatementKind.DDL,
        writes=(definition.name.lower(),),
        makes=TableView(definition.name, into, target, columns),
    )


class _Table:
    def __init__(
        self, sql: str, definition: TableDefinition, schema: SchemaView, into: str, postpones: bool
    ) -> None:
        self.postpones = postpones
        self.sql = sql
        self.definition = definition
        self.schema = schema
        self.notes = Notes()
        self.rowid = rowid_of(definition)
        self.view = self._view(into)
        self.target = qualified(into, self.view.target)

    def translation(self, head: str) -> Translation:
        parts = [self._column(column) for column in self.view.columns]
        indexes = []
        for key in filter(None, (self.definition.primary_key, *self.definition.unique)):
            part, index = self._key(key, primary=key is self.definition.primary_key)
            parts.append(part)
            indexes.append(index)
        parts += [self._check(check) for check in self.definition.checks]
        parts += [self._foreign_key(foreign_key) for foreign_key in self.definition.foreign_keys]
        body = ",\n    ".join(filter(None, parts))
        texts = [f"{head} {self.target} (\n    {body}\n)", *filter(None, indexes)]
        name = self.definition.name.lower()
        there = self.schema.table(name) if self.definition.if_not_exists else None
        return self.notes.translation(texts[:1] if there else texts, writes=(name,), makes=there or self.view)

    def _view(self, into: str) -> TableView:
        definition = self.definition
        parents = {f.children[0].lower(): f for f in definition.foreign_keys if len(f.children) == 1}
        keys = [definition.primary_key, *definition.unique]
        required = {key.name for key in definition.primary_key} if definition.without_rowid else set()
        columns = []
        for column in definition.columns:
            parent = self._parent_column(parents.get(column.name.lower()))
            view = column_view(column, self.schema, parent, strict=definition.strict)
            if view.representation.rule is Rule.ANY_VALUE:
                self.notes.uses_compat = True
            primary = column.name in required or column.name == self.rowid
            columns.append(replace(view, not_null=view.not_null or primary))
        return TableView(
            definition.name,
            into,
            fold(definition.name),
            tuple(columns),
            self.rowid,
            tuple(tuple(str(k.name) for k in key) for key in keys if key and all(k.name for k in key)),
            checks=tuple(definition.checks),
            autoincrement=definition.autoincrement,
        )

    def _parent_column(self, foreign_key: ForeignKey | None) -> ColumnView | None:
        parent = self.schema.table(foreign_key.parent) if foreign_key is not None else None
        if parent is None or foreign_key is None:
            return None
        names = foreign_key.parents or (parent.unique_keys[0] if parent.unique_keys else ())
        return parent.column(names[0]) if len(names) == 1 else None

    def _column(self, column: ColumnView) -> str:
        declared = self.definition.column(column.source)
        assert declared is not None
        parts = [quote(column.target), declared_type(column)]
        if declared.generated is not None:
            found = translate_expression(
                declared.generated, self.schema, self.view, purpose="generated", stored_in=column
            )
            self.notes.add(found)
            parts.append(f"GENERATED ALWAYS AS ({found.sql}) STORED")
        if column.source == self.rowid:
            parts.append("GENERATED BY DEFAULT AS IDENTITY")
        elif declared.default is not None:
            found = translate_default(declared.default, column, self.schema)
            self.notes.add(found)
            parts.append(f"DEFAULT {found.sql}")
        if column.not_null:
            parts.append("NOT NULL")
        return " ".join(parts)

    def _key(self, keys: Sequence[Key], *, primary: bool) -> tuple[str, str]:
        """Give the constraint of a key, and the index that compares by collations where the constraint cannot."""
        columns = [self._named(key) for key in keys]
        names = ", ".join(quote(column.target) for column in columns)
        folds = any(self._collation(key, column) != "BINARY" for key, column in zip(keys, columns, strict=True))
        if folds:
            listed = ", ".join(self._folded(key, column) for key, column in zip(keys, columns, strict=True))
            name = fold("_".join([self.view.target, *(column.target for column in columns), "key"]))
            index = f"CREATE UNIQUE INDEX IF NOT EXISTS {quote(name)} ON {self.target} ({listed})"
            return (f"PRIMARY KEY ({names})" if primary else ""), index
        return f"{'PRIMARY KEY' if primary else 'UNIQUE'} ({names})", ""

    def _named(self, key: Key) -> ColumnView:
        column = self.view.column(key.name) if key.name is not None else None
        if column is None:
            raise NotTranslated(self.sql, f"a key over {key.text}")
        return column

    def _collation(self, key: Key, column: ColumnView) -> str:
        return key_collation(key, column)

    def _folded(self, key: Key, column: ColumnView) -> str:
        return folded(column, self._collation(key, column), self.sql, self.schema, self.notes)

    def _check(self, check: str) -> str:
        found = translate_expression(check, self.schema, self.view, purpose="check")
        self.notes.add(found)
        return f"CHECK ({found.sql})"

    def _foreign_key(self, foreign_key: ForeignKey) -> str:
        own = foreign_key.parent.lower() == self.definition.name.lower()
        parent = self.view if own else self.schema.table(foreign_key.parent)
        if self.postpones and not can_refer(foreign_key, parent):
            return ""
        return references(foreign_key, self.view, parent, self.sql)


def foreign_keys_to(parent: TableView, child: TableView, sql: str) -> tuple[str, ...]:
    """Write the foreign keys of a table that refer to one that was made after it; `sql` is the child's definition."""
    return tuple(
        f"ALTER TABLE {qualified(child.schema, child.target)} ADD {references(key, child, parent, sql)}"
        for key in read_table(sql).foreign_keys
        if key.parent.lower() == parent.source.lower() and can_refer(key, parent)
    )


def can_refer(foreign_key: ForeignKey, parent: TableView | None) -> bool:
    """Say whether the parent stands and has the key that is referred to."""
    if parent is None:
        return False
    names = foreign_key.parents or (parent.unique_keys[0] if parent.unique_keys else ())
    wanted = {name.lower() for name in names}
    return any({name.lower() for name in key} == wanted for key in parent.unique_keys)


def rowid_of(definition: TableDefinition) -> str | None:
    """Name the column that is the rowid: the single INTEGER PRIMARY KEY."""
    if definition.without_rowid or len(definition.primary_key) != 1:
        return None
    key = definition.primary_key[0]
    column = definition.column(key.name) if key.name is not None else None
    return column.name if column is not None and column.declared.upper() == "INTEGER" else None


def references(foreign_key: ForeignKey, child: TableView, parent: TableView | None, sql: str) -> str:
    """Write a foreign key; raise NotTranslated where the parent or its key is missing."""
    if parent is None:
        raise NotTranslated(
            sql,
            f"a foreign key to the unknown table {foreign_key.parent}",
            "make the table that it refers to first",
        )
    if not can_refer(foreign_key, parent):
        raise NotTranslated(sql, f"a foreign key to columns of {parent.source} that are no key")
    names = foreign_key.parents or parent.unique_keys[0]
    children, parents = (
        ", ".join(quote(column.target if column is not None else fold(name)) for name, column in pairs)
        for pairs in (
            [(name, child.column(name)) for name in foreign_key.children],
            [(name, parent.column(name)) for name in names],
        )
    )
    actions = "".join(f" {action}" for action in foreign_key.actions)
    deferred = " DEFERRABLE INITIALLY DEFERRED" if foreign_key.deferred else ""
    target = qualified(parent.schema, parent.target)
    return f"FOREIGN KEY ({children}) REFERENCES {target} ({parents}){actions}{deferred}"


def key_collation(key: Key, column: ColumnView) -> str:
    """Give the collation of a key, which counts where the column may hold a text."""
    has_text = column.type == "text" or column.representation.rule is Rule.ANY_VALUE
    return (key.collation or column.collation).upper() if has_text else "BINARY"


def folded(column: ColumnView, collation: str, sql: str, schema: SchemaView, notes: Notes) -> str:
    """Give the form of a key whose equality and order are the collation's."""
    key = fold_key(quote(column.target), column.representation.rule, collation, schema.compat_schema)
    if key is None:
        raise NotTranslated(sql, f"the collation {collation}", "only BINARY, NOCASE and RTRIM are part of SQLite")
    notes.uses_compat |= key.uses_compat
    return key.sql
