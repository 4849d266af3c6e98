"""The same questions to both engines' full-text search find the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.fidelity import carry
from support.server import PrivateServer

TEXTS = (
    "the quick brown fox jumps over the lazy dog",
    "a quick red fox and a lazy brown bear",
    "brown bread and butter for the bear",
    "red wine with bread",
    "the dog sleeps while the fox runs",
    "foxes run quickly over brown fields",
    "lazy days in a red field",
    "Butter and WINE and Bread",
    "der schnelle braune Fuchs springt über den faulen Hund",
    "schöne grüße aus köln am rhein",
    "chapter 12 verse 7",
    "version 12 of chapter 3",
    "one two three four five six seven eight nine ten",
    "ten nine eight seven six five four three two one",
    "to be or not to be that is the question",
    "question everything and be brave",
    "data base and database are two words and one word",
    "база данных быстро растёт",
    "быстрый поиск по базе данных",
    "naïve café résumé",
    "",
    "red red red red wine",
    "bear market bull market",
    "the bear in the market",
)

QUERIES = (
    "fox", "Fox", "FOX", "fox*", "qui*", "bro*", "lazy", "nothing", "red", "re*", "12", "1*", "chapter 12", "12 chapter",
    "bread butter", "bread AND butter", "bread OR butter", "bread NOT butter", "fox OR bear", "fox AND NOT_A_WORD",
    "fox NOT lazy", "fox NOT lazy brown", "lazy NOT fox OR wine", "wine OR bread AND butter", "(wine OR bread) AND butter",
    "(fox OR bear) AND (lazy OR market)", "fox OR bear lazy", "fox bear OR wine", '"quick brown"', '"brown quick"',
    '"quick brown fox" AND dog', '"brown fox" OR "brown bear"', '"the bear" NOT market', '"bread"', '"to be or not to be"',
    '"red red"', '"red red red red"', '"red wine" OR "with bread"', "über", "schöne", "köln", "grü*", "быстр*",
    "данных", '"базе данных"', "база OR базе", "база данных NOT поиск", "ten one", '"ten nine"', '"two three" "five six"',
    "seven NOT (ten one)", "be NOT question", "be question", "(be)", "((be) AND (brave))", "or*", "and", "a",
    '"one two three four five six seven eight nine ten"', "market AND bear AND bull", "market bear NOT bull",
    "word*", "data*", "database OR base", '"data base"', "dog AND (fox OR hund)", "Hund OR dog", "run*", "runs OR run",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(
    server: PrivateServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[sqlite3.Connection, psycopg.Connection]]:
    """The same texts, in SQLite and carried to PostgreSQL."""
    folder = tmp_path_factory.mktemp("search")
    path = folder / "app.db"
    with server.database() as target, closing(sqlite3.connect(path)) as lite:
        lite.execute('CREATE VIRTUAL TABLE doc USING fts5(body, tokenize = "unicode61 remove_diacritics 0")')
        with lite:
            lite.executemany("INSERT INTO doc (body) VALUES (?)", [(text,) for text in TEXTS])
        carried = carry(path, target, Path(folder))
        assert (carried.verdict, carried.code) == ("equal", 0), carried.why
        with psycopg.connect(target, autocommit=True) as post:
            yield lite, post


def _ask(post: psycopg.Connection, query: str) -> list[int]:
    rows = post.execute(
        "SELECT rowid FROM app.doc WHERE pgraduate_compat.search_vector(VARIADIC ARRAY[body])"
        " @@ pgraduate_compat.search_query(%s) ORDER BY 1",
        (query,),
    )
    return [number for (number,) in rows]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_the_same_rows(both: tuple[sqlite3.Connection, psycopg.Connection], query: str) -> None:
    lite, post = both
    expected = [
        number for (number,) in lite.execute("SELECT rowid FROM doc WHERE doc MATCH ? ORDER BY 1", (query,))
    ]
    assert _ask(post, query) == expected


def test_fifty_queries_and_more_find_something(both: tuple[sqlite3.Connection, psycopg.Connection]) -> None:
    """Queries that find nothing on either side would prove little."""
    assert sum(bool(_ask(both[1], query)) for query in set(QUERIES)) >= 50


@pytest.mark.parametrize(
    "query", ["NEAR(fox bear)", "body : fox", "^fox", "fox AND", "(fox", "fox)", "OR fox", "", '"!"']
)
def test_what_is_not_understood_is_refused(both: tuple[sqlite3.Connection, psycopg.Connection], query: str) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        _ask(both[1], query)
    assert refusal.value.sqlstate in ("42601", "0A000")
