"""Which server a run speaks to, and how its secret stays one.

A target is made from `--to`, DATABASE_URL or libpq's own variables; libpq does the connecting, so every service
file, passfile and TLS option works as it does for psql.  The invariant: a password is accepted from the environment
only, lives in one object, and is cut out of every text that leaves this module.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import LiteralString

import psycopg
from psycopg import conninfo as libpq

from pgraduate.errors import PgraduateError, TargetUnusable, UsageError

OLDEST = 140000
"""The oldest server that is still tested, as `server_version_num` counts."""

_PASSFILE_HINT = "put it into a passfile (PGPASSFILE or ~/.pgpass) or a service file (PGSERVICE)"

_SESSION: LiteralString = """
SELECT set_config(name, value, false)
  FROM (VALUES ('TimeZone', 'UTC'),
               ('DateStyle', 'ISO, YMD'),
               ('IntervalStyle', 'iso_8601'),
               ('extra_float_digits', '1'),
               ('bytea_output', 'hex'),
               ('client_connection_check_interval', '1s'),
               ('statement_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0')) AS wanted (name, value)
"""


@dataclass(frozen=True, slots=True)
class Target:
    """`conninfo` holds no password and is what psql accepts as it stands; `secret` never shows."""

    conninfo: str
    secret: str | None = field(default=None, repr=False)

    def connect(self, stage: str, *, autocommit: bool = True) -> psycopg.Connection:
        """Open a connection with session settings that make text forms exact and notice a dead client.

        Raises TargetUnusable when the server cannot be reached, refuses the login, is older than 14, or holds its
        text in another encoding than UTF-8.
        """
        connection = self.open(f"pgraduate/{stage}", autocommit=autocommit)
        try:
            connection.execute(_SESSION)
            if not autocommit:
                connection.commit()
        except psycopg.Error as error:
            connection.close()
            raise self.unreachable(error) from None
        return connection

    def open(self, application: str, *, autocommit: bool = True) -> psycopg.Connection:
        """Open a connection whose session is as the server gives it, under an application's name.

        Raises TargetUnusable as `connect` does.
        """
        try:
            connection = psycopg.connect(self.words(application), autocommit=autocommit)
        except psycopg.Error as error:
            raise self.unreachable(error) from None
        try:
            self.require_usable(connection)
        except PgraduateError:
            connection.close()
            raise
        return connection

    def words(self, application: str) -> str:
        """Give the conninfo to connect with; the secret is in it."""
        extra = {"application_name": application, "client_encoding": "UTF8"}
        if self.secret is not None:
            extra["password"] = self.secret
        return libpq.make_conninfo(self.conninfo, **extra)

    def scrub(self, text: str) -> str:
        return text.replace(self.secret, "********") if self.secret else text

    def unreachable(self, error: psycopg.Error) -> TargetUnusable:
        """Give the error that names this server, without its secret."""
        lines = [line.strip() for line in self.scrub(str(error)).splitlines() if line.strip()]
        what = lines[0] if lines else type(error).__name__
        return TargetUnusable(f"the target does not answer: {what}", where=self.conninfo, hint=_advice(what))

    def require_usable(self, connection: psycopg.Connection) -> None:
        """Refuse, as TargetUnusable, a server or a connection that cannot serve; nothing is asked of the server."""
        info = connection.info
        if info.server_version < OLDEST:
            raise TargetUnusable(
                f"the server is PostgreSQL {info.parameter_status('server_version')}; pgraduate needs 14 or newer",
                where=self.conninfo,
                hint="upgrade the server, or name another one with --to",
            )
        encoding = info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise TargetUnusable(
                f"the database holds its text in {encoding}; SQLite's text needs UTF8",
                where=self.conninfo,
                hint="make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
            )
        if (
            not info.host.startswith(("/", "@"))
            and not _is_loopback(info.host)
            and not connection.pgconn.ssl_in_use
        ):
            parameters = info.get_parameters()
            if parameters.get("sslmode", "prefer") in ("prefer", "allow"):
                raise TargetUnusable(
                    "the connection would be plaintext",
                    where=self.conninfo,
                    hint="enable TLS on the server, or accept plaintext with sslmode=disable",
                )


def from_text(text: str) -> Target:
    """Read a conninfo string or URI; raise UsageError for one that libpq refuses or that holds a password."""
    parameters = _parse(text, where="--to")
    if parameters.pop("password", None):
        raise UsageError("a password inside --to is refused", where="--to", hint=_PASSFILE_HINT)
    return Target(libpq.make_conninfo("", **_with_tls(parameters, os.environ)))


def from_environment(environment: Mapping[str, str] = os.environ) -> Target:
    """Read DATABASE_URL, else PGHOST and its kin; raise UsageError where neither names a server."""
    url = environment.get("DATABASE_URL")
    if url:
        parameters = _parse(url, where="DATABASE_URL")
        secret = parameters.pop("password", None)
        return Target(libpq.make_conninfo("", **_with_tls(parameters, environment)), secret)
    if not any(environment.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE")):
        raise UsageError(
            "--to env needs DATABASE_URL, or PGHOST, PGSERVICE or PGDATABASE",
            where="environment",
            hint="set one of them, or leave --to out for the embedded server",
        )
    names = {"PGHOST": "host", "PGPORT": "port", "PGDATABASE": "dbname", "PGUSER": "user", "PGSERVICE": "service"}
    parameters = {key: environment[name] for name, key in names.items() if environment.get(name)}
    return Target(
        libpq.make_conninfo("", **_with_tls(parameters, environment)), environment.get("PGPASSWORD") or None
    )


def _parse(text: str, *, where: str) -> dict[str, str]:
    # libpq quotes the string in its message, and the string may hold a password: the message stays here.
    try:
        parsed = libpq.conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        raise UsageError(
            "this is not a conninfo string or a postgresql:// URI",
            where=where,
            hint="for example --to 'host=localhost dbname=app user=app' or --to postgresql://app@localhost/app",
        ) from None
    return {key: str(value) for key, value in parsed.items() if value is not None}


def _with_tls(parameters: dict[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    host = parameters.get("hostaddr") or parameters.get("host") or environment.get("PGHOST", "")
    unset = "sslmode" not in parameters and not environment.get("PGSSLMODE") and "service" not in parameters
    if unset and host and not host.startswith(("/", "@")) and not _is_loopback(host):
        return parameters | {"sslmode": "require"}
    return parameters


def _is_loopback(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _advice(message: str) -> str:
    if "password" in message:
        return _PASSFILE_HINT
    if "does not exist" in message:
        return "create it, or name another one with --to"
    if "too many" in message or "connection slots" in message:
        return "a limit of connections is reached (of the server, the database or the role): end some, or raise it"
    if "SSL" in message:
        return "enable TLS on the server, or say sslmode=disable in --to if plaintext is meant"
    return "is the server running, and do host and port name it? `psql` with the same words tells"
