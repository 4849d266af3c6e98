"""Triggers: each becomes a function and a trigger of one name, made and taken back together."""

from __future__ import annotations

from collections.abc import Mapping

from pgraduate.errors import NotTranslated
from pgraduate.model.catalog import Trigger
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.selected import BY_SELECTION
from pgraduate.postgres.identifiers import quote, unique
from pgraduate.schema.columns import mentioned
from pgraduate.schema.indexes import not_carried
from pgraduate.schema.room import Room
from pgraduate.schema.search import search_label
from pgraduate.schema.search_triggers import Upkeep, refusal, upkeep
from pgraduate.schema.translation import why
from pgraduate.schema.virtual_tables import Mirror


def triggers(room: Room, mirrors: Mapping[str, Mirror], *, exact: bool) -> None:
    """Plan the triggers; one that only keeps a full-text table over another current has nothing left to do."""
    names = unique([trigger.name for trigger in room.catalog.triggers], exact=exact)
    for trigger in room.catalog.triggers:
        target = names[trigger.name]
        try:
            kept = upkeep(trigger.sql, mirrors) if mirrors else Upkeep.NONE
            if kept is Upkeep.ONLY:
                room.docket.add(_needless(room, trigger, mirrors))
                continue
            if kept is Upkeep.MORE:
                raise refusal(trigger.sql)
            found = room.translator.trigger(trigger.name, trigger.sql, target)
        except NotTranslated as error:
            lost = next((name for name in room.catalog.left_out if mentioned(name, [trigger.sql])), None)
            reason = f"it uses {lost}, which is {BY_SELECTION}" if lost else why(error)
            room.docket.add(not_carried("trigger", trigger.name, reason, trigger.sql))
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


def _needless(room: Room, trigger: Trigger, mirrors: Mapping[str, Mirror]) -> ObjectPlan:
    """Let the search index of the trigger's table stand for the trigger."""
    labels = {
        search_label(mirror.table)
        for mirror in mirrors.values()
        if fold_name(mirror.content.name) == fold_name(trigger.table)
    }
    index = next(
        (item for item in room.docket.objects if item.name in labels and item.outcome != "not_carried"), None
    )
    if index is None:
        return not_carried(
            "trigger", trigger.name, "the search index that it keeps current is not carried", trigger.sql
        )
    return ObjectPlan(
        "trigger",
        trigger.name,
        "translated",
        "the search index keeps itself current: no trigger is needed",
        "after rows",
        source_sql=trigger.sql,
        target=index.target,
    )
