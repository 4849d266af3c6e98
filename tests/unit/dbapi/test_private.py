"""A database in memory whose server has gone."""

from __future__ import annotations

import sqlite3
from typing import NoReturn

import psycopg
import pytest

from pgraduate.dbapi.database import _drop
from pgraduate.dbapi.lending import Lender


@pytest.mark.parametrize("error", [sqlite3.OperationalError("no answer"), psycopg.OperationalError("no answer")])
def test_its_end_is_said_in_the_log(caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    class Gone:
        def take(self) -> NoReturn:
            raise error

        borrowed = give_back = take

    _drop(Lender(Gone()), "memory_1")  # type: ignore[arg-type]
    assert "memory_1" in caplog.text
    assert "no answer" in caplog.text
