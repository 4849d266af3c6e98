"""A definition at run time: what PostgreSQL does for it, and the mirror as it is afterwards.

SQLite itself judges the statement first, on a copy of the mirror, so that its errors are SQLite's own.  The
invariant: the mirror changes exactly when the statements were made for the server, or nothing was to be done.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from pgraduate.dbapi.mirror import Definition, Mirror, changes
from pgraduate.dialect import translate_ddl, translate_trigger, translate_view
from pgraduate.dialect.ddl.definition import read_table
from pgraduate.dialect.ddl.tables import can_refer, foreign_keys_to
from pgraduate.dialect.identifiers import fold, qualified, quote
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.schema_view import ColumnView, SchemaView, TableView
from pgraduate.dialect.translation import OutputColumn
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity


@dataclass(frozen=True, slots=True)
class Defined:
    """`texts` run in their order; `gone` and `new` are the records' lines that change."""

    mirror: Mirror
    texts: tuple[str, ...]
    gone: tuple[Definition, ...]
    new: tuple[Definition, ...]


def define(sql: str, mirror: Mirror, *, legacy: bool = False) -> Defined:
    """Work out CREATE, ALTER or DROP; `legacy` is PRAGMA legacy_alter_table.

    Raises what sqlite3 raises where SQLite refuses, and NotTranslated where PostgreSQL has no counterpart.
    """
    tokens = tokenize(sql)
    if any(token.is_word("TEMP", "TEMPORARY") for token in tokens[:2]):
        raise NotTranslated(
            sql, "a temporary object", "connections share servers' sessions: make a table and drop it"
        )
    if tokens[1].is_word("TABLE") and any(token.is_word("AS") for token in tokens):
        mirror.require_readable(sql)
    after = mirror.redefined(sql, legacy=legacy)
    if legacy:
        _require_followed(sql, mirror, after)
    before = mirror.catalog()
    gone, new = changes(before, after.catalog())
    if not gone and not new:
        return Defined(mirror, (), (), ())
    texts = _texts(sql, tokens, mirror, after, gone)
    if tokens[0].is_word("ALTER"):
        texts = (*_let_go(gone, mirror), *texts, *_followed(new, after))
    gone, new = changes(before, after.catalog())
    return Defined(after, texts, tuple(gone), tuple(new))


def _require_followed(sql: str, mirror: Mirror, after: Mirror) -> None:
    """Refuse a renaming that would leave the old name in views and triggers: PostgreSQL's views follow the table."""
    try:
        plain = mirror.redefined(sql)
    except sqlite3.OperationalError:
        # One of them names a table that is not there at the moment, as while a table is rebuilt: neither follows.
        return
    if plain.catalog() != after.catalog():
        raise NotTranslated(
            sql,
            "ALTER TABLE of what a view or a trigger names, under PRAGMA legacy_alter_table = ON",
            "set it OFF: views and triggers then follow the new name",
        )


def _texts(
    sql: str, tokens: tuple[Token, ...], mirror: Mirror, after: Mirror, gone: list[Definition]
) -> tuple[str, ...]:
    """Translate the definition and bring the shapes of the mirror behind it up to date."""
    if tokens[1].is_word("VIRTUAL"):
        raise NotTranslated(sql, "CREATE VIRTUAL TABLE")
    if tokens[0].is_word("CREATE") and tokens[1].is_word("VIEW"):
        return _view(sql, mirror, after)
    if tokens[0].is_word("CREATE") and tokens[1].is_word("TRIGGER"):
        trigger = translate_trigger(sql, mirror)
        return trigger.function, trigger.trigger
    if tokens[0].is_word("DROP") and tokens[1].is_word("TRIGGER"):
        return tuple(text for item in gone for text in translate_trigger(item.sql, mirror).drop)
    found = translate_ddl(sql, mirror, into=mirror.schema, postpone_foreign_keys=True)
    texts = [*found.before, found.sql]
    if found.removes:
        after.shapes.pop(found.removes, None)
    if tokens[0].is_word("DROP"):
        # A trigger goes with its table; its function would stay.
        texts += [translate_trigger(item.sql, mirror).drop[-1] for item in gone if item.kind == "trigger"]
        texts[0] += _cascade(tokens, mirror)
    if found.makes is None:
        return tuple(texts)
    made = found.makes
    if tokens[0].is_word("CREATE") and tokens[1].is_word("TABLE"):
        made, numbered = _with_rowid(made, after)
        texts += numbered
    after.shapes[made.source.lower()] = made
    if mirror.table(made.source) is None:
        texts += _awaited(made, after)
    return tuple(texts)


def _let_go(gone: list[Definition], mirror: Mirror) -> list[str]:
    """Drop the triggers that name what is altered: the text of a function does not follow."""
    return [text for item in gone if item.kind == "trigger" for text in translate_trigger(item.sql, mirror).drop]


def _followed(new: list[Definition], after: Mirror) -> list[str]:
    """Make those triggers anew, and give a view the names that its columns have in SQLite from now on."""
    texts: list[str] = []
    for item in new:
        if item.kind == "view" and (old := after.shapes.get(item.name.lower())) is not None:
            view, _ = view_shape(item.sql, item.name, after, after.schema)
            after.shapes[item.name.lower()] = view
            texts += [
                f"ALTER VIEW {qualified(view.schema, view.target)} RENAME COLUMN {quote(was.target)} TO {quote(now.target)}"
                for was, now in zip(old.columns, view.columns, strict=True)
                if was.target != now.target
            ]
    for item in new:
        if item.kind == "trigger":
            trigger = translate_trigger(item.sql, after)
            texts += [trigger.function, trigger.trigger]
    return texts


def _cascade(tokens: tuple[Token, ...], mirror: Mirror) -> str:
    """Take the foreign keys to a dropped table with it, as SQLite does; a view is never lost with it."""
    has_views = any(shape.is_view for shape in mirror.shapes.values())
    return " CASCADE" if tokens[1].is_word("TABLE") and not has_views else ""


def _with_rowid(made: TableView, after: Mirror) -> tuple[TableView, list[str]]:
    """Number the rows of a table that has no INTEGER PRIMARY KEY: SQLite does, and statements may ask for it."""
    _, rows = after.answer("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (made.source,))
    if made.rowid_alias is not None or rows[0][0]:
        return made, []
    name = next((name for name in ("rowid", "_rowid_", "oid") if made.column(name) is None), None)
    if name is None:
        return made, []
    column = ColumnView(
        name, name, "bigint", Affinity.INTEGER, Representation(Rule.INTEGER), not_null=True, implicit=True
    )
    target = qualified(made.schema, made.target)
    text = f"ALTER TABLE {target} ADD COLUMN {quote(name)} bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE"
    return replace(made, columns=(*made.columns, column), rowid_alias=name), [text]


def _awaited(parent: TableView, after: Mirror) -> list[str]:
    """Write the foreign keys of tables that were made before the one that they refer to."""
    texts: list[str] = []
    for item in after.catalog().values():
        if item.kind == "table" and item.shape is not None and item.shape.source != parent.source:
            child, retyped = _typed_as(parent, item.shape, item.sql)
            keys = foreign_keys_to(parent, child, item.sql)
            if keys:
                after.shapes[child.source.lower()] = child
                texts += [*retyped, *keys]
    return texts


def _typed_as(parent: TableView, child: TableView, sql: str) -> tuple[TableView, list[str]]:
    """Give a child's columns of any class the type of those that they refer to, which stand only now."""
    definition = read_table(sql)
    texts: list[str] = []
    columns = list(child.columns)
    for key in definition.foreign_keys:
        if key.parent.lower() != parent.source.lower() or not can_refer(key, parent):
            continue
        for name, referred in zip(key.children, key.parents or parent.unique_keys[0], strict=True):
            column, like = child.column(name), parent.column(referred)
            if (
                column is None
                or like is None
                or column.representation.rule is not Rule.ANY_VALUE
                or column.type == like.type
            ):
                continue
            columns[columns.index(column)] = replace(column, type=like.type, representation=like.representation)
            target = quote(column.target)
            # What is no number fails: no parent can have it.
            number = f"CASE ({target}).kind WHEN 1 THEN ({target}).number ELSE ({target}).text::numeric END"
            texts.append(
                f"ALTER TABLE {qualified(child.schema, child.target)} ALTER COLUMN {target} TYPE {like.type} "
                f"USING {number if like.representation.rule is Rule.INTEGER else f'({target}).text'}::{like.type}"
            )
    return replace(child, columns=tuple(columns)), texts


def _view(sql: str, mirror: Mirror, after: Mirror) -> tuple[str, ...]:
    (made,) = (item for key, item in after.catalog().items() if key not in mirror.catalog())
    view, query = view_shape(sql, made.name, mirror, mirror.schema)
    after.shapes[made.name.lower()] = view
    listed = ", ".join(quote(column.target) for column in view.columns)
    return (f"CREATE VIEW {qualified(view.schema, view.target)} ({listed}) AS\n{query}",)


def view_shape(sql: str, name: str, tables: SchemaView, schema: str) -> tuple[TableView, str]:
    """Give a view as the translator sees it, and its query; raise NotTranslated where the query is not understood."""
    found = translate_view(sql, tables)
    folded = [fold(column.name) for column in found.columns]
    if len(set(folded)) != len(folded):
        raise NotTranslated(sql, "a view with two columns of one name", "give each an alias")
    columns = tuple(_column(output, target) for output, target in zip(found.columns, folded, strict=True))
    return TableView(name, schema, fold(name), columns, is_view=True), found.sql


def _column(output: OutputColumn, target: str) -> ColumnView:
    return ColumnView(
        output.name,
        target,
        output.type or "text",
        output.affinity or Affinity.BLOB,
        output.representation or Representation(Rule.ANY_TEXT, "NUMERIC"),
        output.collation,
    )
