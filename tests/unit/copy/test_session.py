"""What a loading session asks of psycopg."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.pq import Format

from pgraduate.copy import session


class Unconnected:
    """As much of a connection as is prepared without a server."""

    autocommit = False

    def __init__(self) -> None:
        self.adapters = psycopg.adapt.AdaptersMap(psycopg.adapters)

    def execute(self, _script: str) -> None:
        return


def test_bytes_go_through_the_formatter_that_psycopg_has_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_raise_send_buffer", lambda _: 0)
    connection = Unconnected()
    session.prepare(connection)  # type: ignore[arg-type]
    bytea = connection.adapters.types.get_oid("bytea")
    chosen = connection.adapters.get_dumper_by_oid(bytea, Format.BINARY)
    assert chosen is connection.adapters.get_dumper(bytes, psycopg.adapt.PyFormat.BINARY)
    assert chosen.__module__.endswith("_psycopg") or psycopg.pq.__impl__ == "python"
