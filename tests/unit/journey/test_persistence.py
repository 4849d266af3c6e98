"""What is tried again and what is not."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from pgraduate.errors import ConnectionLost, Locked, PgraduateError, Refused, TargetUnusable
from pgraduate.events import Event, Notice
from pgraduate.journey import persistence
from pgraduate.journey.persistence import PAUSES, persist

LOST = psycopg.errors.AdminShutdown("secret")
REFUSED = TargetUnusable("the target does not answer")


class Told:
    def __init__(self) -> None:
        self.notices: list[str] = []

    def emit(self, event: Event, /) -> None:
        assert isinstance(event, Notice)
        self.notices.append(event.text)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr(persistence.time, "sleep", pauses.append)
    return pauses


def failing(*failures: BaseException) -> Callable[[], str]:
    rest = iter(failures)

    def work() -> str:
        for failure in rest:
            raise failure
        return "done"

    return work


@pytest.mark.parametrize(
    "failure", [LOST, ConnectionLost("gone"), Locked("held"), psycopg.errors.LockNotAvailable()]
)
def test_a_loss_that_may_heal_is_tried_again(slept: list[float], failure: BaseException) -> None:
    told = Told()
    assert persist(failing(failure, failure), told) == "done"
    assert slept == list(PAUSES[:2])
    assert len(told.notices) == 2
    assert "secret" not in "".join(told.notices)


def test_a_server_that_comes_back_late_is_waited_for(slept: list[float]) -> None:
    assert persist(failing(LOST, REFUSED, REFUSED), Told()) == "done"
    assert slept == list(PAUSES[:3])


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (REFUSED, TargetUnusable),
        (Refused("no"), Refused),
        (psycopg.errors.DiskFull(), TargetUnusable),
        (psycopg.errors.SyntaxError(), psycopg.errors.SyntaxError),
        (KeyError(), KeyError),
    ],
)
def test_what_no_moment_heals_is_not_tried_again(
    slept: list[float], failure: BaseException, expected: type[BaseException]
) -> None:
    with pytest.raises(expected):
        persist(failing(failure), Told())
    assert slept == []


def test_it_gives_up_with_the_last_failure(slept: list[float]) -> None:
    with pytest.raises(PgraduateError, match="does not answer"):
        persist(failing(LOST, *[REFUSED] * 20), Told())
    assert slept == list(PAUSES)
