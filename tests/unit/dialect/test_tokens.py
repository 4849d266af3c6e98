from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.dialect.reading.lexer import Lexeme
from pgraduate.dialect.reading.tokens import split_statements, tokenize
from pgraduate.errors import NotTranslated


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("a 'it''s' \"q\"\"x\" `b``c` [d e]", ["a", "'it''s'", '"q""x"', "`b``c`", "[d e]"]),
        ("1 1.5 .5 1e10 1.e-3 0xFF", ["1", "1.5", ".5", "1e10", "1.e-3", "0xFF"]),
        ("x'0aFF' X''", ["x'0aFF'", "X''"]),
        ("? ?12 :name @name $a::b(c)", ["?", "?12", ":name", "@name", "$a::b(c)"]),
        ("a->>b->c||d<<e>=f<>g!=h==i", [*"a", "->>", "b", "->", "c", "||", "d", "<<", "e", ">=", "f", "<>", "g",
                                        "!=", "h", "==", "i"]),
        ("a -- not ' a string\nb /* ; \" */ c /* open", ["a", "b", "c"]),
        ("naïve$1 _x", ["naïve$1", "_x"]),
        ("t.*,(1)", ["t", ".", "*", ",", "(", "1", ")"]),
    ],
)  # fmt: skip
def test_text_is_cut_as_sqlite_cuts_it(sql: str, expected: list[str]) -> None:
    assert [token.text for token in tokenize(sql)] == expected


def test_spans_point_into_the_source() -> None:
    sql = "SELECT /* c */ 'a' FROM [t u]"
    assert all(sql[token.start : token.end] == token.text for token in tokenize(sql))


@pytest.mark.parametrize(
    ("text", "name"),
    [("plain", "plain"), ('"a""b"', 'a"b'), ("`a``b`", "a`b"), ("[a b]", "a b"), ("'it''s'", "it's")],
)
def test_a_name_is_given_without_its_quotes(text: str, name: str) -> None:
    assert tokenize(text)[0].name == name


@pytest.mark.parametrize("sql", ["'open", '"open', "`open", "[open", "a # b", "a ^ b"])
def test_what_sqlite_does_not_recognise_is_refused(sql: str) -> None:
    with pytest.raises(NotTranslated, match="not translated"):
        tokenize(sql)


TRIGGER = "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN SELECT CASE WHEN a THEN b END; UPDATE t SET end = 1; END"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("SELECT ';'; SELECT 2", ["SELECT ';'", "SELECT 2"]),
        (";;SELECT 1;;", ["SELECT 1"]),
        ("-- only a comment;\n", []),
        (f"{TRIGGER};SELECT 1;", [TRIGGER, "SELECT 1"]),
        ("BEGIN; SELECT 1; END; SELECT 2", ["BEGIN", "SELECT 1", "END", "SELECT 2"]),
        ("CREATE TABLE trigger_log(a); SELECT 1", ["CREATE TABLE trigger_log(a)", "SELECT 1"]),
    ],
)
def test_a_script_is_split_at_the_ends_of_its_statements(script: str, expected: list[str]) -> None:
    assert list(split_statements(script)) == expected


PIECES = st.sampled_from(
    [TRIGGER, "SELECT 1", "SELECT ';'", 'SELECT ";END;"', "SELECT 1 /* ; */", "SELECT CASE WHEN 1 THEN 2 END",
     "CREATE TRIGGER [a;b] DELETE ON t BEGIN DELETE FROM u; END"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=6))
@settings(derandomize=True, max_examples=100)
def test_sqlite_agrees_that_every_piece_of_a_split_script_is_complete(pieces: list[str]) -> None:
    statements = split_statements(";\n".join(pieces))
    # A comment behind the last token belongs to no statement.
    assert [statement.removesuffix(" /* ; */") for statement in statements] == [
        piece.removesuffix(" /* ; */") for piece in pieces
    ]
    assert all(sqlite3.complete_statement(statement + ";") for statement in statements)


def test_kinds_tell_names_strings_and_words_apart() -> None:
    assert [token.lexeme for token in tokenize("a \"b\" 'c' x'00' 1 ? ,")] == [
        Lexeme.WORD, Lexeme.QUOTED, Lexeme.STRING, Lexeme.BLOB, Lexeme.NUMBER, Lexeme.PARAMETER, Lexeme.OPERATOR,
    ]  # fmt: skip
