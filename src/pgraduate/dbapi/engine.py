"""Which engine answers: chosen by the environment, said once, and never guessed.

`DB_TYPE` names the engine; the server comes from DATABASE_URL or from POSTGRES_HOST and its kin.  The invariant: where the
environment names no engine, names two, or names a server that does not answer, the first connect raises; there is no
way from one engine to the other at run time.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pgraduate.errors import UsageError

if TYPE_CHECKING:
    from pgraduate.postgres.target import Target

_SQLITE = frozenset(("sqlite", "sqlite3"))
_POSTGRESQL = frozenset(("postgresql", "postgres", "psql", "pg"))
_PARTS = {
    "POSTGRES_HOST": "host",
    "POSTGRES_PORT": "port",
    "POSTGRES_DB": "dbname",
    "POSTGRES_USER": "user",
}
_SERVERS = ("postgresql://", "postgres://")
_LOGGER = logging.getLogger("pgraduate.dbapi")


@dataclass(frozen=True, slots=True)
class Engine:
    """`target` is None for SQLite."""

    kind: Literal["sqlite", "postgresql"]
    target: Target | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.target is None


_SAID: set[Engine] = set()


def choose(environment: Mapping[str, str] = os.environ) -> Engine:
    """Read the environment.

    Raises UsageError where it names no engine, an unknown one, an engine without its server, or two servers.
    """
    named = environment.get("DB_TYPE", "").strip().lower()
    url = environment.get("DATABASE_URL", "").strip()
    of_server = url.startswith(_SERVERS)
    parts = {name for name in (*_PARTS, "POSTGRES_PASSWORD") if environment.get(name)}
    if not named and not of_server and not parts:
        raise UsageError(
            "no engine is chosen: neither DB_TYPE nor DATABASE_URL names one",
            where="environment",
            hint="DB_TYPE=sqlite, or DB_TYPE=postgresql with DATABASE_URL or POSTGRES_HOST, _DB and _USER",
        )
    if named in _SQLITE:
        if of_server:
            raise UsageError(
                "DB_TYPE says sqlite and DATABASE_URL names a PostgreSQL server",
                where="environment",
                hint="unset one of them",
            )
        return Engine("sqlite")
    if named and named not in _POSTGRESQL:
        raise UsageError(f"DB_TYPE={named} is no engine", where="environment", hint="sqlite or postgresql")
    return Engine("postgresql", _server(environment, url, of_server, parts))


def say(engine: Engine, answered: str) -> None:
    """Say once in the process, in one line, which engine, server and role answer.

    It goes to the logger `pgraduate.dbapi`, and to stderr where that logger shows nothing.
    """
    if engine in _SAID:
        return
    _SAID.add(engine)
    line = f"pgraduate.dbapi: {answered}"
    if _LOGGER.isEnabledFor(logging.INFO) and _LOGGER.hasHandlers():
        _LOGGER.info(line)
    else:
        # An application may have a print of its own.
        sys.stderr.write(f"{line}\n")


def _server(environment: Mapping[str, str], url: str, of_server: bool, parts: set[str]) -> Target:
    from pgraduate.postgres.target import Target, from_environment, from_text

    if of_server:
        target = from_environment(environment)
        _require_agreement(environment, target)
        return target
    if url:
        raise UsageError(
            "DATABASE_URL names no PostgreSQL server",
            where="environment",
            hint="postgresql://user@host/database, or POSTGRES_HOST, _DB and _USER",
        )
    missing = [name for name in ("POSTGRES_HOST", "POSTGRES_DB", "POSTGRES_USER") if not environment.get(name)]
    if missing:
        raise UsageError(
            f"the PostgreSQL server is not named: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            where="environment",
            hint="set them, or DATABASE_URL",
        )
    words = " ".join(f"{key}={_quoted(environment[name])}" for name, key in _PARTS.items() if environment.get(name))
    return Target(from_text(words).conninfo, environment.get("POSTGRES_PASSWORD") or None)


def _require_agreement(environment: Mapping[str, str], target: Target) -> None:
    """Refuse two servers: what POSTGRES_* says must be what DATABASE_URL says."""
    from psycopg.conninfo import conninfo_to_dict

    said = {"port": "5432", **conninfo_to_dict(target.conninfo), "password": target.secret}
    for name, key in {**_PARTS, "POSTGRES_PASSWORD": "password"}.items():
        other = environment.get(name)
        if other and str(said.get(key)) != other:
            raise UsageError(
                f"{name} says otherwise than DATABASE_URL",
                where="environment",
                hint="unset one of them",
            )


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
