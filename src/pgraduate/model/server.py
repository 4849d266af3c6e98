"""Which server answered: recorded by every step, so that no report can speak of another one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """`tls` is the protocol's name or None, `host` the socket directory or host name as given."""

    system_identifier: str
    version: str
    version_number: int
    host: str
    port: int
    database: str
    role: str
    superuser: bool
    encoding: str
    tls: str | None = None

    def __str__(self) -> str:
        tls = self.tls or ("local socket" if self.host.startswith(("/", "@")) else "no TLS")
        return (
            f"PostgreSQL {self.version} at {self.host}:{self.port}, database {self.database}, "
            f"role {self.role}, {tls}, system {self.system_identifier}"
        )
