"""What every rendered page promises, whatever the journal holds."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import jinja2.nodes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import sample_run
from support.figures import figures, mapped, without_digits
from support.html_page import Page

from pgraduate import report
from pgraduate.model.figure import NOT_MEASURED, Figure
from pgraduate.report import RunReport, environment

SCENARIOS = ["complete", "different", "failed", "killed"]
RENDERERS = [report.render_html, report.render_markdown]


@pytest.fixture(params=SCENARIOS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> RunReport:
    return report.read(sample_run.write(tmp_path, getattr(sample_run, request.param)()))


def unmeasured(value: Any) -> Any:
    return dataclasses.replace(value, value=None) if isinstance(value, Figure) else value


def test_a_page_is_well_formed(run: RunReport) -> None:
    Page(report.render_html(run))


def test_a_page_without_measurements_holds_no_digit(run: RunReport) -> None:
    """Every text loses its digits, every figure its value: a digit that is left was printed past the figures."""
    page = Page(report.render_html(mapped(run, without_digits)))
    shown = re.sub(r"port=\d+", "", page.text)  # a server's port is its address, not a measurement
    assert not re.findall(r".{0,40}\d.{0,20}", shown)
    assert NOT_MEASURED in shown


def test_markdown_without_measurements_holds_no_digit(run: RunReport) -> None:
    text = re.sub(r"port=\d+", "", report.render_markdown(mapped(run, without_digits)))
    assert not re.findall(r".*\d.*", text)
    assert NOT_MEASURED in text


def test_a_chart_without_measurements_has_no_bar(run: RunReport) -> None:
    page = Page(report.render_html(mapped(run, unmeasured)))
    assert not [rect for rect in page.all("rect") if rect.get("class") == "bar"]


@pytest.mark.parametrize("render", RENDERERS)
def test_no_measured_value_is_left_when_all_are_taken_away(
    run: RunReport, render: Callable[[RunReport], str]
) -> None:
    large = {str(figure) for figure in figures(run) if figure.value is not None and figure.value > 1000}
    assert large
    text = render(mapped(run, unmeasured))
    assert not {shown for shown in large if shown in text}


def test_a_page_asks_for_nothing_from_elsewhere(run: RunReport) -> None:
    html = report.render_html(run)
    page = Page(html)
    assert not re.findall(r"https?://|url\(|@import|src=", html)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))


def test_every_link_inside_a_page_leads_somewhere(run: RunReport) -> None:
    page = Page(report.render_html(run))
    places = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(places) == len(set(places))
    wanted = [(link["href"] or "")[1:] for link in page.all("a")]
    wanted += [
        attributes["aria-labelledby"] or "" for _, attributes in page.tags if "aria-labelledby" in attributes
    ]
    assert set(wanted) <= set(places)


def test_a_page_says_its_language_and_its_headings_descend_one_by_one(run: RunReport) -> None:
    page = Page(report.render_html(run))
    assert next(page.all("html"))["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_figure_tells_the_step_that_measured_it(run: RunReport) -> None:
    page = Page(report.render_html(run))
    told = {
        (span["title"] or "").removeprefix("measured by ")
        for span in page.all("span")
        if span.get("class") == "figure"
    }
    known = {step.name for step in run.steps} | {"journal"}
    assert told
    assert {step for tip in told for step in tip.split(", ")} <= known


@given(
    st.text(max_size=40) | st.sampled_from(["</style>", "'\"><img src=x onerror=y>", "{{ 7*7 }}", "]]>", "a|b`c``"])
)
@settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_hostile_text_anywhere_changes_no_tag(run: RunReport, hostile: str) -> None:
    plain = Page(report.render_html(mapped(run, lambda item: "x" if isinstance(item, str) else item)))
    page = Page(report.render_html(mapped(run, lambda item: hostile or "x" if isinstance(item, str) else item)))
    tags = [(tag, set(attributes)) for tag, attributes in page.tags]
    assert tags == [(tag, set(attributes)) for tag, attributes in plain.tags]


def test_a_text_that_is_a_template_is_only_a_text(run: RunReport) -> None:
    page = Page(report.render_html(mapped(run, lambda item: "{{ seven }}" if isinstance(item, str) else item)))
    assert "{{ seven }} in PostgreSQL" in page.text


@pytest.mark.parametrize("render", RENDERERS)
def test_a_path_that_is_not_utf8_and_a_name_with_controls_can_be_written_to_a_file(
    run: RunReport, render: Callable[[RunReport], str]
) -> None:
    name = "caf\udce9\x00\x1b[2J\u202e\u2028\r\n| --- |"
    text = render(mapped(run, lambda item: name if isinstance(item, str) else item))
    text.encode("utf-8")
    assert not re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", text)


@pytest.mark.parametrize("make", [environment.html_environment, environment.markdown_environment])
@pytest.mark.parametrize("value", [7, 7.0, True, None, b"7", [7]])
def test_a_template_cannot_print_what_is_no_text_and_no_figure(
    make: Callable[[], jinja2.Environment], value: object
) -> None:
    with pytest.raises(TypeError, match="prints texts and Figures"):
        make().from_string("{{ value }}").render(value=value)


@pytest.mark.parametrize("source", ["{{ items | length }}", "{{ 7 | string }}", "{{ 'a' | safe }}"])
def test_a_filter_that_could_go_past_the_figures_does_not_exist(source: str) -> None:
    with pytest.raises(jinja2.TemplateAssertionError):
        environment.html_environment().from_string(source)


@pytest.mark.parametrize("make", [environment.html_environment, environment.markdown_environment])
def test_a_word_that_is_not_defined_is_an_error(make: Callable[[], jinja2.Environment]) -> None:
    with pytest.raises(jinja2.UndefinedError):
        make().from_string("{{ nothing }}").render()


@pytest.mark.parametrize(
    ("make", "name"),
    [(environment.html_environment, "report.html"), (environment.markdown_environment, "report.md")],
)
def test_no_template_computes(make: Callable[[], jinja2.Environment], name: str) -> None:
    """Concatenation and arithmetic could turn a bare number into a text before `finalize` sees it."""
    template = make()
    assert template.loader is not None
    tree = template.parse(template.loader.get_source(template, name)[0])
    forbidden = (jinja2.nodes.Concat, jinja2.nodes.BinExpr)
    found = [node for node in tree.find_all(forbidden) if not isinstance(node, (jinja2.nodes.And, jinja2.nodes.Or))]
    assert not found
