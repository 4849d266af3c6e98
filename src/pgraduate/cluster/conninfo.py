"""The words that lead libpq to an embedded server, and to no other one.

libpq fills what a conninfo leaves open from the caller's environment: PGHOSTADDR would lead to another server,
PGPASSWORD outweighs a passfile, PGOPTIONS may keep the server from answering.  The invariant: each variable of
libpq that is set in this environment is outweighed by a word of the conninfo.
"""

from __future__ import annotations

import os
from pathlib import Path

_HARMLESS = {"application_name", "client_encoding", "connect_timeout"}
_SERVICE = {"service", "servicefile"}
"""An empty service is an error for libpq; what a service file says, a conninfo's own words outweigh."""


def conninfo(sockets: Path, port: int, database: str, role: str, passfile: Path) -> str:
    """Write the conninfo of one role; it holds no password, and psql and psycopg take it as it stands."""
    from psycopg import conninfo as libpq
    from psycopg import pq

    words = {
        "host": str(sockets),
        "port": str(port),
        "dbname": database,
        "user": role,
        "passfile": str(passfile),
    }
    for option in pq.Conninfo.get_defaults():
        name = option.keyword.decode()
        is_set = option.envvar is not None and option.envvar.decode() in os.environ
        if is_set and name not in _HARMLESS | _SERVICE:
            words.setdefault(name, (option.compiled or b"").decode())
    return libpq.make_conninfo("", **words)
