"""Views, in the order in which they read each other."""

from __future__ import annotations

from collections.abc import Iterable

from pgraduate.dialect.schema_view import ColumnView, TableView
from pgraduate.dialect.translation import OutputColumn
from pgraduate.errors import NotTranslated
from pgraduate.model.catalog import View
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.selected import BY_SELECTION
from pgraduate.model.storage import Affinity
from pgraduate.postgres.identifiers import qualified, quote, unique
from pgraduate.schema.columns import mentioned
from pgraduate.schema.indexes import not_carried
from pgraduate.schema.names import Names
from pgraduate.schema.room import Room
from pgraduate.schema.translation import why


def views(room: Room, *, exact: bool) -> None:
    """Plan the views; one that reads a view which is not carried is not carried either."""
    left_out = room.catalog.left_out
    lost: list[str] = []
    for view in in_order(room.catalog.views):
        read = next((name for name in (*left_out, *lost) if mentioned(name, [view.sql])), None)
        try:
            if view.error is not None:
                raise NotTranslated(view.name, "a view that SQLite itself cannot read", view.error)
            room.docket.add(_created(room, view, exact=exact))
        except NotTranslated as error:
            reason = why(error)
            if read in left_out:
                reason = f"it reads {read}, which is {BY_SELECTION}"
            elif read is not None:
                reason = f"it reads the view {read}, which is not carried"
            room.docket.add(not_carried("view", view.name, reason, view.sql))
            lost.append(view.name)


def in_order(found: Iterable[View]) -> list[View]:
    """Put each view behind those that it mentions; views that mention each other keep their order."""
    waiting = list(found)
    reads = {
        view.name: {other.name for other in waiting if other is not view and mentioned(other.name, [view.sql])}
        for view in waiting
    }
    result: list[View] = []
    while waiting:
        names = {view.name for view in waiting}
        ready = next((view for view in waiting if not reads[view.name] & names), waiting[0])
        waiting.remove(ready)
        result.append(ready)
    return result


def _created(room: Room, view: View, *, exact: bool) -> ObjectPlan:
    translation = room.translator.query(view.name, view.sql)
    outputs = translation.columns
    names = view.columns if len(view.columns) == len(outputs) else tuple(column.name for column in outputs)
    targets = _targets(names, exact=exact)
    name = room.names.views[fold_name(view.name)]
    target = qualified(room.schema, name)
    room.translator.show(_shown(room.names, view, names, targets, outputs))
    columns = ", ".join(map(quote, targets))
    return ObjectPlan(
        "view",
        view.name,
        "translated",
        ", ".join(translation.rules) or "reads the same",
        "after rows",
        (f"CREATE VIEW {target} ({columns}) AS\n{translation.sql}",),
        (f"DROP VIEW IF EXISTS {target} RESTRICT",),
        source_sql=view.sql,
        target=target,
    )


def _targets(names: tuple[str, ...], *, exact: bool) -> tuple[str, ...]:
    """Fold the columns' names and keep them apart, also where SQLite has two of one name."""
    numbered: dict[str, int] = {}
    keys = []
    for name in names:
        numbered[name] = numbered.get(name, 0) + 1
        keys.append(name if numbered[name] == 1 else f"{name}_{numbered[name]}")
    mapping = unique(dict.fromkeys(keys), exact=exact)
    return tuple(mapping[key] for key in keys)


def _shown(
    names: Names, view: View, sources: tuple[str, ...], targets: tuple[str, ...], outputs: tuple[OutputColumn, ...]
) -> TableView:
    columns = tuple(
        ColumnView(
            source,
            target,
            output.type or "text",
            output.affinity or Affinity.BLOB,
            output.representation or Representation(Rule.ANY_TEXT, "NUMERIC"),
            output.collation,
        )
        for source, target, output in zip(sources, targets, outputs, strict=True)
    )
    return TableView(view.name, names.schema, names.views[fold_name(view.name)], columns, is_view=True)
