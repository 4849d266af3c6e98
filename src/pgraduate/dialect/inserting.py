"""INSERT, with its OR clause and its ON CONFLICT clauses.

OR REPLACE removes every row that collides on any unique key and inserts a new one, whose unlisted columns have
their defaults.  With one key that can collide this is ON CONFLICT DO UPDATE of every column; with several, a DELETE
of the colliding rows goes first.  OR IGNORE is ON CONFLICT DO NOTHING, which passes over unique keys only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pgraduate.dialect import tree
from pgraduate.dialect.assignment import assigned
from pgraduate.dialect.context import Context
from pgraduate.dialect.dml_parser import Insert, Policy, Upsert
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.kinds import Kind, Typed
from pgraduate.dialect.names import Scope, source_of_table
from pgraduate.dialect.pieces import Pieces
from pgraduate.dialect.schema_view import ColumnView
from pgraduate.dialect.targets import column_of, set_clause, written_table
from pgraduate.dialect.tokens import tokenize
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity


def insert_texts(insert: Insert, sql: str, pieces: Pieces, outer: Scope) -> list[str]:
    """Translate an INSERT to the statements that do the same, in their order."""
    return _Inserter(insert, sql, pieces, outer).texts()


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is inserted: the text behind the column list, and for VALUES each row's values."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()


class _Inserter:
    def __init__(self, insert: Insert, sql: str, pieces: Pieces, outer: Scope) -> None:
        self.insert = insert
        self.sql = sql
        self.pieces = pieces
        self.outer = outer
        self.table = written_table(insert.table, sql, pieces.schema)
        self.alias = insert.alias or insert.table
        self.columns = self._columns()

    def texts(self) -> list[str]:
        rows = self._rows()
        before, conflict = self._conflict(rows)
        target = qualified(self.table.schema, self.table.target)
        named = f" AS {quote(self.alias)}" if conflict or self.insert.returning is not None else ""
        listed = ", ".join(quote(column.target) for column in self.columns)
        names = f" ({listed})" if listed else ""
        return [*before, f"INSERT INTO {target}{named}{names} {rows.text}{conflict}"]

    def _columns(self) -> tuple[ColumnView, ...]:
        insert = self.insert
        if insert.columns:
            return tuple(column_of(self.table, name, self.sql) for name in insert.columns)
        if not insert.rows and insert.query is None:
            return ()
        return tuple(column for column in self.table.columns if not column.generated)

    def _rows(self) -> _Rows:
        if self.insert.query is not None:
            return _Rows(self._selected(self.insert.query))
        if not self.insert.rows:
            return _Rows("DEFAULT VALUES")
        rows = tuple(self._row(row) for row in self.insert.rows)
        return _Rows("VALUES " + ", ".join(f"({', '.join(row)})" for row in rows), rows)

    def _row(self, values: Sequence[str]) -> tuple[str, ...]:
        self._check_count(len(values))
        texts = []
        for text, column in zip(values, self.columns, strict=True):
            value, context = self.pieces.expression(text, self.outer)
            texts.append(self._stored(value, column, context))
        return tuple(texts)

    def _stored(self, value: Typed, column: ColumnView, context: Context) -> str:
        """Write one value; NULL for the rowid means the next number."""
        if not self._is_rowid(column):
            return tree.text_of(assigned(value, column, context))
        if value.kind is Kind.NULL and value.is_constant:
            return "DEFAULT"
        return tree.text_of(self._numbered(value, column, context))

    def _numbered(self, value: Typed, column: ColumnView, context: Context) -> exp.Expr:
        node = assigned(value, column, context)
        if value.not_null or value.is_constant:
            return node
        context.fired("next rowid")
        sequence = tree.call(
            "pg_get_serial_sequence",
            tree.string(qualified(self.table.schema, self.table.target)),
            tree.string(column.target),
        )
        return tree.call("coalesce", node, tree.call("nextval", sequence))

    def _selected(self, query: str) -> str:
        """Translate INSERT … SELECT; where a column needs another form, around the query."""
        node, shape, context = self.pieces.query(query, self.outer)
        self._check_count(len(shape.columns))
        inner = context.fresh("row")
        names = [context.fresh("value") for _ in shape.columns]
        values = []
        changed = False
        for found, column, name in zip(shape.columns, self.columns, names, strict=True):
            reference = tree.column(inner, name)
            value = replace(found.value, node=reference)
            stored = (
                self._numbered(value, column, context)
                if self._is_rowid(column)
                else assigned(value, column, context)
            )
            changed = changed or stored is not reference
            values.append(tree.text_of(stored))
        if not changed:
            return tree.text_of(node)
        listed = ", ".join(quote(name) for name in names)
        return f"SELECT {', '.join(values)} FROM ({tree.text_of(node)}) AS {quote(inner)} ({listed})"

    def _check_count(self, count: int) -> None:
        if count != len(self.columns):
            raise NotTranslated(self.sql, f"an INSERT of {count} values into {len(self.columns)} columns")

    def _is_rowid(self, column: ColumnView) -> bool:
        alias = self.table.rowid_alias
        return alias is not None and column.source.lower() == alias.lower()

    def _conflict(self, rows: _Rows) -> tuple[list[str], str]:
        """Give the statements to run before, and the ON CONFLICT clause."""
        policy, upserts = self.insert.policy, self.insert.upserts
        if self.table.is_view and (upserts or policy in (Policy.IGNORE, Policy.REPLACE)):
            raise NotTranslated(self.sql, "conflict handling on a view")
        if upserts:
            if policy in (Policy.IGNORE, Policy.REPLACE) or len(upserts) > 1:
                raise NotTranslated(self.sql, "more than one rule for conflicts")
            return [], self._upsert(upserts[0])
        match policy:
            case Policy.IGNORE:
                return [], self._ignore()
            case Policy.REPLACE:
                return self._replace(rows)
            case Policy.FAIL | Policy.ROLLBACK:
                self._find(
                    f"OR_{policy}_ABORTS",
                    f"OR {policy} takes back the statement and nothing else, whatever row failed.",
                )
        return [], ""

    def _ignore(self) -> str:
        self.pieces.fired("or ignore")
        self._find(
            "IGNORE_ONLY_UNIQUE",
            "OR IGNORE passes over rows that collide on a unique key; one that violates NOT NULL or CHECK, which "
            "SQLite passes over too, fails.",
        )
        return " ON CONFLICT DO NOTHING"

    def _replace(self, rows: _Rows) -> tuple[list[str], str]:
        self.pieces.fired("or replace")
        keys = self._colliding_keys()
        if not keys:
            return [], ""
        self._find(
            "REPLACE_FIRES_OTHERWISE",
            "OR REPLACE is an INSERT in SQLite's eyes and fires INSERT triggers only; here a replaced row is "
            + ("updated" if len(keys) == 1 else "deleted and inserted")
            + ", with the triggers and foreign key actions of that.",
        )
        if len(keys) > 1:
            return [self._delete_colliding(keys, rows)], ""
        key = keys[0]
        listed = {column.source for column in key}
        others = [c for c in self.table.columns if c.source not in listed and not c.generated]
        names = ", ".join(quote(column.target) for column in key)
        if not others:
            return [], f" ON CONFLICT ({names}) DO NOTHING"
        # EXCLUDED holds the defaults of the columns that are not listed.
        sets = ", ".join(f"{quote(c.target)} = excluded.{quote(c.target)}" for c in others)
        return [], f" ON CONFLICT ({names}) DO UPDATE SET {sets}"

    def _colliding_keys(self) -> list[tuple[ColumnView, ...]]:
        """Give the unique keys that the new rows can collide on: an unlisted rowid never does."""
        listed = {column.source.lower() for column in self.columns}
        keys = []
        for names in self.table.unique_keys:
            key = tuple(column_of(self.table, name, self.sql) for name in names)
            self._check_collation(key)
            if len(key) == 1 and self._is_rowid(key[0]) and key[0].source.lower() not in listed:
                continue
            keys.append(key)
        return keys

    def _delete_colliding(self, keys: list[tuple[ColumnView, ...]], rows: _Rows) -> str:
        place = {column.source.lower(): index for index, column in enumerate(self.columns)}
        usable = []
        for key in keys:
            missing = [column for column in key if column.source.lower() not in place]
            if not missing:
                usable.append(key)
            elif len(missing) < len(key) or any(column.not_null for column in missing):
                raise NotTranslated(self.sql, "OR REPLACE with several unique keys, one of them not listed whole")
            else:
                self._find(
                    "REPLACE_ASSUMES_NULL",
                    f"The unlisted unique key {', '.join(c.source for c in key)} is taken to be NULL by default.",
                )
        target, alias = qualified(self.table.schema, self.table.target), quote(self.alias)
        if rows.rows:
            tests = [
                " AND ".join(f"{alias}.{quote(c.target)} = {row[place[c.source.lower()]]}" for c in key)
                for row in rows.rows
                for key in usable
                if all(row[place[c.source.lower()]] not in ("DEFAULT", "NULL") for c in key)
            ]
            return f"DELETE FROM {target} AS {alias} WHERE {' OR '.join(f'({test})' for test in tests) or 'false'}"
        new = [quote(f"_new_{index}") for index in range(len(self.columns))]
        tests = [
            " AND ".join(f"{alias}.{quote(c.target)} = _new.{new[place[c.source.lower()]]}" for c in key)
            for key in usable
        ]
        using = f"({rows.text}) AS _new ({', '.join(new)})"
        return (
            f"DELETE FROM {target} AS {alias} USING {using} WHERE {' OR '.join(f'({t})' for t in tests) or 'false'}"
        )

    def _upsert(self, upsert: Upsert) -> str:
        self.pieces.fired("upsert")
        key = self._target_key(upsert)
        target = f" ({', '.join(quote(column.target) for column in key)})" if key else ""
        scope = Scope([source_of_table(self.table, self.alias, self.alias)], self.outer)
        if upsert.target_where is not None:
            target += f" WHERE {self.pieces.condition(upsert.target_where, scope)}"
        if upsert.assignments is None:
            return f" ON CONFLICT{target} DO NOTHING"
        # Only a qualified name means the row that was not inserted.
        scope.outer = Scope([source_of_table(self.table, "excluded", "excluded")], self.outer)
        sets = set_clause(upsert.assignments, self.table, self.sql, self.pieces, scope)
        where = f" WHERE {self.pieces.condition(upsert.where, scope)}" if upsert.where is not None else ""
        return f" ON CONFLICT{target} DO UPDATE SET {sets}{where}"

    def _target_key(self, upsert: Upsert) -> tuple[ColumnView, ...]:
        """Give the columns of the conflict target; DO UPDATE without one means the only key."""
        if not upsert.target:
            if upsert.assignments is None:
                return ()
            if len(self.table.unique_keys) != 1:
                raise NotTranslated(self.sql, "DO UPDATE without a conflict target", "Name the columns of the key.")
            return tuple(column_of(self.table, name, self.sql) for name in self.table.unique_keys[0])
        key = tuple(column_of(self.table, _plain_name(text, self.sql), self.sql) for text in upsert.target)
        self._check_collation(key)
        names = {column.source.lower() for column in key}
        known = any({name.lower() for name in found} == names for found in self.table.unique_keys)
        if not known and upsert.target_where is None and not (len(key) == 1 and self._is_rowid(key[0])):
            raise NotTranslated(self.sql, "a conflict target that is no unique key of the table")
        return key

    def _check_collation(self, key: Sequence[ColumnView]) -> None:
        if any(column.collation.upper() != "BINARY" for column in key):
            raise NotTranslated(self.sql, "a conflict on a unique key with a collation")

    def _find(self, code: str, what: str) -> None:
        self.pieces.findings.append(Finding(code, Severity.NOTICE, self.pieces.where, what))


def _plain_name(text: str, sql: str) -> str:
    tokens = tokenize(text)
    if len(tokens) != 1 or not tokens[0].is_name:
        raise NotTranslated(sql, "a conflict target that is an expression")
    return tokens[0].name
