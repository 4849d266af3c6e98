"""What a failed load says: which kind of error, and never a row's value."""

from __future__ import annotations

import psycopg
import pytest

from pgraduate.copy.failures import explained
from pgraduate.errors import ConnectionLost, Locked, PgraduateError, TargetUnusable


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.OperationalError("server closed the connection"), ConnectionLost),
        (psycopg.errors.AdminShutdown("secret"), ConnectionLost),
        (psycopg.errors.ConnectionFailure("secret"), ConnectionLost),
        (psycopg.errors.DiskFull("secret"), TargetUnusable),
        (psycopg.errors.LockNotAvailable("secret"), Locked),
        (psycopg.errors.InsufficientPrivilege("secret"), TargetUnusable),
        (psycopg.errors.InvalidTextRepresentation('invalid input syntax for type uuid: "secret"'), TargetUnusable),
    ],
)
def test_an_error_of_postgresql_becomes_one_that_a_user_can_act_on(
    error: psycopg.Error, expected: type[PgraduateError]
) -> None:
    with pytest.raises(PgraduateError) as caught, explained():
        raise error
    assert type(caught.value) is expected
    assert caught.value.hint
    assert "secret" not in str(caught.value.to_json())


def test_an_error_of_another_kind_is_left_alone() -> None:
    with pytest.raises(ZeroDivisionError), explained():
        _ = 1 / 0
