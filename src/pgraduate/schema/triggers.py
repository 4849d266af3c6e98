"""Triggers: each becomes a function and a trigger of one name, made and taken back together."""

from __future__ import annotations

from pgraduate.errors import NotTranslated
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.postgres.identifiers import quote, unique
from pgraduate.schema.indexes import not_carried
from pgraduate.schema.room import Room
from pgraduate.schema.translation import why


def triggers(room: Room, *, exact: bool) -> None:
    names = unique([trigger.name for trigger in room.catalog.triggers], exact=exact)
    for trigger in room.catalog.triggers:
        target = names[trigger.name]
        try:
            found = room.translator.trigger(trigger.name, trigger.sql, target)
        except NotTranslated as error:
            room.docket.add(not_carried("trigger", trigger.name, why(error), trigger.sql))
            continue
        table = room.names.tables.get(fold_name(trigger.table)) or room.names.views[fold_name(trigger.table)]
        room.docket.add(
            ObjectPlan(
                "trigger",
                trigger.name,
                "translated",
                ", ".join(found.rules) or "one function, one trigger",
                "after rows",
                (found.function, found.trigger),
                found.drop,
                source_sql=trigger.sql,
                target=f"{quote(room.schema)}.{quote(table)}.{quote(target)}",
            )
        )
