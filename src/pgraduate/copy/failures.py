"""What PostgreSQL says about a failed load, without any row's value.

The primary message of some errors quotes the offending value; the SQLSTATE and COPY's context (in the binary
format: table, line and column) do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import apsw
import psycopg

from pgraduate.copy.source import SourceTable
from pgraduate.errors import PgraduateError, TargetUnusable
from pgraduate.model.plan import TablePlan
from pgraduate.postgres.failures import STAYS, place, trouble


@contextmanager
def explained() -> Iterator[None]:
    """Turn psycopg's errors into errors that a user can act on."""
    try:
        yield
    except psycopg.Error as error:
        raise _explain(error) from None


@contextmanager
def explained_of(plan: TablePlan) -> Iterator[None]:
    """The same for work on one table, which is named where the error names nothing."""
    try:
        with explained():
            yield
    except PgraduateError as error:
        error.where = error.where or f"table {plan.schema}.{plan.name}"
        raise


@contextmanager
def bad_texts_named(table: SourceTable, sealed: apsw.Connection) -> Iterator[None]:
    """Name the column of a text that PostgreSQL was the first to look at, as reading it names it elsewhere."""
    try:
        yield
    except psycopg.errors.CharacterNotInRepertoire:
        if (column := table.undecodable(sealed)) is None:
            raise
        raise table.bad_text(column) from None


def _explain(error: psycopg.Error) -> PgraduateError:
    found = trouble(error)
    if found is not None:
        return found
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        what, hint = "the role may not write here", "copy as the owner of the schema; see `--to`"
    else:
        what, hint = "PostgreSQL refuses a row", "assess the source and make the schema again"
    return TargetUnusable(
        f"{what} ({error.sqlstate} {type(error).__name__})", where=place(error), hint=f"{hint}; {STAYS}"
    )
