"""The small parts of a page: charts, connection strings, Markdown's escapes, sums."""

from __future__ import annotations

import ast
import shlex
from dataclasses import replace

import psycopg.conninfo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.html_page import Page

from pgraduate.model.figure import Figure
from pgraduate.model.server import ServerIdentity
from pgraduate.report.connect import conninfo, psql, python, transport
from pgraduate.report.model import total
from pgraduate.report.svg import MOST_BARS, ROW, Bar, bar_chart, largest
from pgraduate.report.text import markdown, markdown_block, markdown_code, moment, printable

IDENTITY = ServerIdentity("1", "17.5", 170005, "db", 5432, "app", "owner", False, "UTF8", "TLSv1.3")


def rows(value: int | None, step: str = "copy-1") -> Figure:
    return Figure("rows", value, "rows", step)


def bars(*values: int | None) -> list[Bar]:
    return [Bar(f"t{number}", rows(value)) for number, value in enumerate(values)]


def widths(chart: str) -> list[str | None]:
    return [rect["width"] for rect in Page(chart).all("rect") if rect.get("class") == "bar"]


def test_a_bar_is_as_long_as_its_figure() -> None:
    assert widths(bar_chart("rows", bars(100, 25, 50))) == ["100.00%", "25.00%", "50.00%"]


def test_a_tiny_value_can_still_be_seen() -> None:
    assert widths(bar_chart("rows", bars(10**9, 1))) == ["100.00%", "0.50%"]


def test_zero_and_not_measured_have_no_bar() -> None:
    chart = bar_chart("rows", bars(0, None))
    assert widths(chart) == []
    assert "0 rows" in Page(chart).text
    assert "not measured" in Page(chart).text


def test_an_empty_chart_is_still_a_picture() -> None:
    (svg,) = Page(bar_chart("rows", [])).all("svg")
    assert svg["height"] == "0"


def test_a_chart_grows_with_its_bars() -> None:
    (svg,) = Page(bar_chart("rows", bars(1, 2, 3))).all("svg")
    assert svg["height"] == str(3 * ROW)


def test_a_long_label_is_cut_and_told_whole_in_the_tip() -> None:
    label = "a_very_long_table_name_that_no_phone_can_show"
    page = Page(bar_chart("rows", [Bar(label, rows(1))]))
    assert label in page.text
    assert "a_very_long_table_name_th…" in page.texts


def test_the_longest_bars_come_first_and_unmeasured_ones_last() -> None:
    assert [bar.figure.value for bar in largest(bars(1, None, 3, 2))] == [3, 2, 1, None]
    assert len(largest(bars(*range(50)))) == MOST_BARS


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20))
@settings(max_examples=150, derandomize=True)
def test_a_connection_string_reads_back_in_libpq_in_the_shell_and_in_python(name: str) -> None:
    identity = replace(IDENTITY, database=name, role=f"{name}'s")
    read = psycopg.conninfo.conninfo_to_dict(conninfo(identity))
    assert (read.get("dbname", ""), read["user"]) == (name, f"{name}'s")
    assert shlex.split(psql(identity)) == ["psql", conninfo(identity)]
    call = ast.parse(python(identity), mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.args[0]) == conninfo(identity)


def test_a_server_reached_through_tls_is_reached_through_tls_again() -> None:
    assert "sslmode=require" in conninfo(IDENTITY)
    assert "sslmode" not in conninfo(replace(IDENTITY, tls=None))


@pytest.mark.parametrize(
    ("host", "tls", "words"),
    [
        ("db", "TLSv1.3", "TLSv1.3"),
        ("db", None, "no TLS"),
        ("/run", None, "local socket"),
        ("@run", None, "local socket"),
    ],
)
def test_how_a_connection_is_protected(host: str, tls: str | None, words: str) -> None:
    assert transport(replace(IDENTITY, host=host, tls=tls)) == words


def test_a_sum_with_an_unmeasured_part_is_not_measured() -> None:
    assert total("n", "rows", [rows(1), rows(None)]).value is None


def test_a_sum_of_nothing_is_not_measured() -> None:
    assert total("n", "rows", []).value is None


def test_a_sum_names_all_its_steps() -> None:
    assert total("n", "rows", [rows(1), rows(2, "copy-2"), rows(3)]) == Figure("n", 6, "rows", "copy-1, copy-2")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a|b", r"a\|b"), ("<b>", r"&lt;b\>"), ("a_b*c", r"a\_b\*c"), ("a\nb", "a␊b"), ("[x](y)", r"\[x\](y)")],
)
def test_markdown_sees_no_markup_in_a_text(text: str, escaped: str) -> None:
    assert markdown(text) == escaped


@pytest.mark.parametrize(("text", "code"), [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("", "`  `")])
def test_inline_code_holds_backticks(text: str, code: str) -> None:
    assert markdown_code(text) == code


def test_a_block_is_fenced_longer_than_its_content() -> None:
    assert markdown_block("a\n````\nb\n", "sql") == "`````sql\na\n````\nb\n`````"


def test_letters_of_every_script_stay() -> None:
    assert printable("größe 日本 العربية 👩‍💻") == "größe 日本 العربية 👩‍💻"


@pytest.mark.parametrize(
    ("at", "text"),
    [("2026-03-14T23:30:00-02:00", "2026-03-15 01:30 UTC"), ("yesterday", "yesterday"), ("", "")],
)
def test_a_moment_is_written_in_utc(at: str, text: str) -> None:
    assert moment(at) == text
