"""MATCH on both engines: which rows are found, in which order, and that the search uses the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.server import PrivateServer
from support.translate_suite import twins_of

from pgraduate.translate import Outcome, Translated, Twins, Untranslated, split

SCRIPT = """
CREATE TABLE page (id INTEGER PRIMARY KEY, title TEXT, body TEXT, views INTEGER);
CREATE VIRTUAL TABLE note USING fts5(title, body, tag UNINDEXED);
CREATE VIRTUAL TABLE page_search USING fts5(title, body, content='page', content_rowid='id');
CREATE VIRTUAL TABLE old USING fts4(title, body);
CREATE VIRTUAL TABLE jot USING fts5(head, body);
INSERT INTO jot VALUES ('number', 5), ('text', '5'), ('words', '5 apples'), ('real', 7.0);
INSERT INTO page VALUES (1, 'Red apples', 'Apples and pears grow', 3), (2, 'Green tea', 'Tea with milk, no apples', 1);
INSERT INTO page_search(page_search) VALUES ('rebuild');
INSERT INTO note(title, body, tag) VALUES ('Red apples', 'Apples and pears grow', 'a'),
    ('Green tea', 'Tea with milk, no apples', 'b'), ('Bread', 'pears pears pears', 'apples');
INSERT INTO old(title, body) VALUES ('Red apples', 'Apples and pears grow'), ('Green tea', 'Tea with milk');
"""


@pytest.fixture(scope="module")
def twins(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    path = Path(tmp_path_factory.mktemp("search")) / "search.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCRIPT)
    with server.database() as conninfo, twins_of(path, conninfo, "faithful") as made:
        yield made


@pytest.mark.parametrize(
    "text",
    [
        "SELECT rowid, title FROM note WHERE note MATCH 'apples' ORDER BY rowid",
        "SELECT title FROM note WHERE note MATCH 'apples AND pears'",
        "SELECT title FROM note WHERE note MATCH 'app*' ORDER BY title",
        "SELECT title FROM note WHERE note MATCH '\"no apples\"'",
        "SELECT title FROM note WHERE note MATCH 'pears NOT apples'",
        "SELECT title FROM note WHERE title MATCH 'apples'",
        "SELECT title FROM note WHERE note.body MATCH 'milk OR grow' ORDER BY title",
        "SELECT n.title FROM note AS n WHERE note MATCH 'tea'",
        "SELECT n.title FROM note AS n WHERE n MATCH 'tea'",
        "SELECT title FROM note WHERE note MATCH 'pears' ORDER BY rank",
        "SELECT title FROM note WHERE note MATCH 'pears' ORDER BY bm25(note) LIMIT 1",
        "SELECT highlight(note, 1, '<b>', '</b>') FROM note WHERE note MATCH 'pears' ORDER BY rowid",
        "SELECT snippet(note, 1, '<b>', '</b>', '...', 10) FROM note WHERE note MATCH 'pears' ORDER BY rowid",
        "SELECT p.views FROM page_search s JOIN page p ON p.id = s.rowid WHERE page_search MATCH 'tea'",
        "SELECT docid FROM old WHERE old MATCH 'apples'",
        "SELECT title FROM note WHERE rowid IN (SELECT rowid FROM note WHERE note MATCH 'tea')",
        "DELETE FROM note WHERE note MATCH 'bread'",
        "SELECT rowid, head, body, typeof(body) FROM jot WHERE jot MATCH '5' ORDER BY rowid",
        "SELECT rowid FROM jot WHERE body MATCH 'apples' ORDER BY rank",
    ],
)
def test_both_engines_find_the_same(text: str, twins: Twins) -> None:
    found = twins.compare(split(text)[0])
    assert found.outcome is Outcome.IDENTICAL, found


@pytest.mark.parametrize(
    ("text", "construct"),
    [
        ("SELECT title FROM note WHERE note MATCH 'NEAR(apples pears)'", "NEAR"),
        ("SELECT title FROM note WHERE note MATCH 'title: apples'", "column filter"),
        ("SELECT snippet(old) FROM old WHERE old MATCH 'apples'", "snippet"),
        ("SELECT rank FROM note", "rank"),
    ],
)
def test_what_has_no_counterpart_is_refused(text: str, construct: str, twins: Twins) -> None:
    found = twins.compare(split(text)[0]).found
    assert isinstance(found, Untranslated)
    assert construct in found.construct


@pytest.mark.parametrize("name", ["note", "page_search", "jot"])
def test_a_search_uses_the_index(name: str, twins: Twins) -> None:
    found = twins.compare(split(f"SELECT rowid FROM {name} WHERE {name} MATCH 'apples'")[0]).found
    assert isinstance(found, Translated)
    with twins._postgres.transaction(force_rollback=True):
        twins._postgres.execute("SET LOCAL enable_seqscan = off")
        plan = twins._postgres.execute(f"EXPLAIN {found.texts[0]}".encode()).fetchall()
    assert any("Bitmap Index Scan" in line for (line,) in plan)
