"""Indexes: names unique in the schema, NULLs where SQLite sorts them, predicates and expressions translated.

SQLite sorts NULLs first; an index that says so serves the ORDER BY that the translation writes.  An entry that
PostgreSQL's btree could not hold is met here, before the load.
"""

from __future__ import annotations

from collections.abc import Collection

from pgraduate.dialect.core.collation import fold_key
from pgraduate.errors import NotTranslated
from pgraduate.model.catalog import Index, IndexKey, Table
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.representation import Rule
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.schema.room import Room
from pgraduate.schema.translation import why
from pgraduate.schema.view import COMPAT_SCHEMA

LARGEST_ENTRY = 2704
"""BTMaxItemSize of PostgreSQL's btree on pages of 8 kB, in bytes."""
_LONG = 512
"""A column whose longest value stays below never breaks an index of five columns; longer ones may be digested."""
COLLATED = (Rule.TEXT, Rule.ANY_TEXT, Rule.ANY_VALUE)
"""The rules of columns that hold texts, which is all that a collation compares."""
_KNOWN = {"BINARY", "NOCASE", "RTRIM"}
_DIGEST = 32 + 8
"""An md5 in hex, with its header and alignment."""
_FIXED_BYTES = 8
_COMPOSITE_BYTES = 72
"""Header of a composite, its kind, a number of up to 22 digits, two empty members, and all their alignment (any_value)."""
_MORE_BYTES = 8
"""Header and alignment per value of variable length, at most."""


def indexes(room: Room) -> None:
    """Plan what CREATE INDEX made."""
    seen: dict[tuple[object, ...], str] = {}
    for table in room.tables:
        for index in room.catalog.indexes_of(table.name):
            shape = (fold_name(table.name), index.keys, index.where_sql)
            if index.origin == "create":
                _index(room, table, index)
                if shape in seen:
                    _report_duplicate(room, table, index, seen[shape])
            seen.setdefault(shape, index.name)


def key_sql(room: Room, table: Table, key: IndexKey, *, digest: bool = False, ordered: bool = True) -> str:
    """Write one key of an index; raises NotTranslated for the rowid and for what the dialect refuses."""
    rule = Rule.TEXT
    if key.column is not None:
        column = room.column(table.name, key.column)
        rule = column.representation.rule
        text = _collated(room, quote(column.target), key.collation, rule)
    elif key.expression_sql is not None:
        text = f"({room.translator.expression(key.expression_sql, table.name, 'index')})"
        if key.collation != "BINARY":
            text = _collated(room, text, key.collation, Rule.TEXT)
    elif table.rowid_alias is not None:
        text = quote(room.column(table.name, table.rowid_alias).target)
    else:
        raise NotTranslated(table.name, "an index on the rowid of a table without an INTEGER PRIMARY KEY")
    if digest:
        return f"pg_catalog.md5({_as_digested(room, text, rule)})"
    return f"{text} {'DESC NULLS LAST' if key.descending else 'ASC NULLS FIRST'}" if ordered else text


def unique_index(
    room: Room, table: Table, index: Index, kind: str, label: str, *, digests: Collection[int] = ()
) -> ObjectPlan:
    """Plan a unique index that stands for a constraint; `digests` are places whose md5 is compared.

    Raises NotTranslated where a key or the predicate has no translation.
    """
    columns = [key.column for key in index.keys if key.column is not None]
    name = room.names.relation(room.names.table(table.name), *room.names.column_list(table.name, columns), "key")
    why_so = "compares the md5 of long values" if digests else "compares by the collation of its columns"
    if not digests and is_plain(room, index):
        room.keep_key(table.name, tuple(columns))
    return _plan(room, table, index, kind, label, name, "translated", f"a unique index: {why_so}", digests)


def is_plain(room: Room, index: Index) -> bool:
    """Tell whether a unique key compares its columns as PostgreSQL's UNIQUE does."""
    return all(key.column is not None and not _folds(room, index, key) for key in index.keys)


def entry_bytes(room: Room, index: Index) -> int:
    """Bound the bytes of the index's largest entry, as if each column's longest value stood in one row."""
    return _MORE_BYTES + sum(_bytes_of(room, index.table, key) for key in index.keys)


def over_limit(room: Room, index: Index) -> bool:
    return entry_bytes(room, index) > LARGEST_ENTRY


def long_keys(room: Room, index: Index) -> tuple[int, ...]:
    """Name the places of the keys that are compared by digest so that an entry fits: the long ones, and of the others
    the longest until it does."""
    sizes = {place: _bytes_of(room, index.table, key) for place, key in enumerate(index.keys)}
    room_left = LARGEST_ENTRY - _MORE_BYTES - sum(sizes.values())
    digested = []
    for place in sorted(sizes, key=lambda place: -sizes[place]):
        if (sizes[place] <= _LONG + _MORE_BYTES and room_left >= 0) or sizes[place] <= _DIGEST:
            break
        digested.append(place)
        room_left += sizes[place] - _DIGEST
    return tuple(sorted(digested))


def not_carried(kind: str, label: str, reason: str, source_sql: str | None) -> ObjectPlan:
    return ObjectPlan(kind, label, "not_carried", reason, "after rows", source_sql=source_sql)


def _index(room: Room, table: Table, index: Index) -> None:
    unknown = sorted({key.collation for key in index.keys} - _KNOWN)
    try:
        if unknown:
            raise NotTranslated(index.name, f"the application's own collation {unknown[0]}")
        room.docket.add(_created(room, table, index))
    except NotTranslated as error:
        room.docket.add(not_carried("index", index.name, why(error), index.sql))


def _created(room: Room, table: Table, index: Index) -> ObjectPlan:
    columns = tuple(key.column for key in index.keys if key.column is not None)
    name = room.names.indexes[fold_name(index.name)]
    if index.unique:
        if reason := _mixed(room, table, index, columns):
            return not_carried("index", index.name, reason, index.sql)
        digests = long_keys(room, index) if over_limit(room, index) else ()
        if index.where_sql is None and not digests and len(columns) == len(index.keys) and is_plain(room, index):
            room.keep_key(table.name, columns)
        reason = "unique over the md5 of its long values" if digests else _reason(index, name)
        return _plan(room, table, index, "index", index.name, name, _outcome(index, digests), reason, digests)
    if not over_limit(room, index):
        return _plan(room, table, index, "index", index.name, name, _outcome(index, ()), _reason(index, name), ())
    if len(index.keys) == 1:
        return _hash(room, table, index, name)
    reason = "over the md5 of its long values, which are too long for an entry"
    digests = long_keys(room, index)
    return _plan(room, table, index, "index", index.name, name, "translated", reason, digests)


def _mixed(room: Room, table: Table, index: Index, columns: tuple[str, ...]) -> str | None:
    from pgraduate.schema.keys import refused_key

    return refused_key(room, table, index, columns)


def _hash(room: Room, table: Table, index: Index, name: str) -> ObjectPlan:
    key = key_sql(room, table, index.keys[0], ordered=False)
    where = _where(room, table, index)
    statement = f"CREATE INDEX {quote(name)} ON {room.qualified(table.name)} USING hash ({key}){where}"
    reason = f"a hash index: a value may have {entry_bytes(room, index):,} bytes, a btree entry {LARGEST_ENTRY:,}"
    return _object(room, index, "index", index.name, name, "translated", reason, statement)


def _plan(
    room: Room,
    table: Table,
    index: Index,
    kind: str,
    label: str,
    name: str,
    outcome: str,
    reason: str,
    digests: Collection[int],
) -> ObjectPlan:
    keys = ", ".join(key_sql(room, table, key, digest=place in digests) for place, key in enumerate(index.keys))
    unique = "UNIQUE " if index.unique else ""
    statement = (
        f"CREATE {unique}INDEX {quote(name)} ON {room.qualified(table.name)} ({keys}){_where(room, table, index)}"
    )
    return _object(room, index, kind, label, name, outcome, reason, statement)


def _object(
    room: Room, index: Index, kind: str, label: str, name: str, outcome: str, reason: str, statement: str
) -> ObjectPlan:
    target = qualified(room.schema, name)
    return ObjectPlan(
        kind,
        label,
        "carried" if outcome == "carried" else "translated",
        reason,
        "after rows",
        (statement,),
        (f"DROP INDEX IF EXISTS {target} RESTRICT",),
        source_sql=index.sql,
        target=target,
    )


def _where(room: Room, table: Table, index: Index) -> str:
    if index.where_sql is None:
        return ""
    return f" WHERE {room.translator.expression(index.where_sql, table.name, 'predicate')}"


def _outcome(index: Index, digests: Collection[int]) -> str:
    literal = all(key.column is not None and key.collation == "BINARY" for key in index.keys)
    return "carried" if literal and index.where_sql is None and not digests else "translated"


def _reason(index: Index, name: str) -> str:
    parts = []
    if any(key.column is None for key in index.keys):
        parts.append("its expressions are translated")
    if any(key.collation != "BINARY" for key in index.keys):
        parts.append("its collation becomes an expression")
    if index.where_sql is not None:
        parts.append("its predicate is translated")
    if name != fold_name(index.name):
        parts.append(f"called {name}")
    return "; ".join(parts) or "as declared"


def _folds(room: Room, index: Index, key: IndexKey) -> bool:
    """Tell whether a collation changes what counts as equal: only texts are compared by one."""
    if key.column is None or key.collation not in ("NOCASE", "RTRIM"):
        return False
    return room.column(index.table, key.column).representation.rule in COLLATED


def _collated(room: Room, text: str, collation: str, rule: Rule) -> str:
    folded = fold_key(text, rule, collation, COMPAT_SCHEMA) if rule in COLLATED else None
    if folded is None:
        return text
    room.docket.compat |= folded.uses_compat
    return folded.sql


def _as_digested(room: Room, text: str, rule: Rule) -> str:
    """Write a key as md5 takes it: of a value of any class, a text that equal values share and no others."""
    if rule is not Rule.ANY_VALUE:
        return text
    room.docket.compat = True
    return f"{qualified(COMPAT_SCHEMA)}.any_key({text})"


def _bytes_of(room: Room, table: str, key: IndexKey) -> int:
    if key.column is None:
        return _FIXED_BYTES
    column, counts = room.column(table, key.column), room.counts(table).column(key.column)
    match column.representation.rule:
        case Rule.TEXT:
            return counts.text_longest_bytes + _MORE_BYTES
        case Rule.ANY_VALUE:
            return max(counts.text_longest_bytes, counts.blob_longest) + _COMPOSITE_BYTES
        case Rule.ANY_TEXT:
            return max(counts.text_longest_bytes, 2 * counts.blob_longest + 2) + _MORE_BYTES
        case Rule.BLOB | Rule.ANY_BYTES:
            return max(counts.text_longest_bytes, counts.blob_longest) + _MORE_BYTES
        case Rule.UUID:
            return 16
    return _FIXED_BYTES


def _report_duplicate(room: Room, table: Table, index: Index, first: str) -> None:
    room.docket.find(
        "INDEX_DUPLICATE",
        Severity.NOTICE,
        index.name,
        f"the index on {table.name} is the same as {first}",
        "drop one of them once the application runs: each costs a write",
    )
