"""Full-text tables of every variety arrive with their text, and are searched by an index that nothing makes fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.cli import pgraduate
from support.pgcatalog import snapshot
from support.sqlite_files import make

WORDS = ("grass green", "sky blue", "it's late", "O'Brien's ünïcode", "")


def carried(tmp_path: Path, target: str, *statements: str) -> tuple[int, Any]:
    path = make(tmp_path / "app.db", *statements)
    result = pgraduate("run", path, "--to", target, "--json", cwd=tmp_path)
    assert result.out, result.err
    return result.code, result.document


def outcomes(document: Any) -> Mapping[tuple[str, str], tuple[str, str]]:
    return {(item["kind"], item["name"]): (item["outcome"], item["reason"]) for item in document["objects"]}


def plan_of(target: str, query: str) -> str:
    with psycopg.connect(target) as connection:
        connection.execute("SET enable_seqscan = off")
        # Nor a walk along the primary key, which a table of a few rows makes cheaper.
        connection.execute("SET enable_indexscan = off")
        return "\n".join(row[0] for row in connection.execute(f"EXPLAIN {query}".encode()))


def rows(target: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(target) as connection:
        return connection.execute(query.encode()).fetchall()


def search(*columns: str) -> str:
    return f"pgraduate_compat.search_vector(VARIADIC ARRAY[{', '.join(columns)}])"


@pytest.mark.parametrize(
    ("using", "number"),
    [
        ("fts3(subject, body)", "docid"),
        ("fts3(subject, body, tokenize simple)", "docid"),
        ("fts4(subject, body)", "docid"),
        ("fts4(subject, body, tokenize=porter, notindexed=subject)", "docid"),
        ('fts4(subject, body, tokenize=unicode61 "remove_diacritics=0")', "docid"),
        ("fts5(subject, body)", "rowid"),
        ("fts5(subject UNINDEXED, body, tokenize='porter unicode61')", "rowid"),
        ("fts5(subject, body, tokenize=trigram, prefix='2 3')", "rowid"),
    ],
)
def test_a_table_with_its_own_text_arrives_whole(using: str, number: str, target: str, tmp_path: Path) -> None:
    path = make(tmp_path / "app.db", f"CREATE VIRTUAL TABLE mail USING {using}")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            f"INSERT INTO mail ({number}, subject, body) VALUES (?, ?, ?)",
            [(place * 10, f"s{place}", text) for place, text in enumerate(WORDS, 1)],
        )
    code, document = carried(tmp_path, target)
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    assert [table["name"] for table in document["tables"]] == ["mail"]
    assert outcomes(document)["virtual table", "mail"][0] == "translated"
    assert rows(target, f"SELECT {number}, subject, body FROM app.mail ORDER BY 1") == [
        (place * 10, f"s{place}", text) for place, text in enumerate(WORDS, 1)
    ]


def test_the_index_answers_a_search(target: str, tmp_path: Path) -> None:
    carried(
        tmp_path,
        target,
        "CREATE VIRTUAL TABLE mail USING fts5(sender, body, thread UNINDEXED)",
        "INSERT INTO mail VALUES ('ann', 'the grass is green', 7), ('bob', 'the sky', 8)",
    )
    found = f"{search('sender', 'body')} @@ to_tsquery('simple', 'GRASS & ann')"
    assert "mail_search" in plan_of(target, f"SELECT body FROM app.mail WHERE {found}")
    assert rows(target, f"SELECT body, thread FROM app.mail WHERE {found}") == [("the grass is green", 7)]


@pytest.mark.parametrize("piece", ["word{} ", "{},", "{}-a-b/c.d/e?f=g@h.org ", "ü{}\u00a0", "x"])
def test_no_text_is_too_long_for_the_index(piece: str, target: str, tmp_path: Path) -> None:
    carried(tmp_path, target, "CREATE VIRTUAL TABLE mail USING fts5(body)", "INSERT INTO mail VALUES ('small')")
    text = "first " + "".join(piece.format(number) for number in range(2_000_000 // len(piece)))
    with psycopg.connect(target) as connection:
        connection.execute("INSERT INTO app.mail (body) VALUES (%s)", [text[:2_000_000]])
        found = connection.execute(
            f"SELECT length(body) FROM app.mail WHERE {search('body')} @@ to_tsquery('simple', 'first')".encode()
        ).fetchall()
    assert found == [(len(text[:2_000_000]),)]


def test_a_long_text_of_few_words_is_indexed_to_its_end(target: str, tmp_path: Path) -> None:
    text = "the quick brown fox\n" * 100_000 + "endword"
    path = make(tmp_path / "app.db", "CREATE VIRTUAL TABLE mail USING fts5(body)")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO mail VALUES (?)", (text,))
    assert pgraduate("run", path, "--to", target, cwd=tmp_path).code == 0
    found = rows(target, f"SELECT count(*) FROM app.mail WHERE {search('body')} @@ to_tsquery('simple', 'endword')")
    assert found == [(1,)]


CONTENT = (
    "CREATE TABLE docs (id INTEGER PRIMARY KEY, title TEXT, body TEXT, size INTEGER)",
    "CREATE VIRTUAL TABLE docs_fts USING fts5(title, body, content='docs', content_rowid='id')",
    "CREATE TRIGGER docs_ai AFTER INSERT ON docs BEGIN"
    " INSERT INTO docs_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END",
    "CREATE TRIGGER docs_ad AFTER DELETE ON docs BEGIN"
    " INSERT INTO docs_fts(docs_fts, rowid, title, body) VALUES('delete', old.id, old.title, old.body); END",
    "CREATE TRIGGER docs_au AFTER UPDATE ON docs BEGIN"
    " INSERT INTO docs_fts(docs_fts, rowid, title, body) VALUES('delete', old.id, old.title, old.body);"
    " INSERT INTO docs_fts(rowid, title, body) VALUES (new.id, new.title, new.body); END",
    "INSERT INTO docs VALUES (3, 'grass', 'it is green', 1), (5, 'sky', 'it is blue', 2)",
)


def test_a_table_over_another_becomes_a_view_and_an_index(target: str, tmp_path: Path) -> None:
    code, document = carried(tmp_path, target, *CONTENT)
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    found = outcomes(document)
    assert found["virtual table", "docs_fts"][0] == "translated"
    assert {found["trigger", name] for name in ("docs_ai", "docs_ad", "docs_au")} == {
        ("translated", "the search index keeps itself current: no trigger is needed")
    }
    assert [(view["name"], view["rows_source"], view["rows_target"]) for view in document["views"]] == [
        ("docs_fts", 2, 2)
    ]
    with psycopg.connect(target) as connection:
        connection.execute("UPDATE app.docs SET body = 'now purple' WHERE id = 5")
    matches = (
        f"SELECT d.size FROM app.docs d JOIN app.docs_fts f ON f.rowid = d.id WHERE {search('f.title', 'f.body')}"
    )
    assert rows(target, f"{matches} @@ to_tsquery('simple', 'purple')") == [(2,)]
    assert "docs_search" in plan_of(target, f"{matches} @@ to_tsquery('simple', 'purple')")


def test_a_searched_table_may_have_richer_types(target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        "CREATE TABLE docs (num INTEGER NOT NULL UNIQUE, made DATETIME, done BOOLEAN, mixed, title VARCHAR(20))",
        "CREATE VIRTUAL TABLE found USING fts5(title, made, mixed, done, content=docs, content_rowid=num)",
        "INSERT INTO docs VALUES (8, '2024-01-02T03:04:05', 1, 1.5, 'a'), (9, NULL, 0, 'text', 'b')",
    )
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    assert rows(target, "SELECT rowid, title FROM app.found ORDER BY 1") == [(8, "a"), (9, "b")]
    (index,) = rows(target, "SELECT indexdef FROM pg_indexes WHERE indexname = 'docs_search'")
    assert "made" not in index[0]
    assert "SEARCH_WITHOUT_COLUMN" in {finding["code"] for finding in document["findings"]}


def test_the_view_of_a_searched_table_takes_no_writes(target: str, tmp_path: Path) -> None:
    carried(tmp_path, target, *CONTENT)
    with (
        psycopg.connect(target) as connection,
        pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState),
    ):
        connection.execute("INSERT INTO app.docs_fts (rowid, title, body) VALUES (9, 'a', 'b')")


def test_fts4_over_another_table(target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        "CREATE TABLE t2 (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT)",
        'CREATE VIRTUAL TABLE t3 USING fts4(content="t2", b, c)',
        "CREATE TRIGGER t2_bu BEFORE UPDATE ON t2 BEGIN DELETE FROM t3 WHERE docid=old.rowid; END",
        "CREATE TRIGGER t2_bd BEFORE DELETE ON t2 BEGIN DELETE FROM t3 WHERE docid=old.id; END",
        "CREATE TRIGGER t2_au AFTER UPDATE ON t2 BEGIN"
        " INSERT INTO t3(docid, b, c) VALUES(new.rowid, new.b, new.c); END",
        "CREATE TRIGGER t2_ai AFTER INSERT ON t2 BEGIN"
        " INSERT INTO t3(docid, b, c) VALUES(new.rowid, new.b, new.c); END",
        "INSERT INTO t2 VALUES (4, 'a', 'b', 'c')",
        "CREATE VIEW seen AS SELECT b, c FROM t3",
    )
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    assert rows(target, "SELECT b, c, docid FROM app.t3") == [("b", "c", 4)]
    assert rows(target, "SELECT * FROM app.seen") == [("b", "c")]


def test_a_trigger_that_indexes_other_values_is_not_taken_for_upkeep(target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        *CONTENT[:2],
        "CREATE TRIGGER docs_ai AFTER INSERT ON docs BEGIN"
        " INSERT INTO docs_fts(rowid, title, body) VALUES (new.id, upper(new.title), new.body); END",
    )
    assert code == 3
    assert outcomes(document)["trigger", "docs_ai"][0] == "not_carried"


def test_triggers_that_fill_a_table_with_its_own_text_are_triggers_still(target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        "CREATE TABLE docs (id INTEGER PRIMARY KEY, title TEXT)",
        "CREATE VIRTUAL TABLE found USING fts5(title)",
        "CREATE TRIGGER ai AFTER INSERT ON docs BEGIN"
        " INSERT INTO found(rowid, title) VALUES (new.id, new.title); END",
        "CREATE TRIGGER ad AFTER DELETE ON docs BEGIN DELETE FROM found WHERE rowid = old.id; END",
        "INSERT INTO docs VALUES (7, 'seven')",
    )
    assert (code, document["why"]) == (0, [])
    with psycopg.connect(target) as connection:
        connection.execute("INSERT INTO app.docs VALUES (9, 'nine')")
        connection.execute("DELETE FROM app.docs WHERE id = 7")
    assert rows(target, "SELECT title, rowid FROM app.found") == [("nine", 9)]


def test_views_see_the_columns_that_sqlite_shows(target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        "CREATE VIRTUAL TABLE found USING fts5(title)",
        "INSERT INTO found(rowid, title) VALUES (7, 'seven')",
        "CREATE VIEW all_of_it AS SELECT * FROM found",
        "CREATE VIEW numbered AS SELECT rowid AS n, title FROM found",
    )
    assert (code, document["verdict"], document["why"]) == (0, "equal", [])
    assert rows(target, "SELECT * FROM app.all_of_it") == [("seven",)]
    assert rows(target, "SELECT * FROM app.numbered") == [(7, "seven")]


def test_the_language_of_a_row_arrives(target: str, tmp_path: Path) -> None:
    code, _ = carried(
        tmp_path,
        target,
        'CREATE VIRTUAL TABLE found USING fts4(title, languageid="lid")',
        "INSERT INTO found(docid, title, lid) VALUES (1, 'eins', 49)",
    )
    assert code == 0
    assert rows(target, "SELECT title, lid, docid FROM app.found") == [("eins", 49, 1)]


@pytest.mark.parametrize("using", ["fts5(a, content='')", "fts4(a, content='')"])
def test_a_contentless_table_is_left_behind_with_its_reason(using: str, target: str, tmp_path: Path) -> None:
    code, document = carried(tmp_path, target, "CREATE TABLE kept (a)", f"CREATE VIRTUAL TABLE found USING {using}")
    outcome, reason = outcomes(document)["virtual table", "found"]
    assert (code, outcome) == (3, "not_carried")
    assert "contentless" in reason


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("missing", "is no table"),
        ("shown", "is a view"),
        ("tree", "not an ordinary table"),
        ("other", "has no column a"),
    ],
)
def test_text_that_stands_in_no_table_is_left_behind(content: str, part: str, target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        "CREATE TABLE other (b)",
        "CREATE VIRTUAL TABLE tree USING rtree(a, b, c)",
        "CREATE VIEW shown AS SELECT 1 AS id, b AS a FROM other",
        f"CREATE VIRTUAL TABLE found USING fts5(a, content='{content}', content_rowid='id')",
    )
    outcome, reason = outcomes(document)["virtual table", "found"]
    assert (code, outcome) == (3, "not_carried")
    assert part in reason


def test_values_of_other_classes_arrive_as_they_are(target: str, tmp_path: Path) -> None:
    code, document = carried(
        tmp_path,
        target,
        "CREATE VIRTUAL TABLE found USING fts5(a, b, c)",
        "INSERT INTO found VALUES (1, 'x', NULL), (x'00ff', 2.5, NULL), ('text', -1, NULL)",
    )
    assert (code, document["verdict"]) == (0, "equal")


def test_undo_takes_everything_back(target: str, tmp_path: Path) -> None:
    before = snapshot(target)
    carried(tmp_path, target, *CONTENT, "CREATE VIRTUAL TABLE found USING fts5(title)")
    assert snapshot(target) != before
    undone = pgraduate("undo", "--to", target, cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert snapshot(target) == before
