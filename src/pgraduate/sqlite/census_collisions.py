"""Keys whose values SQLite tells apart and PostgreSQL would not, because they arrive in one form.

A column of several storage classes that stands in PostgreSQL as text or as bytes may have one form for 5, '5' and x'35';
as an any_value it has not, but a foreign key compares there what SQLite would have converted.  A text with a NUL or with
bad bytes arrives with replacement characters.  Only the keys that hold such values are counted, over the very forms that
the loader writes, in both ways, so that no key fails once the rows are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase
from typing import Any

import apsw

from pgraduate.model.catalog import Catalog, ForeignKey, Index, Table
from pgraduate.model.census import Census, ColumnCensus, TableCensus
from pgraduate.model.representation import Rule, rule_of_several_classes
from pgraduate.sqlite.ddl_tokens import significant
from pgraduate.sqlite.filters import rows_of
from pgraduate.sqlite.names import fold, quote

_ASCII_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_EXACT = 2**53
"""Beyond it the digits of a double name other integers than the double is."""


def add_collisions(connection: apsw.Connection, catalog: Catalog, census: Census) -> Census:
    """Give a census with `collisions` and `unmatched` counted, which take the classes of every table's columns."""
    _register_form(connection, catalog.codec)
    return replace(
        census,
        tables=tuple(
            replace(
                counts,
                collisions=_key_collisions(connection, table, catalog, counts),
                collisions_in_class=_key_collisions(connection, table, catalog, counts, in_class=True),
                unmatched=tuple(_unmatched(connection, table, key, catalog, census) for key in table.foreign_keys),
                unmatched_in_class=tuple(
                    _unmatched(connection, table, key, catalog, census, in_class=True) for key in table.foreign_keys
                ),
            )
            for counts in census.tables
            for table in (catalog.table(counts.table),)
        ),
    )


def _register_form(connection: apsw.Connection, codec: str) -> None:
    """Let SQL write `pgraduate_form(value, class, rule, collation)`; a text is handed over as the file's bytes."""

    def form(*arguments: Any) -> Any:
        value, kind, rule, collation = arguments
        written = _form(value, kind, rule, codec)
        return _folded(written, collation) if isinstance(written, str) else written

    connection.create_scalar_function("pgraduate_form", form, 4, deterministic=True)


def _key_collisions(
    connection: apsw.Connection, table: Table, catalog: Catalog, counts: TableCensus, *, in_class: bool = False
) -> dict[str, int]:
    found = {}
    for index in catalog.indexes_of(table.name):
        keys = [(key.column, key.collation) for key in index.keys if key.column is not None]
        if index.unique and any(_is_at_risk(counts.column(name), in_class=in_class) for name, _ in keys):
            forms = [
                _form_sql(
                    table,
                    name,
                    counts,
                    collation.upper(),
                    in_class=in_class and len(counts.column(name).classes) > 1,
                )
                for name, collation in keys
            ]
            count = _number(
                connection,
                f"SELECT count(*) FROM (SELECT 1 FROM {rows_of(table)} {_complete(table, [name for name, _ in keys])}"
                f"{_selected(connection, table, index, counts, in_class=in_class)}"
                f" GROUP BY {', '.join(forms)} HAVING count(*) > 1)",
            )
            if count:
                found[index.name] = count
    return found


def _selected(
    connection: apsw.Connection, table: Table, index: Index, counts: TableCensus, *, in_class: bool
) -> str:
    """Keep the rows of a partial index.

    Every row counts where its predicate reads values that arrive in another form, by which PostgreSQL may select others,
    or calls a function that only the application has.
    """
    if index.where_sql is None:
        return ""
    read = {fold(token.name) for token in significant(index.where_sql)}
    if any(fold(column.column) in read and _is_at_risk(column, in_class=in_class) for column in counts.columns):
        return ""
    # The line break ends a comment at the predicate's end.
    predicate = f"({index.where_sql}\n)"
    try:
        connection.execute(f'EXPLAIN SELECT 1 FROM "main".{quote(table.name)} WHERE {predicate}').fetchall()
    except apsw.SQLError:
        return ""
    return f" AND {predicate}"


def _unmatched(
    connection: apsw.Connection,
    table: Table,
    key: ForeignKey,
    catalog: Catalog,
    census: Census,
    *,
    in_class: bool = False,
) -> int:
    """Count the rows whose parent PostgreSQL does not find, for it compares the forms byte by byte.

    0 where it cannot differ from SQLite's comparison, which is not repeated here.
    """
    known = {fold(counts.table) for counts in census.tables}
    if len(key.columns) != len(key.parent_columns) or fold(key.parent) not in known:
        return 0
    parent, counts, parent_counts = catalog.table(key.parent), census.table(table.name), census.table(key.parent)
    if not _compares_otherwise(key, parent, counts, parent_counts):
        return 0
    apart = {
        place
        for place, (child, name) in enumerate(zip(key.columns, key.parent_columns, strict=True))
        if in_class and len({*counts.column(child).classes, *parent_counts.column(name).classes}) > 1
    }
    if in_class and not apart:
        return 0
    forms = [_form_sql(table, name, counts, in_class=place in apart) for place, name in enumerate(key.columns)]
    parent_forms = [
        _form_sql(parent, name, parent_counts, in_class=place in apart)
        for place, name in enumerate(key.parent_columns)
    ]
    # Names that no table has: a filter may read any table.
    same = " AND ".join(f'"pgraduate parent".k{place} = "pgraduate child".k{place}' for place in range(len(forms)))
    return _number(
        connection,
        f'WITH "pgraduate parent" AS MATERIALIZED (SELECT {_listed(parent_forms)} FROM {rows_of(parent)}) '
        f"SELECT count(*) FROM (SELECT {_listed(forms)} FROM {rows_of(table)} {_complete(table, key.columns)}) "
        f'AS "pgraduate child" WHERE NOT EXISTS (SELECT 1 FROM "pgraduate parent" WHERE {same})',
    )


def _listed(forms: Sequence[str]) -> str:
    return ", ".join(f"{form} AS k{place}" for place, form in enumerate(forms))


def _compares_otherwise(key: ForeignKey, parent: Table, children: TableCensus, parents: TableCensus) -> bool:
    """Tell whether SQLite may match a child and a parent whose forms differ: by a collation, or across classes."""
    for child, name in zip(key.columns, key.parent_columns, strict=True):
        classes = {*children.column(child).classes, *parents.column(name).classes}
        if "text" in classes and parent.column(name).collation.upper() in ("NOCASE", "RTRIM"):
            return True
        if len(classes) > 1 and not classes <= {"integer", "real"}:
            return True
    return False


def _is_at_risk(census: ColumnCensus, *, in_class: bool) -> bool:
    if census.nul_texts or census.bad_texts:
        return True
    if not (census.texts or census.blobs):
        large = max(abs(census.integer_min or 0), abs(census.integer_max or 0)) > _EXACT
        return large and census.reals > 0
    return len(census.classes) > 1 and not in_class


def _form_sql(
    table: Table, name: str, counts: TableCensus, collation: str = "BINARY", *, in_class: bool = False
) -> str:
    column, census = quote(name), counts.column(name)
    if in_class:
        rule = Rule.ANY_VALUE
    elif not (census.texts or census.blobs):
        rule = Rule.NUMBER
    elif len(census.classes) > 1:
        rule = rule_of_several_classes(table.column(name).declared)
    else:
        rule = Rule.TEXT if census.texts else Rule.BLOB
    value = f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB) ELSE {column} END"
    return f"pgraduate_form({value}, typeof({column}), '{rule}', {_literal(collation)})"


def _form(value: object, kind: str, rule: str, codec: str) -> str | bytes | None:
    """Write one value as the loader does: see `model.representation`."""
    if rule == Rule.ANY_VALUE:
        return _form_in_class(value, kind, codec)
    if kind == "text":
        assert isinstance(value, bytes)
        text = _text(value, codec, keep_nul=rule == Rule.ANY_BYTES)
        return text.encode() if rule == Rule.ANY_BYTES else text
    if isinstance(value, bytes):
        return value if rule in (Rule.ANY_BYTES, Rule.BLOB) else "\\x" + value.hex()
    if not isinstance(value, (int, float)):
        return None
    if value in (float("inf"), float("-inf")):
        digits = "Infinity" if value > 0 else "-Infinity"
    else:
        digits = f"{Decimal(repr(value)).normalize():f}" if rule == Rule.NUMBER else repr(value)
    return digits.encode() if rule == Rule.ANY_BYTES else digits


def _form_in_class(value: object, kind: str, codec: str) -> str | None:
    """Write one value so that those which any_value tells apart have two forms, and those which are equal there one."""
    match value:
        case bytes() if kind == "text":
            return f"t{_text(value, codec, keep_nul=False)}"
        case bytes():
            return f"b{value.hex()}"
        case float() if value.is_integer():
            return f"n{int(value)}"
        case int() | float():
            return f"n{value!r}"
    return None


def _folded(text: str, collation: str) -> str:
    """Write a text as the key compares it; a collation of the application compares byte by byte there."""
    if collation == "NOCASE":
        return text.translate(_ASCII_LOWER)
    return text.rstrip(" ") if collation == "RTRIM" else text


def _text(stored: bytes, codec: str, *, keep_nul: bool) -> str:
    try:
        text = stored.decode(codec)
    except UnicodeDecodeError:
        return stored.decode(codec, "replace").replace("\0", "\ufffd")
    return text if keep_nul else text.replace("\0", "\ufffd")


def _complete(table: Table, names: Sequence[str]) -> str:
    complete = " AND ".join(f"{quote(name)} IS NOT NULL" for name in names)
    return f"{'WHERE' if table.filter is None else 'AND'} {complete}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(connection: apsw.Connection, sql: str) -> int:
    return int(connection.execute(sql).get)
