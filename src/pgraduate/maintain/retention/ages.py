"""How old a row is, for each type in which a migration leaves a moment.

Every comparison is between moments in UTC.  A value that tells no moment (NULL, infinity, NaN, a text of another form)
is never old.  Invariant: where a number's unit is not named, or where it gives the newest row an impossible year,
nothing is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil

import psycopg
from psycopg import sql

from pgraduate.errors import Refused
from pgraduate.maintain.retention.scripts import script
from pgraduate.model.retention import RetentionRule, Unit

INTEGERS = frozenset({"int2", "int4", "int8"})
NUMBERS = INTEGERS | {"float4", "float8", "numeric"}
TEXTS = frozenset({"text", "varchar", "bpchar"})
MOMENTS = frozenset({"date", "timestamp", "timestamptz"})

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PER_SECOND = {Unit.SECONDS: 1, Unit.MILLISECONDS: 1_000, Unit.MICROSECONDS: 1_000_000}
_JULIAN_1970 = Decimal("2440587.5")
_FIRST_YEAR = 1980
"""The newest row of a table with an age rule is not older: a unit that says so is the wrong one."""
_YEAR_1 = "-62135596800"
"""Seconds: a number that tells an earlier moment, which a timestamp may not hold, is as old as that."""
_AHEAD = timedelta(days=36_525)
"""Nor is it more than a century ahead."""


@dataclass(frozen=True, slots=True)
class Age:
    """`type` is pg_type's name without a domain; `unit` is there for numbers alone."""

    column: str
    type: str
    unit: Unit | None

    def between(self, low: datetime | None, high: datetime, alias: str = "t") -> sql.Composable:
        """Give the condition that a row's moment is at `low` or later, and before `high`."""
        bounds = [self._compare("<", high, alias)]
        if low is not None:
            bounds.append(self._compare(">=", low, alias))
        return sql.SQL("(") + sql.SQL(" AND ").join([*bounds, *self._guards(high, alias)]) + sql.SQL(")")

    def order(self, alias: str = "t") -> sql.Composable:
        column = sql.Identifier(alias, self.column)
        return sql.SQL('{} COLLATE "C"').format(column) if self.type in TEXTS else column

    def moment(self, alias: str = "t") -> sql.Composable:
        """Give the row's moment as a timestamp in UTC; of a number, to about the microsecond."""
        column = sql.Identifier(alias, self.column)
        if self.type in TEXTS:
            return sql.SQL(script("text_moment")).format(column=column)
        if self.type == "timestamptz":
            return sql.SQL("({} AT TIME ZONE 'UTC')").format(column)
        if self.type in MOMENTS:
            return sql.SQL("{}::pg_catalog.timestamp").format(column)
        seconds = "{}::pg_catalog.float8"
        if self.unit is Unit.JULIAN:
            seconds = "(({}::pg_catalog.float8 - 2440587.5) * 86400)"
        elif self.unit is not None:
            seconds = f"({{}}::pg_catalog.float8 / {_PER_SECOND[self.unit]})"
        bounded = sql.SQL("greatest(" + seconds + ", " + _YEAR_1 + ")").format(column)
        return sql.SQL("(pg_catalog.to_timestamp({}) AT TIME ZONE 'UTC')").format(bounded)

    def _compare(self, operator: str, bound: datetime, alias: str) -> sql.Composable:
        column = self.moment(alias) if self.type in TEXTS else sql.Identifier(alias, self.column)
        return sql.SQL("{} " + operator + " {}").format(column, self._bound(bound))

    def _bound(self, moment: datetime) -> sql.Composable:
        if self.type == "timestamptz":
            return sql.SQL("{}::pg_catalog.timestamptz").format(sql.Literal(moment.isoformat()))
        if self.type in MOMENTS or self.type in TEXTS:
            naive = moment.astimezone(UTC).replace(tzinfo=None)
            return sql.SQL("{}::pg_catalog.timestamp").format(sql.Literal(naive.isoformat()))
        number = in_unit(moment, self.unit or Unit.SECONDS)
        if self.type in INTEGERS:
            return sql.SQL("{}::pg_catalog.int8").format(sql.Literal(str(ceil(number))))
        kind = "numeric" if self.type == "numeric" else "float8"
        return sql.SQL("{}::pg_catalog." + kind).format(sql.Literal(str(number)))

    def _guards(self, high: datetime, alias: str) -> list[sql.Composable]:
        column = sql.Identifier(alias, self.column)
        if self.type in MOMENTS:
            return [sql.SQL("pg_catalog.isfinite({})").format(column)]
        if self.type in ("float4", "float8"):
            return [sql.SQL("{} > '-Infinity'::pg_catalog.float8").format(column)]
        if self.type == "numeric":
            return [sql.SQL("{} > '-Infinity'::pg_catalog.numeric").format(column)]
        if self.type in TEXTS:  # an index serves this one: no zone is more than a day away
            last = (high.astimezone(UTC) + timedelta(days=2)).date().isoformat()
            return [sql.SQL('{} COLLATE "C" < {}').format(column, sql.Literal(last))]
        return []


def cutoff_of(connection: psycopg.Connection, rule: RetentionRule) -> datetime:
    """Give the moment before which the rule's rows are due, by the server's clock and in UTC."""
    row = connection.execute("SELECT clock_timestamp() - %s::interval", (rule.keep,)).fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment.astimezone(UTC)


def in_unit(moment: datetime, unit: Unit) -> Decimal:
    """Give a moment as the number that tells it, exactly."""
    micros = Decimal((moment - _EPOCH) // timedelta(microseconds=1))
    if unit is Unit.JULIAN:
        return micros / 86_400_000_000 + _JULIAN_1970
    return micros * _PER_SECOND[unit] / 1_000_000


def age_of(column: str, kind: str, unit: Unit | None, where: str) -> Age:
    """Give the age that a column of this type tells.  Raises Refused where it tells none, or not in which unit."""
    if kind in MOMENTS or kind in TEXTS:
        if unit is not None:
            raise Refused(
                f"'unit' is for numbers, and {column} is {kind}", where=where, hint="take it out of the rule"
            )
        return Age(column, kind, None)
    if kind in NUMBERS:
        if unit is None:
            raise Refused(
                f"{column} is {kind}: it is not known in which unit it counts",
                where=where,
                hint='name it in the rule: unit = "s", "ms", "us" (since 1970) or "julian"',
            )
        return Age(column, kind, unit)
    raise Refused(
        f"{column} is {kind}, which tells no age", where=where, hint="a date, a timestamp, ISO text or a number"
    )


def require_possible(connection: psycopg.Connection, table: sql.Composable, age: Age, where: str) -> None:
    """Raise Refused where the unit gives the newest row of a table a year in which no row was written."""
    if age.unit is None:
        return
    column = sql.Identifier("t", age.column)
    finite: sql.SQL | sql.Composed = sql.SQL("true")
    if age.type not in INTEGERS:
        finite = sql.SQL("{0} > '-Infinity' AND {0} < 'Infinity'").format(column)
    row = connection.execute(
        sql.SQL("SELECT max({}) FROM ONLY {} AS t WHERE {}").format(column, table, finite)
    ).fetchone()
    if row is None or row[0] is None:
        return
    newest = Decimal(row[0])
    earliest = in_unit(datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC), age.unit)
    latest = in_unit(datetime.now(UTC) + _AHEAD, age.unit)
    if not earliest <= newest <= latest:
        raise Refused(
            f"read in the unit '{age.unit}', the newest row would be from before {_FIRST_YEAR} or a century ahead",
            where=f"{where}.{age.column}",
            hint="is another unit meant: s, ms, us or julian?",
        )
