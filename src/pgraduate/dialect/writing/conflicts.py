"""What an INSERT does with rows that are already there: OR IGNORE, OR REPLACE, ON CONFLICT.

OR REPLACE removes every row that collides on any unique key and inserts a new one, whose unlisted columns have
their defaults.  With one key that can collide this is ON CONFLICT DO UPDATE of every column; with several, a DELETE
of the colliding rows goes first.  OR IGNORE is ON CONFLICT DO NOTHING over rows that violate nothing else (see `ignoring`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgraduate.dialect.api import translate_expression
from pgraduate.dialect.core.collation import fold_key
from pgraduate.dialect.core.names import Scope, source_of_table
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import ColumnView, TableView
from pgraduate.dialect.writing.parser import Insert, Policy, Upsert
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.targets import by_qualifier_only, column_of, is_rowid, set_clause
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.representation import Rule


@dataclass(frozen=True, slots=True)
class NewRows:
    """What is inserted, translated: the text behind the column list, and for VALUES each row's values.

    `unused` gives the places, by row and column, of values that no row can have: a NULL, which equals nothing, and what
    stands for it in the rowid, a number behind all others.
    """

    table: TableView
    alias: str
    columns: tuple[ColumnView, ...]
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    unused: frozenset[tuple[int, int]] = frozenset()


def conflict_texts(insert: Insert, new: NewRows, sql: str, pieces: Pieces, outer: Scope) -> tuple[list[str], str]:
    """Give the statements to run before the INSERT, and its ON CONFLICT clause ('' for none)."""
    return _Conflicts(insert, new, sql, pieces, outer).texts()


@dataclass(frozen=True, slots=True)
class _Conflicts:
    insert: Insert
    new: NewRows
    sql: str
    pieces: Pieces
    outer: Scope

    def texts(self) -> tuple[list[str], str]:
        """Give the statements to run before, and the ON CONFLICT clause."""
        policy, upserts = self.insert.policy, self.insert.upserts
        if self.new.table.is_view and (upserts or policy in (Policy.IGNORE, Policy.REPLACE)):
            raise NotTranslated(self.sql, "conflict handling on a view")
        if upserts:
            return [], self._upsert(self._only_rule(upserts))
        match policy:
            case Policy.IGNORE:
                return [], self._ignore()
            case Policy.REPLACE:
                return self._replace()
            case Policy.FAIL | Policy.ROLLBACK:
                self._find(
                    f"OR_{policy}_ABORTS",
                    f"OR {policy} takes back the statement and nothing else, whatever row failed.",
                )
        return [], ""

    def _only_rule(self, upserts: Sequence[Upsert]) -> Upsert:
        """Give the rule that every conflict meets: with a single key the first that speaks of it.

        Of OR IGNORE or OR REPLACE, which rule the keys that no clause names, nothing is left then.
        """
        if len(upserts) == 1 and self.insert.policy not in (Policy.IGNORE, Policy.REPLACE):
            return upserts[0]
        keys = [{column.source for column in key} for key in self._colliding_keys()]
        for upsert in upserts:
            named = {column.source for column in self._target_key(upsert)}
            if len(keys) == 1 and (not named or named == keys[0]):
                return upsert
        raise NotTranslated(
            self.sql, "more than one rule for conflicts", "PostgreSQL has one ON CONFLICT clause, for one key."
        )

    def _ignore(self) -> str:
        self.pieces.fired("or ignore")
        return " ON CONFLICT DO NOTHING"

    def _replace(self) -> tuple[list[str], str]:
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
            return self._delete_colliding(keys), ""
        key = keys[0]
        same = {column.source for column in key if _is_same_where_equal(column)}
        others = [c for c in self.new.table.columns if c.source not in same and not c.generated]
        names = self._inferred(key)
        if not others:
            return [], f" ON CONFLICT ({names}) DO NOTHING"
        # EXCLUDED holds the defaults of the columns that are not listed.
        sets = ", ".join(f"{quote(c.target)} = excluded.{quote(c.target)}" for c in others)
        return [], f" ON CONFLICT ({names}) DO UPDATE SET {sets}"

    def _colliding_keys(self) -> list[tuple[ColumnView, ...]]:
        return colliding_keys(self.new, self.sql)

    def _delete_colliding(self, keys: list[tuple[ColumnView, ...]]) -> list[str]:
        place = {column.source.lower(): index for index, column in enumerate(self.new.columns)}
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
        names = [quote(f"_new_{index}") for index in range(len(self.new.columns))]
        using = "" if self.new.rows else f" USING ({self.new.text}) AS _new ({', '.join(names)})"
        rows = self.new.rows or [tuple(f"_new.{name}" for name in names)]
        alias = quote(self.new.alias)
        tests = [
            " AND ".join(self._equal(c, f"{alias}.{quote(c.target)}", row[place[c.source.lower()]]) for c in key)
            for number, row in enumerate(rows)
            for key in usable
            if not any((number, place[c.source.lower()]) in self.new.unused for c in key)
        ]
        if not tests:
            return []
        target = qualified(self.new.table.schema, self.new.table.target)
        return [f"DELETE FROM {target} AS {alias}{using} WHERE {' OR '.join(f'({test})' for test in tests)}"]

    def _upsert(self, upsert: Upsert) -> str:
        self.pieces.fired("upsert")
        if any(_is_expression(text) for text in upsert.target):
            target = f" ({self._inferred_expressions(upsert.target)})"
        else:
            key = self._target_key(upsert)
            target = f" ({self._inferred(key)})" if key else ""
        scope = Scope([source_of_table(self.new.table, self.new.alias, self.new.alias)], self.outer)
        if upsert.target_where is not None:
            target += f" WHERE {self.pieces.condition(upsert.target_where, scope)}"
        if upsert.assignments is None:
            return f" ON CONFLICT{target} DO NOTHING"
        scope.sources.append(by_qualifier_only(source_of_table(self.new.table, "excluded", "excluded")))
        sets = set_clause(upsert.assignments, self.new.table, self.sql, self.pieces, scope)
        where = f" WHERE {self.pieces.condition(upsert.where, scope)}" if upsert.where is not None else ""
        return f" ON CONFLICT{target} DO UPDATE SET {sets}{where}"

    def _target_key(self, upsert: Upsert) -> tuple[ColumnView, ...]:
        """Give the columns of the conflict target; DO UPDATE without one means the only key."""
        if not upsert.target:
            if upsert.assignments is None:
                return ()
            keys = self._colliding_keys()
            if len(keys) != 1:
                raise NotTranslated(self.sql, "DO UPDATE without a conflict target", "Name the columns of the key.")
            return keys[0]
        return target_key(upsert, self.new, self.sql)

    def _inferred(self, key: Sequence[ColumnView]) -> str:
        """List the columns of a key as its unique index has them."""
        return ", ".join(folded(column, quote(column.target), self.sql, self.pieces) for column in key)

    def _inferred_expressions(self, terms: Sequence[str]) -> str:
        """List the terms of a key over expressions as its index has them; PostgreSQL refuses one that no index has."""
        texts = []
        for term in terms:
            if _is_expression(term):
                found = translate_expression(term, self.pieces.schema, self.new.table, purpose="index")
                self.pieces.uses_compat |= found.uses_compat
                texts.append(f"({found.sql})")
            else:
                texts.append(self._inferred([column_of(self.new.table, _plain_name(term, self.sql), self.sql)]))
        return ", ".join(texts)

    def _equal(self, column: ColumnView, old: str, new: str) -> str:
        sides = (folded(column, text, self.sql, self.pieces) for text in (old, new))
        return " = ".join(sides)

    def _find(self, code: str, what: str) -> None:
        self.pieces.findings.append(Finding(code, Severity.NOTICE, self.pieces.where, what))


def colliding_keys(new: NewRows, sql: str) -> list[tuple[ColumnView, ...]]:
    """Give the unique keys that the new rows can collide on: an unlisted rowid never does."""
    listed = {column.source.lower() for column in new.columns}
    keys = []
    for names in new.table.unique_keys:
        key = tuple(column_of(new.table, name, sql) for name in names)
        if len(key) == 1 and is_rowid(new.table, key[0]) and key[0].source.lower() not in listed:
            continue
        keys.append(key)
    return keys


def target_key(upsert: Upsert, new: NewRows, sql: str) -> tuple[ColumnView, ...]:
    """Give the columns that a conflict target names; raise NotTranslated where they are no key."""
    key = tuple(column_of(new.table, _plain_name(text, sql), sql) for text in upsert.target)
    names = {column.source.lower() for column in key}
    known = any({name.lower() for name in found} == names for found in new.table.unique_keys)
    if not known and upsert.target_where is None and not (len(key) == 1 and is_rowid(new.table, key[0])):
        raise NotTranslated(sql, "a conflict target that is no unique key of the table")
    return key


def _is_same_where_equal(column: ColumnView) -> bool:
    """Tell whether equal values of a key's column are the same value: 5.0 equals 5, and by NOCASE 'a' equals 'A'."""
    return column.representation.rule is not Rule.ANY_VALUE and column.collation.upper() == "BINARY"


def folded(column: ColumnView, text: str, sql: str, pieces: Pieces) -> str:
    """Give the form of a key's column whose equality is the collation's, as its unique index has it."""
    rule, collation = column.representation.rule, column.collation.upper()
    if rule not in (Rule.TEXT, Rule.ANY_TEXT, Rule.ANY_VALUE):
        return text
    key = fold_key(text, rule, collation, pieces.schema.compat_schema)
    if key is None and rule is Rule.ANY_VALUE:
        return text
    if key is None:
        raise NotTranslated(sql, f"a conflict on a unique key with the collation {collation}")
    pieces.uses_compat |= key.uses_compat
    return key.sql


def _is_expression(term: str) -> bool:
    tokens = tokenize(term)
    return len(tokens) != 1 or not tokens[0].is_name


def _plain_name(text: str, sql: str) -> str:
    if _is_expression(text):
        raise NotTranslated(sql, "a conflict target that is an expression")
    return tokenize(text)[0].name
