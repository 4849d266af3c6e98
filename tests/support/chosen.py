"""The environment by which an application chooses PostgreSQL, as it would stand on a server."""

from __future__ import annotations

import pytest
from psycopg.conninfo import conninfo_to_dict

_KEYS = {"HOST": "host", "PORT": "port", "DB": "dbname", "USER": "user"}


def choose_server(patch: pytest.MonkeyPatch, conninfo: str) -> None:
    """Let the runtime answer from a server, by the variables of its parts alone."""
    words = conninfo_to_dict(conninfo)
    patch.setenv("DB_TYPE", "postgresql")
    patch.delenv("DATABASE_URL", raising=False)
    for name, key in _KEYS.items():
        if key in words:
            patch.setenv(f"POSTGRES_{name}", str(words[key]))
