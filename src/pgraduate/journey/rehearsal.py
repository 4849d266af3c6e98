"""Whether a standing schema will take the rows, asked of the server itself before anything is decided.

Checks, unique indexes over part of the rows, exclusions and domains are PostgreSQL's own expressions: nobody else can
evaluate them.  So the rows of a table that has such rules are loaded once into a temporary table, and the rules are
tried on it.  The invariant: the transaction is rolled back; no sequence moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import psycopg

from pgraduate.copy import CellRefused, rehearse
from pgraduate.errors import Refused
from pgraduate.model.catalog import Catalog
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.model.representation import Rule
from pgraduate.postgres.casting import casting
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.postgres.spelling import count_kept
from pgraduate.postgres.standing import StandingColumn, StandingRule, StandingSchema
from pgraduate.schema.existing import Breach, Form
from pgraduate.sqlite import stream_values

_STAND_IN = "pgraduate_stand_in"
_AT_ONCE = 5_000
"""Values that go to the server in one statement."""

Column = tuple[str, str]
"""A table's and a column's name in the source."""


def count_server_fits(
    connection: psycopg.Connection,
    sealed: Path,
    catalog: Catalog,
    asked: Mapping[Column, tuple[StandingColumn, Sequence[Form]]],
) -> dict[Column, dict[str, int]]:
    """Count, by column and form, the values that the target's type takes and gives back as they are."""
    counts: dict[Column, dict[str, int]] = {}
    for where, (target, forms) in asked.items():
        found = dict.fromkeys((form.proof for form in forms), 0)
        for values in stream_values(sealed, catalog, where, _AT_ONCE):
            for form in forms:
                how = casting(form.representation, target.base, target.type)
                assert how is not None, "the forms are those that the server casts"
                fitting = [value for value in values if isinstance(value, _CLASSES[_class(form)])]
                found[form.proof] += count_kept(connection, how, [_sent(value, how.wire) for value in fitting])
        counts[where] = found
    return counts


_CLASSES: dict[str, tuple[type, ...]] = {
    "text": (str,), "integer": (int,), "real": (float,), "number": (int, float),
}  # fmt: skip


def _sent(value: str | int | float | bytes, wire: str) -> str | float | Decimal:
    """Give a value as it travels."""
    match wire:
        case "text":
            return str(value)
        case "numeric":
            return Decimal(str(value))
    return float(value)


def _class(form: Form) -> str:
    match form.representation.rule:
        case Rule.REAL | Rule.NUMBER as rule:
            return str(rule)
    return form.representation.detail or "text"


def find_breaches(
    connection: psycopg.Connection, sealed: Path, standing: StandingSchema, plan: SchemaPlan
) -> dict[str, tuple[Breach, ...]]:
    """Try the rules of the planned tables on their rows; {} where every row is taken.

    Raises Refused where this role may not make temporary tables.
    """
    rules: dict[str, list[StandingRule]] = {}
    for rule in standing.rules:
        rules.setdefault(rule.table, []).append(rule)
    tables = [table for table in plan.tables if table.rows and (table.name in rules or _is_cast(table))]
    if tables:
        _require_temporary(connection)
    found = {}
    for table in tables:
        with connection.transaction(force_rollback=True):
            breaches = tuple(_breaches(connection, sealed, standing, table, rules.get(table.name, [])))
        if breaches:
            found[table.name] = breaches
    return found


def _is_cast(table: TablePlan) -> bool:
    return any(column.representation.rule in (Rule.SPELLED, Rule.LIST) for column in table.columns)


def _require_temporary(connection: psycopg.Connection) -> None:
    database = connection.info.dbname
    row = connection.execute(
        "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')"
    ).fetchone()
    if not (row and row[0]):
        raise Refused(
            f"role {connection.info.user} may not make temporary tables, in which the rows are tried first",
            where=f"database {database}",
            hint=f"as the database's owner: GRANT TEMPORARY ON DATABASE {database} TO {connection.info.user}",
        )


def _breaches(
    connection: psycopg.Connection,
    sealed: Path,
    standing: StandingSchema,
    table: TablePlan,
    rules: Sequence[StandingRule],
) -> Iterator[Breach]:
    _make_stand_in(connection, standing, table)
    try:
        with connection.transaction():
            rehearse(connection, sealed, table, _STAND_IN)
    except psycopg.Error as error:
        yield Breach("refused", table.name, _said(error))
        return
    except CellRefused as error:
        yield Breach("refused", table.name, error.what)
        return
    for rule in rules:
        if (breach := _breach(connection, table, rule)) is not None:
            yield breach


def _make_stand_in(connection: psycopg.Connection, standing: StandingSchema, table: TablePlan) -> None:
    """Make a table of the same columns: generated ones are computed, others have the default that draws no number."""
    there = f"pg_temp.{quote(_STAND_IN)}"
    connection.execute(
        f"CREATE TEMPORARY TABLE {quote(_STAND_IN)}"
        f" (LIKE {qualified(table.schema, table.name)} INCLUDING GENERATED) ON COMMIT DROP".encode()
    )
    planned = {column.target for column in table.columns}
    for column in standing.columns_of(table.name):
        if column.name in planned or column.generated:
            continue
        name = quote(column.name)
        connection.execute(f"ALTER TABLE {there} ALTER COLUMN {name} DROP NOT NULL".encode())
        if column.default is not None and column.sequence is None:
            connection.execute(f"ALTER TABLE {there} ALTER COLUMN {name} SET DEFAULT {column.default}".encode())


def _breach(connection: psycopg.Connection, table: TablePlan, rule: StandingRule) -> Breach | None:
    there = f"pg_temp.{quote(_STAND_IN)}"
    match rule.kind:
        case "check" | "partition":
            # A check passes what it cannot tell; a row that no partition claims has no place.
            wrong = "IS FALSE" if rule.kind == "check" else "IS NOT TRUE"
            query = f"SELECT count(*) FROM {there} AS {quote(table.name)} WHERE ({rule.expression}) {wrong}"
            try:
                with connection.transaction():
                    row = connection.execute(query.encode()).fetchone()
            except psycopg.Error as error:
                return Breach("refused", rule.name, _said(error))
            count = int(row[0]) if row else 0
            return Breach(rule.kind, rule.name, rule.expression, count, rule.definition) if count else None
        case "exclusion":
            trial = f"ALTER TABLE {there} ADD {rule.expression}"
        case "unique_index":
            trial = f"CREATE UNIQUE INDEX ON {there} {rule.expression}"
        case "refused":
            return None
    try:
        with connection.transaction():
            connection.execute(trial.encode())
    except (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation):
        return Breach(rule.kind, rule.name, rule.expression)
    except psycopg.Error as error:
        return Breach("refused", rule.name, _said(error))
    return None


def _said(error: psycopg.Error) -> str:
    """Say what the server refused, without the message: that may hold a value."""
    names = (error.diag.datatype_name, error.diag.constraint_name, error.diag.column_name)
    what = type(error).__name__
    return f"{what} ({', '.join(name for name in names if name)})" if any(names) else what
