"""How many connections copy: half of the processors, what the server has room for, what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from pgraduate.copy import connections as room
from pgraduate.copy.connections import Jobs, connections
from pgraduate.events import Notice
from pgraduate.postgres.target import Target


class Server:
    """A connection to a server with so many free places."""

    def __init__(self, free: int) -> None:
        self.free = free

    def execute(self, _question: str) -> Any:
        return self

    def fetchone(self) -> tuple[int]:
        return (self.free,)


class Heard:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def emit(self, event: object) -> None:
        assert isinstance(event, Notice)
        self.texts.append(event.text)


@pytest.mark.parametrize(
    ("cores", "free", "wanted", "number"),
    [
        (1, 97, None, 1),
        (2, 97, None, 1),
        (4, 97, None, 2),
        (8, 97, None, 2),
        (64, 97, None, 2),
        (64, 4, None, 2),
        (64, 3, None, 1),
        (64, -3, None, 1),
        (2, 97, 8, 8),
        (2, 0, 1, 1),
    ],
)
def test_the_number_of_connections(
    monkeypatch: pytest.MonkeyPatch, cores: int, free: int, wanted: int | None, number: int
) -> None:
    monkeypatch.setattr(room, "cores_of", lambda: cores)
    heard = Heard()
    assert connections(Server(free), Jobs(Target(""), wanted), heard) == number  # type: ignore[arg-type]
    assert heard.texts == []


@pytest.mark.parametrize(("free", "number"), [(3, 3), (1, 1), (0, 1)])
def test_what_was_asked_for_and_cannot_be_had_is_said(free: int, number: int) -> None:
    heard = Heard()
    assert connections(Server(free), Jobs(Target(""), 8), heard) == number  # type: ignore[arg-type]
    assert heard.texts == [f"the server has room for {free} more connections, not for the 8 asked for"]
