"""What PostgreSQL says when the target cannot be read, without any row's value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from pgraduate.errors import TargetUnusable


@contextmanager
def readable(where: str) -> Iterator[None]:
    """Turn what keeps a relation from being read into TargetUnusable; `where` names the relation."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise TargetUnusable(
            f"the role may not read what is to be compared ({error.sqlstate})",
            where=where,
            hint="compare as the owner, or grant SELECT on the schema and on the schema pgraduate",
        ) from None
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise TargetUnusable(
            f"the target lacks a table ({error.sqlstate})",
            where=where,
            hint="copy the source first: `pgraduate run`",
        ) from None
    except psycopg.errors.LockNotAvailable as error:
        raise TargetUnusable(
            f"another session holds a lock ({error.sqlstate})", where=where, hint="compare again when it has ended"
        ) from None
    except psycopg.Error as error:
        raise TargetUnusable(
            f"PostgreSQL cannot read it ({error.sqlstate or 'no SQLSTATE'} {type(error).__name__})", where=where
        ) from None
