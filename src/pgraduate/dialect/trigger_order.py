"""The names under which a database's triggers fire in PostgreSQL in the order in which they fire in SQLite.

SQLite promises no order and fires the newest trigger first; PostgreSQL fires in the order of the names.  A name is
changed only where a table has several triggers for the same moment and their names sort otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pgraduate.dialect.identifiers import fold
from pgraduate.dialect.trigger_parser import TriggerDefinition


def trigger_names(definitions: Sequence[TriggerDefinition]) -> Mapping[str, str]:
    """Map each trigger's source name to its target name; `definitions` stand in the order of their creation.

    Where the order would differ, the names of that table, timing and event get a number in front.
    """
    names = {definition.name: fold(definition.name) for definition in definitions}
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for definition in reversed(definitions):
        together[definition.table.lower(), definition.timing, definition.event].append(definition.name)
    for firing in together.values():
        targets = [names[name].encode() for name in firing]
        if targets != sorted(targets):
            width = len(str(len(firing)))
            names.update({name: fold(f"t{place:0{width}}_{name}") for place, name in enumerate(firing, 1)})
    return names
