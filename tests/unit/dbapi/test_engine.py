"""Which engine an environment chooses, and which it may not leave open."""

from __future__ import annotations

import logging

import pytest
from psycopg.conninfo import conninfo_to_dict

from pgraduate.dbapi.engine import choose, say
from pgraduate.errors import UsageError

SERVER = {"POSTGRES_HOST": "localhost", "POSTGRES_DB": "shop", "POSTGRES_USER": "app"}
URL = "postgresql://app:secret@localhost:5433/shop"


@pytest.mark.parametrize("word", ["sqlite", "sqlite3", " SQLite "])
def test_sqlite_is_chosen_by_name_alone(word: str) -> None:
    assert choose({"DB_TYPE": word}).is_sqlite


@pytest.mark.parametrize("word", ["postgresql", "postgres", "PostgreSQL"])
def test_postgresql_is_chosen_with_its_server(word: str) -> None:
    engine = choose({"DB_TYPE": word, **SERVER, "POSTGRES_PORT": "5433"})
    assert engine.target is not None
    said = conninfo_to_dict(engine.target.conninfo)
    assert {key: said[key] for key in ("host", "port", "dbname", "user")} == {
        "host": "localhost",
        "port": "5433",
        "dbname": "shop",
        "user": "app",
    }


def test_an_address_of_a_server_is_a_choice() -> None:
    engine = choose({"DATABASE_URL": URL})
    assert (engine.kind, engine.target is not None) == ("postgresql", True)


@pytest.mark.parametrize(
    "environment", [{"DATABASE_URL": URL}, {"DB_TYPE": "postgresql", **SERVER, "POSTGRES_PASSWORD": "secret"}]
)
def test_a_password_never_shows(environment: dict[str, str]) -> None:
    engine = choose(environment)
    assert engine.target is not None
    assert engine.target.secret == "secret"
    assert "secret" not in repr(engine)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "no engine is chosen"),
        ({"DATABASE_URL": "sqlite:///app.db"}, "no engine is chosen"),
        ({"DB_TYPE": "mysql"}, "DB_TYPE=mysql is no engine"),
        ({"DB_TYPE": "sqlite", "DATABASE_URL": URL}, "DB_TYPE says sqlite and DATABASE_URL names"),
        ({"DB_TYPE": "postgresql"}, "POSTGRES_HOST, POSTGRES_DB, POSTGRES_USER are not set"),
        ({"DB_TYPE": "postgresql", **SERVER, "POSTGRES_DB": ""}, "POSTGRES_DB is not set"),
        ({"POSTGRES_PASSWORD": "secret"}, "POSTGRES_HOST, POSTGRES_DB, POSTGRES_USER are not set"),
        ({"DB_TYPE": "postgresql", "DATABASE_URL": "mysql://h/d"}, "DATABASE_URL names no PostgreSQL server"),
        (
            {"DB_TYPE": "postgresql", "DATABASE_URL": "sqlite:///app.db", **SERVER},
            "DATABASE_URL names no PostgreSQL",
        ),
        ({"DATABASE_URL": URL, "POSTGRES_PORT": "5432"}, "POSTGRES_PORT says otherwise than DATABASE_URL"),
        ({"DATABASE_URL": URL, "POSTGRES_PASSWORD": "other"}, "POSTGRES_PASSWORD says otherwise than DATABASE_URL"),
        ({"DATABASE_URL": URL, "POSTGRES_HOST": "elsewhere"}, "POSTGRES_HOST says otherwise than DATABASE_URL"),
    ],
)
def test_what_is_open_or_contradicts_itself_is_refused(environment: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        choose(environment)
    assert "secret" not in str(caught.value.to_json())


@pytest.mark.parametrize("value", ["a b", "it's", "back\\slash", "x=y"])
def test_a_name_with_odd_characters_stays_whole(value: str) -> None:
    engine = choose({"DB_TYPE": "postgresql", **SERVER, "POSTGRES_DB": value})
    assert engine.target is not None
    assert conninfo_to_dict(engine.target.conninfo)["dbname"] == value


def test_the_line_that_says_who_answered_is_no_call_of_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[object] = []
    caplog.set_level(logging.WARNING, "pgraduate.dbapi")  # whatever an earlier test's application has set
    monkeypatch.setattr("builtins.print", lambda *words, **more: calls.append(words))
    monkeypatch.setattr("pgraduate.dbapi.engine._SAID", set())
    say(choose({"DB_TYPE": "sqlite"}), "SQLite 3")
    assert capsys.readouterr().err == "pgraduate.dbapi: SQLite 3\n"
    assert calls == []
