"""An index made beside a working application, and taken away again: CREATE and DROP INDEX CONCURRENTLY, done safely.

A concurrent build that fails leaves an INVALID index, which every write still maintains and which IF NOT EXISTS takes
for the real one.  So the build looks first, removes its own remains, tries again, and believes only `indisvalid`.  The
invariant: when `apply` returns, the index is valid; when it was killed, the next one repairs what it finds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import psycopg
from psycopg.rows import dict_row

from pgraduate.errors import Interrupted, Refused
from pgraduate.model.operation import Check, Plan
from pgraduate.postgres.identifiers import qualified
from pgraduate.tune.indexes.catalog import Index, question
from pgraduate.tune.indexes.definition import Definition

LOCK_TIMEOUT = "60s"
"""Long, because a concurrent build waits for every older transaction by design and blocks nobody while it does."""
ATTEMPTS = 3
PAUSE_SECONDS = 2.0
IN_WORK_SECONDS = 600.0
OLD_SNAPSHOT_SECONDS = 300.0
"""A transaction that has been open this long will probably outlast the build's patience as well."""


class BuildIndexes:
    """Operation over a connection: indexes made concurrently; `facts["indexes"]` has their names and statements."""

    kind: ClassVar[str] = "indexes.build"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for item in plan.facts["indexes"]:
            build(connection, item)

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        missing = [item["name"] for item in plan.facts["indexes"] if not is_whole(connection, item)]
        return Check(not missing, "not there, or not valid: " + ", ".join(missing))

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for item in reversed(plan.facts["indexes"]):
            remove(connection, item)


class DropIndexes:
    """Operation over a connection: indexes that nobody needs dropped; undo makes each again by its old definition."""

    kind: ClassVar[str] = "indexes.drop"

    def apply(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for item in plan.facts["indexes"]:
            remove(connection, item)

    def check(self, connection: psycopg.Connection, plan: Plan, /) -> Check:
        left = [item["name"] for item in plan.facts["indexes"] if _standing(connection, item)]
        return Check(not left, "still there: " + ", ".join(left))

    def undo(self, connection: psycopg.Connection, plan: Plan, /) -> None:
        for item in reversed(plan.facts["indexes"]):
            build(connection, item)


def plan_build(definitions: Sequence[Definition]) -> Plan:
    """Plan to make indexes, in the order given."""
    items = [
        {
            "schema": item.schema,
            "name": item.name,
            "table": item.table,
            "statement": item.statement(concurrently=True),
        }
        for item in definitions
    ]
    return Plan(
        BuildIndexes.kind,
        ", ".join(item["name"] for item in items),
        tuple(item["statement"] for item in items),
        tuple(_drop(item) for item in reversed(items)),
        {"indexes": items},
    )


def plan_drop(indexes: Sequence[tuple[Index, str]]) -> Plan:
    """Plan to drop indexes, each with the name of its table; their definitions are kept for the way back."""
    items = [
        {
            "schema": index.schema,
            "name": index.name,
            "table": table,
            "statement": index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1),
            "comment": index.comment,
        }
        for index, table in indexes
    ]
    return Plan(
        DropIndexes.kind,
        ", ".join(index.name for index, _ in indexes),
        tuple(_drop(item) for item in items),
        tuple(str(item["statement"]) for item in reversed(items)),
        {"indexes": items},
    )


def build(connection: psycopg.Connection, item: Mapping[str, Any]) -> None:
    """Make one index unless it stands; an INVALID one of its name on its table is removed first.

    Raises Refused where something else has the name or old transactions stand in the way, Interrupted where the lock
    could not be had in three attempts; then nothing is left behind.
    """
    standing = _standing(connection, item)
    if standing and standing["is_whole"]:
        return
    if standing:
        remove(connection, item)
    for attempt in range(1, ATTEMPTS + 1):
        _require_room_in_time(connection, item)
        with _patient(connection):
            try:
                connection.execute(str(item["statement"]).encode())
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                remove(connection, item)
                if attempt == ATTEMPTS:
                    raise Interrupted(
                        f"the index could not be built: old transactions did not end within {LOCK_TIMEOUT}",
                        where=_name(item),
                        hint="the same command tries again; `pgraduate tune indexes check` names what stands",
                    ) from None
                time.sleep(PAUSE_SECONDS * attempt)
                continue
            except psycopg.Error:
                if not connection.closed:
                    remove(connection, item)
                raise
        break
    if item.get("comment"):
        connection.execute(
            psycopg.sql.SQL("COMMENT ON INDEX {} IS {}").format(
                psycopg.sql.Identifier(item["schema"], item["name"]), psycopg.sql.Literal(item["comment"])
            )
        )


def remove(connection: psycopg.Connection, item: Mapping[str, Any]) -> None:
    """Drop one index concurrently, valid or not; one that is being built is waited for."""
    deadline = time.monotonic() + IN_WORK_SECONDS
    while standing := _standing(connection, item):
        if not standing["in_work"] and _is_dropped(connection, item):
            return
        if time.monotonic() > deadline:
            raise Interrupted(
                "another session is still building this index",
                where=_name(item),
                hint="run the command again later",
            )
        time.sleep(0.2)


def _is_dropped(connection: psycopg.Connection, item: Mapping[str, Any]) -> bool:
    """Drop an index; give False where another session's build was just ending, and it has to be looked at again."""
    with _patient(connection):
        try:
            connection.execute(_drop(item).encode())
        except psycopg.errors.LockNotAvailable:
            raise Interrupted(
                f"the index could not be dropped: old transactions did not end within {LOCK_TIMEOUT}",
                where=_name(item),
                hint="it is INVALID and not used; the same command removes it once they have ended",
            ) from None
        except psycopg.errors.InternalError_:
            # A concurrent build lets go of its lock and its progress before it commits that the index is valid; who
            # drops in between is told "tuple concurrently updated".
            return False
    return True


def is_whole(connection: psycopg.Connection, item: Mapping[str, Any]) -> bool:
    standing = _standing(connection, item)
    return bool(standing and standing["is_whole"])


def _standing(connection: psycopg.Connection, item: Mapping[str, Any]) -> dict[str, Any] | None:
    name, table = _name(item), qualified(item["schema"], item["table"])
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(question("standing_index").encode(), {"name": name, "table": table}).fetchone()
        if row is None:
            taken = cursor.execute("SELECT to_regclass(%s) IS NOT NULL AS taken", (name,)).fetchone()
            if not (taken and taken["taken"]):
                return None
    if row is None or not row["on_table"]:
        raise Refused("another object has the name of an index that is planned", where=name, hint="rename it")
    return row


def _require_room_in_time(connection: psycopg.Connection, item: Mapping[str, Any]) -> None:
    """Refuse to begin what an old transaction would keep from ending."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(question("oldest_snapshot").encode()).fetchone()
    if row is not None and row["seconds"] > OLD_SNAPSHOT_SECONDS:
        raise Refused(
            f"a transaction has been open for {row['seconds']:,.0f} s; a concurrent build would wait for its end",
            where=_name(item),
            hint="let it end (pg_stat_activity names it), then run the command again",
        )


class _patient:
    """The lock timeout of a concurrent build, for as long as it takes; then the session's own again."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("SELECT set_config('lock_timeout', %s, false)", (LOCK_TIMEOUT,))

    def __exit__(self, *_: object) -> None:
        if not self._connection.closed:
            self._connection.execute("RESET lock_timeout")


def _drop(item: Mapping[str, Any]) -> str:
    return f"DROP INDEX CONCURRENTLY {_name(item)}"


def _name(item: Mapping[str, Any]) -> str:
    return qualified(item["schema"], item["name"])
