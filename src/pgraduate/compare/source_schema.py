"""What changed between the schemas of two SQLite files of one application: objects added, dropped and changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pgraduate.model.catalog import Catalog, Table
from pgraduate.sqlite.names import fold


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """`kind` is table, virtual table, index, view, trigger, sequence or pragma.

    A sequence is the last number that an AUTOINCREMENT table gave out, which rows inserted and deleted again leave.
    """

    kind: str
    name: str
    change: Literal["added", "dropped", "changed"]


def compare_schemas(before: Catalog, after: Catalog) -> tuple[ObjectChange, ...]:
    """List what differs, by kind and name; an object has changed where its CREATE text has."""
    old, new = dict(_objects(before)), dict(_objects(after))
    found = []
    for kind, folded in sorted(old.keys() | new.keys()):
        was, now = old.get((kind, folded)), new.get((kind, folded))
        if was is None:
            assert now is not None
            found.append(ObjectChange(kind, now[0], "added"))
        elif now is None:
            found.append(ObjectChange(kind, was[0], "dropped"))
        elif was[1] != now[1]:
            found.append(ObjectChange(kind, now[0], "changed"))
    return tuple(found)


def _objects(catalog: Catalog) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Give each object's kind and folded name, with its own name and what must stay the same."""
    for table in catalog.tables:
        yield (_kind(table), fold(table.name)), (table.name, table.sql)
        if table.sequence is not None:
            yield ("sequence", fold(table.name)), (table.name, str(table.sequence))
    for index in catalog.indexes:
        # The automatic index behind a constraint has no text of its own: it changes with its table.
        if index.sql:
            yield ("index", fold(index.name)), (index.name, index.sql)
    for view in catalog.views:
        yield ("view", fold(view.name)), (view.name, view.sql)
    for trigger in catalog.triggers:
        yield ("trigger", fold(trigger.name)), (trigger.name, trigger.sql)
    for name in ("encoding", "user_version", "application_id"):
        yield ("pragma", name), (name, str(getattr(catalog, name)))


def _kind(table: Table) -> str:
    return "virtual table" if table.kind == "virtual" else "table"
