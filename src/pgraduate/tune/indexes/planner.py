"""What a statement would cost if certain indexes stood: asked of PostgreSQL's own planner.

Two ways lead there.  With HypoPG the planner believes in indexes that are not there: a few milliseconds each, nothing is
built, nothing is written.  On a private clone the indexes are built and hidden from the planner when they are not
wanted; that serves where HypoPG is missing, and for GIN, of which HypoPG knows nothing.  The invariant: the second way
is never taken on a server that somebody uses, because it writes into the catalog that indexes are not live.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg
from psycopg import sql

from pgraduate.postgres.identifiers import qualified
from pgraduate.tune.indexes.definition import Definition

_NOT_IMAGINABLE = "HypoPG knows no GIN and is not safe with expressions or swapped NULLs: plan on a clone"
_HYPOTHETICAL = re.compile(r"<(\d+)>")


@dataclass(frozen=True, slots=True)
class Estimate:
    """`cost` is in the planner's units, `rows` what a write is expected to touch, `used` the candidates in the plan."""

    cost: float
    rows: float
    used: frozenset[Definition]


class Planner(Protocol):
    """Plans a statement as if exactly these candidates stood beside the real indexes."""

    def plan(self, statement: str, indexes: Collection[Definition], /) -> Estimate: ...

    def refuses(self, definition: Definition, /) -> str | None:
        """Say why an index with this definition cannot be made, None where it can."""
        ...


class HypotheticalPlanner:
    """HypoPG over one session, and built indexes for what it cannot imagine, where there is a clone."""

    def __init__(self, connection: psycopg.Connection, built: BuiltPlanner | None = None) -> None:
        self._connection = connection
        self._built = built
        self._oids: dict[Definition, int] = {}
        self._refused: dict[Definition, str | None] = {}
        self._distrusted: set[Definition] = set()
        connection.execute("SELECT hypopg_reset()")

    def plan(self, statement: str, indexes: Collection[Definition], /) -> Estimate:
        try:
            return self._plan(statement, indexes)
        except psycopg.errors.InternalError_:
            # HypoPG fails over some definitions in the middle of a plan; on a clone they can be built instead.
            if self._built is None or not self._oids:
                raise
            self._distrusted |= set(self._oids)
            return self._plan(statement, indexes)

    def _plan(self, statement: str, indexes: Collection[Definition]) -> Estimate:
        real = [definition for definition in indexes if not self._is_imagined(definition)]
        if self._built is not None:
            self._built.show(real)
        wanted = [definition for definition in indexes if self._is_imagined(definition)]
        for definition in [known for known in self._oids if known not in wanted]:
            self._connection.execute("SELECT hypopg_drop_index(%s)", (self._oids.pop(definition),))
        for definition in wanted:
            if definition not in self._oids:
                self._oids[definition] = self._imagine(definition)
        names = {str(oid): definition for definition, oid in self._oids.items()}
        tree = explain(self._connection, statement)
        used = {names[found[1]] for name in index_names(tree) if (found := _HYPOTHETICAL.match(name))}
        named = {definition.name: definition for definition in real}
        used |= {named[name] for name in index_names(tree) if name in named}
        return Estimate(tree["Total Cost"], _written(tree), frozenset(used))

    def _is_imagined(self, definition: Definition) -> bool:
        return _imaginable(definition) and definition not in self._distrusted

    def refuses(self, definition: Definition, /) -> str | None:
        if not _imaginable(definition):
            return self._built.refuses(definition) if self._built else _NOT_IMAGINABLE
        if definition not in self._refused:
            try:
                self._oids[definition] = self._imagine(definition)
                self._refused[definition] = None
            except psycopg.Error as error:
                self._refused[definition] = error.diag.message_primary or "the server refuses it"
        return self._refused[definition]

    def _imagine(self, definition: Definition) -> int:
        row = self._connection.execute(
            "SELECT indexrelid FROM hypopg_create_index(%s)", (definition.statement(name="imagined"),)
        ).fetchone()
        assert row is not None
        return int(row[0])


class BuiltPlanner:
    """Real indexes on a private clone, whose superuser this session is; those not wanted are hidden."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._shown: dict[Definition, bool] = {}
        self._refused: dict[Definition, str] = {}

    def plan(self, statement: str, indexes: Collection[Definition], /) -> Estimate:
        self.show(indexes)
        tree = explain(self._connection, statement)
        named = {definition.name: definition for definition in indexes}
        used = {named[name] for name in index_names(tree) if name in named}
        return Estimate(tree["Total Cost"], _written(tree), frozenset(used))

    def refuses(self, definition: Definition, /) -> str | None:
        if definition not in self._shown and definition not in self._refused:
            try:
                self._connection.execute(definition.statement().encode())
                if any(key.column is None for key in definition.keys):
                    # Only an index on an expression lets ANALYZE count the expression's values.
                    self._connection.execute(f"ANALYZE {qualified(definition.schema, definition.table)}".encode())
                self._shown[definition] = True
            except psycopg.Error as error:
                self._refused[definition] = error.diag.message_primary or "the server refuses it"
        return self._refused.get(definition)

    def show(self, indexes: Collection[Definition]) -> None:
        """Let the planner see exactly these; the first time one is wanted, it is built."""
        for definition in indexes:
            if self.refuses(definition) is not None:
                raise ValueError(f"{definition.name} cannot be built")
        changed = {known: known in indexes for known, shown in self._shown.items() if shown != (known in indexes)}
        for visible in (True, False):
            self._mark([known for known, wanted in changed.items() if wanted is visible], visible=visible)
        self._shown |= changed

    def _mark(self, definitions: Sequence[Definition], *, visible: bool) -> None:
        """Only on a clone without autovacuum: an index that is not live is not read, not kept up by writes, and hinders
        no heap-only update; VACUUM would pass it over, too, and its entries would point to other rows afterwards."""
        if not definitions:
            return
        names = [qualified(item.schema, item.name) for item in definitions]
        tables = list({qualified(item.schema, item.table) for item in definitions})
        with self._connection.transaction():
            self._connection.execute(
                "UPDATE pg_catalog.pg_index SET indisvalid = %(visible)s, indisready = %(visible)s,"
                " indislive = %(visible)s WHERE indexrelid = ANY (%(names)s::regclass[])",
                {"visible": visible, "names": names},
            )
            # A table's list of indexes is read again when its own row has changed.
            self._connection.execute(
                "UPDATE pg_catalog.pg_class SET relname = relname WHERE oid = ANY (%s::regclass[])", (tables,)
            )

    def drop(self, definitions: Iterable[Definition]) -> None:
        for definition in definitions:
            if self._shown.pop(definition, None) is not None:
                name = qualified(definition.schema, definition.name)
                self._connection.execute(f"DROP INDEX {name}".encode())


def explain(connection: psycopg.Connection, statement: str) -> dict[str, Any]:
    """Plan a statement without running it; one that has parameters is planned for no value in particular.

    Raises psycopg.Error where the server refuses the statement.
    """
    if "$" in statement and (names := sorted(set(re.findall(r"\$(\d+)", _without_texts(statement))), key=int)):
        return _generic(connection, statement, len(names))
    row = connection.execute(b"EXPLAIN (FORMAT JSON) " + statement.encode()).fetchone()
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def _generic(connection: psycopg.Connection, statement: str, count: int) -> dict[str, Any]:
    """Before PostgreSQL 16 a plan for any value comes of a prepared statement whose generic plan is forced."""
    if connection.info.server_version >= 160000:
        question = b"EXPLAIN (GENERIC_PLAN, FORMAT JSON) " + statement.encode()
        row = connection.cursor().execute(question, prepare=False).fetchone()
    else:
        with connection.transaction():
            connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            connection.execute(b"PREPARE pgraduate_tune AS " + statement.encode())
            try:
                values = sql.SQL(", ").join(sql.SQL("NULL") for _ in range(count))
                row = connection.execute(
                    sql.SQL("EXPLAIN (FORMAT JSON) EXECUTE pgraduate_tune ({})").format(values)
                ).fetchone()
            finally:
                if connection.info.transaction_status.name != "INERROR":
                    connection.execute("DEALLOCATE pgraduate_tune")
    assert row is not None
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def nodes(plan: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Walk over the nodes of a plan, from the top."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def index_names(plan: Mapping[str, Any]) -> set[str]:
    return {node["Index Name"] for node in nodes(plan) if "Index Name" in node}


def _written(plan: Mapping[str, Any]) -> float:
    for node in nodes(plan):
        if node["Node Type"] == "ModifyTable":
            return float(node["Plans"][0]["Plan Rows"]) if node.get("Plans") else 1.0
    return 0.0


def _imaginable(definition: Definition) -> bool:
    """HypoPG 1.3.1 knows no GIN, ends a server's process over some expressions (#116), and where the order of NULLs is
    not an index's own it fails with "cache lookup failed for index"."""
    plain = all(key.column is not None and not key.nulls_swapped for key in definition.keys)
    return definition.method in ("btree", "brin") and plain


def _without_texts(statement: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", statement)
