"""How to reach the database that a run filled, from the identity that the server gave.

No password is known here, and none is printed: libpq asks its passfile.
"""

from __future__ import annotations

import json
import shlex

from pgraduate.model.server import ServerIdentity

_SPECIAL = frozenset(" '\\\t\n\v\f\r")


def conninfo(identity: ServerIdentity) -> str:
    """Give libpq's connection string; a server that was reached through TLS is reached through TLS again."""
    pairs = {
        "host": identity.host,
        "port": str(identity.port),
        "dbname": identity.database,
        "user": identity.role,
    }
    if identity.tls is not None:
        pairs["sslmode"] = "require"
    return " ".join(f"{key}={_value(text)}" for key, text in pairs.items())


def psql(identity: ServerIdentity) -> str:
    """Give the shell command that opens the database in psql."""
    return f"psql {shlex.quote(conninfo(identity))}"


def python(identity: ServerIdentity) -> str:
    """Give the Python expression that opens the database through psycopg."""
    # A JSON string without \u pairs is also a Python literal, and one in double quotes, as formatters want it.
    literal = json.dumps(conninfo(identity), ensure_ascii=False)
    return f"psycopg.connect({literal})"


def transport(identity: ServerIdentity) -> str:
    """Say how the connection was protected."""
    local = identity.host.startswith(("/", "@"))
    return identity.tls or ("local socket" if local else "no TLS")


def _value(text: str) -> str:
    """Quote a value as libpq reads it (PostgreSQL documentation, section 34.1.1.1)."""
    if text and not set(text) & _SPECIAL:
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
