"""Indexes, views and triggers of all files: each definition once, each name once.

What two files define alike under one name is one object.  What they define differently keeps both definitions: the
later one's name gets its file's name behind it.  An index of the same definition under another name is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pgraduate.errors import Refused
from pgraduate.merge.ddl import renamed
from pgraduate.merge.questions import Questions
from pgraduate.merge.shape import UniqueKey, is_whole, unique_key
from pgraduate.model.catalog import Catalog, Index
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name


@dataclass(frozen=True, slots=True)
class Statement:
    kind: str
    name: str
    table: str
    sql: str
    source: str
    key: UniqueKey = ()
    """What a unique index over whole columns of every row compares."""


def statements(catalogs: Sequence[Catalog], questions: Questions) -> list[Statement]:
    """Give the statements that make the merged file's indexes, views and triggers, in this order."""
    taken = {fold_name(table.name) for catalog in catalogs for table in catalog.tables}
    seen: dict[str, str] = {}
    definitions: dict[object, str] = {}
    result = []
    for item, definition in _objects(catalogs):
        folded, normal = fold_name(item.name), " ".join(item.sql.split())
        if seen.get(folded) == normal:
            continue
        # Within one file the same index may stand twice; that is the file's own affair.
        if item.kind == "INDEX" and definitions.get(definition, item.source) != item.source:
            questions.find(
                "MERGE_SAME_INDEX",
                Severity.INFO,
                f"{questions.schema}.{item.name}",
                f"the index of {item.source} repeats another one on {item.table} and is not made twice",
            )
            continue
        definitions.setdefault(definition, item.source)
        if folded in seen or folded in taken:
            item = _under_another_name(item, {*seen, *taken}, catalogs, questions)
        seen[fold_name(item.name)] = normal
        result.append(item)
    return result


def _objects(catalogs: Sequence[Catalog]) -> Iterator[tuple[Statement, object]]:
    for catalog in catalogs:
        for index in catalog.indexes:
            if index.origin == "create" and index.sql:
                key = unique_key(index) if is_whole(index) else ()
                yield Statement("INDEX", index.name, index.table, index.sql, catalog.name, key), _definition(index)
    for catalog in catalogs:
        for view in catalog.views:
            yield Statement("VIEW", view.name, "", view.sql, catalog.name), ()
    for catalog in catalogs:
        for trigger in catalog.triggers:
            yield Statement("TRIGGER", trigger.name, trigger.table, trigger.sql, catalog.name), ()


def _definition(index: Index) -> object:
    keys = tuple(
        (fold_name(key.column or ""), key.expression_sql, key.descending, key.collation) for key in index.keys
    )
    return fold_name(index.table), keys, index.unique, index.where_sql


def _under_another_name(
    item: Statement, taken: set[str], catalogs: Sequence[Catalog], questions: Questions
) -> Statement:
    if item.kind == "VIEW":
        _require_unread(item, next(catalog for catalog in catalogs if catalog.name == item.source))
    name, number = f"{item.name}_{item.source}", 2
    while fold_name(name) in taken:
        name, number = f"{item.name}_{item.source}_{number}", number + 1
    questions.find(
        "MERGE_RENAMED",
        Severity.NOTICE,
        f"{questions.schema}.{item.name}",
        f"the {item.kind.lower()} of {item.source} is called {name}: another file has a different one of its name",
    )
    return replace(item, name=name, sql=renamed(item.sql, item.kind, name))


def _require_unread(item: Statement, catalog: Catalog) -> None:
    """Refuse to rename a view that other objects of its file read: they would read the other file's."""
    pattern = re.compile(rf"(?<!\w){re.escape(item.name)}(?!\w)", re.IGNORECASE)
    readers = [view.name for view in catalog.views if view.name != item.name and pattern.search(view.sql)]
    readers += [trigger.name for trigger in catalog.triggers if pattern.search(trigger.sql)]
    if readers:
        raise Refused(
            f"two files have a different view {item.name}, and {readers[0]} of {item.source} reads it",
            where=f"view {item.name}",
            hint="rename one of them in its file, or leave out --target-schema",
        )
