"""What the loaded catalog says of planned objects: each test breaks one of them behind the operation's back."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support.schema_sources import LIBRARY, RUN, plan_script, prepare

from pgraduate.compare.objects import MISSING, NOT_VALID, compare_objects
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.result import ObjectResult
from pgraduate.schema import CreateTables, FinishObjects, plan_create, plan_finish


@pytest.fixture
def loaded(connection: psycopg.Connection, tmp_path: Path) -> SchemaPlan:
    planned = plan_script(tmp_path, LIBRARY)
    prepare(connection)
    CreateTables().apply(connection, plan_create(planned, RUN))
    FinishObjects().apply(connection, plan_finish(planned, RUN))
    return planned


def result(connection: psycopg.Connection, planned: SchemaPlan, kind: str, name: str) -> ObjectResult:
    (item,) = (item for item in compare_objects(connection, planned) if (item.kind, item.name) == (kind, name))
    return item


def test_every_object_stands_as_it_was_planned(connection: psycopg.Connection, loaded: SchemaPlan) -> None:
    outcomes = [(item.kind, item.name, item.outcome) for item in compare_objects(connection, loaded)]
    assert outcomes == [(item.kind, item.name, item.outcome) for item in loaded.objects]


BROKEN = [
    ("DROP VIEW lib.dearest", "view", "dearest"),
    ("DROP TRIGGER note_book ON lib.book", "trigger", "note_book"),
    ("DROP INDEX lib.by_lower", "index", "by_lower"),
    ("DROP INDEX lib.author_name_key", "unique", "Author(name)"),
    ("ALTER TABLE lib.author DROP CONSTRAINT author_name_check", "check", "Author.check 1"),
    ("ALTER TABLE lib.book DROP CONSTRAINT book_author_fkey", "foreign key", "book(author)"),
    ("ALTER TABLE lib.loan DROP CONSTRAINT loan_pkey", "primary key", "loan"),
    ("ALTER TABLE lib.tag DROP CONSTRAINT tag_name_key", "primary key", "tag"),
    ("ALTER TABLE lib.book ALTER rating DROP DEFAULT", "default", "book.rating"),
    ("ALTER TABLE lib.author ALTER id DROP IDENTITY", "identity", "Author.id"),
    ("DROP TABLE lib.note CASCADE", "table", "note"),
]


@pytest.mark.parametrize(("statement", "kind", "name"), BROKEN, ids=[kind for _, kind, _ in BROKEN])
def test_a_missing_object_is_not_carried(
    connection: psycopg.Connection, loaded: SchemaPlan, statement: str, kind: str, name: str
) -> None:
    connection.execute(statement.encode())
    item = result(connection, loaded, kind, name)
    assert (item.outcome, item.reason) == ("not_carried", MISSING)


def test_a_foreign_key_that_is_not_validated_is_not_carried(
    connection: psycopg.Connection, loaded: SchemaPlan
) -> None:
    connection.execute("ALTER TABLE lib.book DROP CONSTRAINT book_author_fkey")
    connection.execute(
        "ALTER TABLE lib.book ADD CONSTRAINT book_author_fkey FOREIGN KEY (author) REFERENCES lib.author NOT VALID"
    )
    item = result(connection, loaded, "foreign key", "book(author)")
    assert (item.outcome, item.reason) == ("not_carried", NOT_VALID)


def test_an_index_whose_making_failed_is_not_carried(connection: psycopg.Connection, loaded: SchemaPlan) -> None:
    connection.execute("DROP INDEX lib.note_text")
    connection.execute("INSERT INTO lib.note (text) VALUES ('twice'), ('twice')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("CREATE UNIQUE INDEX CONCURRENTLY note_text ON lib.note (text)")
    item = result(connection, loaded, "index", "note_text")
    assert (item.outcome, item.reason) == ("not_carried", NOT_VALID)


def test_an_identity_that_would_repeat_a_number_is_not_carried(
    connection: psycopg.Connection, loaded: SchemaPlan
) -> None:
    connection.execute("ALTER TABLE lib.author ALTER id RESTART WITH 8")
    item = result(connection, loaded, "identity", "Author.id")
    assert (item.outcome, item.reason) == ("not_carried", "it goes on at 8, which must be at least 41")


def test_an_identity_that_was_used_since_is_carried(connection: psycopg.Connection, loaded: SchemaPlan) -> None:
    connection.execute("INSERT INTO lib.author (name) VALUES ('new')")
    assert connection.execute("SELECT max(id) FROM lib.author").fetchone() == (41,)
    assert result(connection, loaded, "identity", "Author.id").outcome == "translated"


def test_a_column_of_another_type_is_not_carried(connection: psycopg.Connection, loaded: SchemaPlan) -> None:
    connection.execute("ALTER TABLE lib.note ALTER xmin_2 TYPE integer")
    item = result(connection, loaded, "table", "note")
    assert item.reason == "its column xmin_2 is of type integer, planned was bigint"


def test_what_was_not_carried_stays_so(connection: psycopg.Connection, tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE VIRTUAL TABLE words USING fts5(word, content='')")
    assert result(connection, planned, "virtual table", "words").outcome == "not_carried"


def test_a_table_that_stands_for_a_virtual_table_is_looked_for(
    connection: psycopg.Connection, loaded: SchemaPlan
) -> None:
    assert result(connection, loaded, "virtual table", "search").outcome == "translated"
    connection.execute("DROP TABLE lib.search")
    assert result(connection, loaded, "virtual table", "search").outcome == "not_carried"


def test_a_view_that_stands_for_a_virtual_table_is_looked_for(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    planned = plan_script(
        tmp_path,
        "CREATE TABLE a (n INTEGER PRIMARY KEY, w TEXT);"
        "CREATE VIRTUAL TABLE words USING fts5(w, content='a', content_rowid='n');"
        "CREATE TRIGGER ai AFTER INSERT ON a BEGIN INSERT INTO words(rowid, w) VALUES (new.n, new.w); END",
    )
    prepare(connection)
    CreateTables().apply(connection, plan_create(planned, RUN))
    FinishObjects().apply(connection, plan_finish(planned, RUN))
    assert result(connection, planned, "virtual table", "words").outcome == "translated"
    assert result(connection, planned, "trigger", "ai").outcome == "translated"
    connection.execute("DROP VIEW lib.words")
    connection.execute("DROP INDEX lib.a_search")
    assert result(connection, planned, "virtual table", "words").outcome == "not_carried"
    assert result(connection, planned, "trigger", "ai").outcome == "not_carried"


def test_a_refused_object_says_what_postgresql_said(connection: psycopg.Connection, tmp_path: Path) -> None:
    planned = plan_script(tmp_path, "CREATE TABLE a (n INTEGER, CHECK (n > 0))")
    prepare(connection)
    CreateTables().apply(connection, plan_create(planned, RUN))
    connection.execute("INSERT INTO lib.a VALUES (-1)")
    FinishObjects().apply(connection, plan_finish(planned, RUN))
    assert "is violated by some row" in result(connection, planned, "check", "a.check 1").reason
