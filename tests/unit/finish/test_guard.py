"""What must not be committed is found by line and kind; ordinary documents are not objected to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.stories import story, walked

from pgraduate.document import Extras, render
from pgraduate.finish import objections

SECRETS = {
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",
    "a password in a URL": "postgresql://app:hunter2@db.internal/app",
    "a password": "host=db user=app password=hunter2",
    "a key of a cloud": "AKIA" + "ABCDEFGHIJKLMNOP",
    "a token": "ghp_" + "a1" * 20,
}


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("around", ["{}", "# {}", 'x = "{}"', "before {} after"])
def test_a_secret_is_found(kind: str, around: str) -> None:
    text = f"one\n{around.format(SECRETS[kind])}\nthree\n"
    found = objections({"file.md": text.encode()}, {})
    assert [(item.file, item.line) for item in found if item.kind == kind] == [("file.md", 2)]


def test_an_objection_does_not_repeat_the_secret() -> None:
    found = objections({"file.md": b"password=hunter2"}, {})
    assert "hunter2" not in "".join(map(str, found))


@given(secret=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=16, max_size=40))
def test_a_secret_of_the_environment_is_found_wherever_it_stands(secret: str) -> None:
    found = objections({"file.sql": f"-- x{secret}y\n".encode()}, {"PGPASSWORD": secret, "HOME": "/"})
    assert "a secret of the environment" in {item.kind for item in found}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"SQLite format 3\x00rest", "a SQLite database"),
        (b"PGDMP\x01", "a dump of PostgreSQL"),
        (b"\x1f\x8b\x08", "compressed data"),
        (b"PAR1....", "a Parquet file"),
        (b"CREATE TABLE t ();\nCOPY public.t (a) FROM stdin;\n1\n\\.\n", "rows of a table"),
    ],
)
def test_data_is_found(content: bytes, kind: str) -> None:
    assert [item.kind for item in objections({"file": content}, {})] == [kind]


def test_documents_as_they_are_written_are_let_through(tmp_path: Path) -> None:
    texts = render(story(tmp_path, walked()), Extras({"schema/a.sql": "CREATE TABLE u (password text);\n"}))
    assert objections({name: text.encode() for name, text in texts.items()}, {}) == ()


@pytest.mark.parametrize(
    "text",
    ["passfile=/home/app/.pgpass", "password text NOT NULL", "no password is stored", "https://example.org/a"],
)
def test_words_about_passwords_are_no_secret(text: str) -> None:
    assert objections({"file": text.encode()}, {}) == ()


@pytest.mark.parametrize("value", ["postgres", "secret", "12345", "", "Ab1"])
def test_a_plain_word_of_the_environment_stops_no_commit(value: str) -> None:
    assert objections({"file": f"-- {value} in a page\n".encode()}, {"POSTGRES_PASSWORD": value}) == ()
