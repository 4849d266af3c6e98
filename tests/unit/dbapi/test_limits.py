"""How many connections a process may hold, as the environment says it."""

from __future__ import annotations

import pytest

from pgraduate.dbapi.limits import Limits, limits
from pgraduate.errors import UsageError


def test_what_is_not_said_is_one_to_five() -> None:
    assert limits({}) == Limits(least=1, most=5, wait=30.0, workers=1)


def test_what_is_said_is_read() -> None:
    said = {
        "POSTGRES_POOL_MIN": "0",
        "POSTGRES_POOL_MAX": "12",
        "POSTGRES_POOL_TIMEOUT": "2.5",
        "WEB_CONCURRENCY": "4",
    }
    assert limits(said) == Limits(least=0, most=12, wait=2.5, workers=4)


def test_the_own_word_for_workers_stands_before_the_servers() -> None:
    assert limits({"WEB_CONCURRENCY": "4", "POSTGRES_POOL_WORKERS": "9"}).workers == 9


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"POSTGRES_POOL_MAX": "0"}, "POSTGRES_POOL_MAX=0 is no whole number from 1 on"),
        ({"POSTGRES_POOL_MIN": "-1"}, "POSTGRES_POOL_MIN=-1 is no whole number from 0 on"),
        ({"POSTGRES_POOL_MAX": "many"}, "POSTGRES_POOL_MAX=many is no whole number"),
        ({"POSTGRES_POOL_TIMEOUT": "nan"}, "POSTGRES_POOL_TIMEOUT=nan is no number"),
        ({"POSTGRES_POOL_TIMEOUT": "inf"}, "POSTGRES_POOL_TIMEOUT=inf is no number"),
        ({"WEB_CONCURRENCY": "two"}, "WEB_CONCURRENCY=two is no whole number"),
        ({"POSTGRES_POOL_MIN": "6"}, "POSTGRES_POOL_MIN=6 is more than POSTGRES_POOL_MAX=5"),
    ],
)
def test_nonsense_is_refused_by_name(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        limits(environment)
