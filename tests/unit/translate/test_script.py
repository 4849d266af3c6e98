"""Scripts as people keep them: what is no SQL spoils only its own statement, and every line is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgraduate.translate import Statement, Untranslated, read_script

STATEMENTS = (
    "SELECT 1",
    "SELECT ';', \"a;b\"\n  FROM t -- ; no end",
    "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  SELECT 1;\n.5;\n  DELETE FROM x;\nEND",
    "/* one\n; two */ DELETE FROM t",
)


def _shown(text: str) -> list[tuple[int, str]]:
    """Give the line of each item with its text, or with the construct of a refusal."""
    found = read_script(text)
    lines = [item.statement.line if isinstance(item, Untranslated) else item.line for item in found]
    shown = [item.construct if isinstance(item, Untranslated) else item.text for item in found]
    return list(zip(lines, shown, strict=True))


def test_a_byte_order_mark_is_no_part_of_the_first_statement() -> None:
    assert _shown("\ufeffSELECT 1") == [(1, "SELECT 1")]


def test_a_command_of_the_shell_is_refused_by_its_name() -> None:
    script = ".open app.db\n-- a comment\n.mode box\nSELECT 1;\n  .tables\n.quit\n"
    assert _shown(script)[:3] == [
        (1, "the command .open of SQLite's shell"),
        (3, "the command .mode of SQLite's shell"),
        (4, "SELECT 1"),
    ]


def test_a_line_that_begins_with_a_dot_inside_a_statement_belongs_to_it() -> None:
    assert _shown("SELECT 1 +\n.5;\nSELECT '\n.quit\n'") == [(1, "SELECT 1 +\n.5"), (3, "SELECT '\n.quit\n'")]


@pytest.mark.parametrize(
    ("script", "construct"),
    [
        ("SELECT 'open;\nSELECT 2", "the quote ' in line 2"),
        ("SELECT \x01 FROM t;\nSELECT 2", "the character '\\x01' in line 2"),
        ("SELECT 12ab;\nSELECT 2", "the number 12 in line 2"),
    ],
)
def test_what_is_no_token_spoils_only_its_statement(script: str, construct: str) -> None:
    assert _shown(f"SELECT 0;\n{script}") == [(1, "SELECT 0"), (2, construct), (3, "SELECT 2")]


def test_nothing_is_made_of_an_empty_script() -> None:
    assert read_script("\ufeff-- only a comment\n;;\n") == ()


@given(st.lists(st.sampled_from(STATEMENTS), max_size=6), st.integers(0, 3))
def test_every_statement_comes_out_once_on_its_line(statements: list[str], blank: int) -> None:
    expected, line, text = [], 1, ""
    for statement in statements:
        whole = f"{statement}\n;{chr(10) * blank}\n"
        expected.append(
            line + statement.count("\n", 0, statement.index("DELETE" if statement[0] == "/" else statement[0]))
        )
        text, line = text + whole, line + whole.count("\n")
    found = read_script(text)
    assert all(isinstance(item, Statement) for item in found)
    assert [item.line for item in found if isinstance(item, Statement)] == expected
