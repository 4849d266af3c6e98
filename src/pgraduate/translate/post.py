"""PostgreSQL's side of a comparison: one translated statement's answer, and everything taken back behind it.

A rollback does not take back the numbers that sequences gave, so they are put back by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import psycopg

from pgraduate.compare.answers import Answer, answer_of, failure_of
from pgraduate.compare.target import script as compare_script
from pgraduate.dialect.binding import positional
from pgraduate.errors import TargetUnusable
from pgraduate.postgres.identifiers import qualified
from pgraduate.translate.lite import Value
from pgraduate.translate.translating import Translated


@cache
def script(name: str) -> str:
    """Give the text of a .sql file of this room."""
    return files("pgraduate.translate").joinpath("sql", f"{name}.sql").read_text("utf-8")


@contextmanager
def taken_back(connection: psycopg.Connection, sequences: Sequences, *, keep: bool) -> Iterator[None]:
    """Run a block inside a transaction; unless `keep`, its changes go, and the numbers that `sequences` gave."""
    before = [] if keep else sequences.read(connection)
    with connection.transaction(force_rollback=not keep):
        connection.execute(compare_script("session"))
        yield
    sequences.put_back(connection, before)


@dataclass(frozen=True, slots=True)
class Sequences:
    """The sequences of one schema, by their qualified names."""

    names: tuple[str, ...]

    @staticmethod
    def of(connection: psycopg.Connection, schema: str) -> Sequences:
        rows = connection.execute(script("sequences"), {"schema": schema}).fetchall()
        return Sequences(tuple(qualified(schema, name) for (name,) in rows))

    def read(self, connection: psycopg.Connection) -> list[tuple[str, int, bool]]:
        """Give each sequence's last number, and whether it has been given."""
        found = []
        for name in self.names:
            row = connection.execute(f"SELECT last_value, is_called FROM {name}".encode()).fetchone()
            assert row is not None
            found.append((name, int(row[0]), bool(row[1])))
        return found

    def put_back(self, connection: psycopg.Connection, before: list[tuple[str, int, bool]]) -> None:
        """Set the sequences that have moved to what they were."""
        now = set(self.read(connection)) if before else set()
        for name, last, called in set(before) - now:
            connection.execute("SELECT pg_catalog.setval(%s::pg_catalog.regclass, %s, %s)", (name, last, called))


NONE = Sequences(())
"""For a statement that only reads."""


def give_numbers(connection: psycopg.Connection, numbers: Mapping[str, int], wanted: Sequence[str]) -> None:
    """Set for the transaction what the driver would know of the connection."""
    for name in wanted:
        setting = f"pgraduate.{name}"
        connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", (setting, str(numbers[name])))


def answer(connection: psycopg.Connection, translated: Translated, values: Sequence[Value] = ()) -> Answer:
    """Run a translation with its parameters' values inside a savepoint and give its answer, its failure included.

    Raises TargetUnusable where the connection is lost.
    """
    given = [int(value) if isinstance(value, bool) else value for value in values]
    try:
        with connection.transaction(), psycopg.RawCursor(connection) as cursor:
            for bound in map(positional, translated.texts):
                cursor.execute(bound.sql.encode(), bound.values(given), prepare=False)
            return answer_of(cursor, translated.columns)
    except psycopg.Error as error:
        if connection.closed:
            raise TargetUnusable(
                "the connection to the target was lost", hint="the same command begins anew"
            ) from error
        return Answer(failure=failure_of(error))
