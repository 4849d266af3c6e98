"""Every verb has a page, a help with an example and a contract; the reference is what the help says."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import click
import jsonschema
import pytest
from support.golden import assert_golden

from pgraduate.cli.app import VERBS, group

ROOT = Path(__file__).parents[3]


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)] if path else []
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            found += _commands(child, (*path, name))
    return found


ALL = _commands(group)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_a_page(verb: str) -> None:
    page = ROOT / "docs" / "verbs" / f"{verb}.md"
    assert page.read_text().startswith(f"# pgraduate {verb}\n")


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_help_shows_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert f"pgraduate {' '.join(path)}" in (command.help or "")


@pytest.mark.parametrize("verb", VERBS)
def test_the_group_says_of_a_verb_what_the_verb_says_of_itself(verb: str) -> None:
    command = dict(ALL)[(verb,)]
    assert command.short_help == VERBS[verb]


def test_the_reference_is_what_the_help_says() -> None:
    lines = ["# Reference", "", "Generated from `--help`; a test holds it against the command line.", ""]
    # The group's own settings: click keeps a command's help option as whoever asked first in this process had it.
    parent = click.Context(group, info_name="pgraduate", **group.context_settings)
    for path, command in ALL:
        context = click.Context(command, info_name=" ".join(path), parent=parent, terminal_width=100)
        lines += [f"## pgraduate {' '.join(path)}", "", "```text", command.get_help(context), "```", ""]
    assert_golden(ROOT / "docs" / "reference.md", "\n".join(lines))


CONTRACTS = sorted(
    entry.name for entry in files("pgraduate.cli").joinpath("contracts").iterdir() if entry.name.endswith(".json")
)


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_contract_is_a_json_schema(name: str) -> None:
    contract = json.loads(files("pgraduate.cli").joinpath("contracts", name).read_text())
    jsonschema.Draft202012Validator.check_schema(contract)


def _pages() -> list[Path]:
    return [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_verb_that_is_not_there(page: Path) -> None:
    for verb in re.findall(r"pgraduate ([a-z]+)(?= |`|$)", page.read_text(), flags=re.MULTILINE):
        if f"`pgraduate {verb}" in page.read_text() or f"$ pgraduate {verb}" in page.read_text():
            assert verb in VERBS, verb


def _command_of(words: list[str]) -> click.Command | None:
    """Find the command that the words begin with, in a group without a word of its own the group's first choice."""
    by_path = dict(ALL)
    known = [tuple(words[:length]) for length in range(1, len(words) + 1) if tuple(words[:length]) in by_path]
    return by_path[known[-1]] if known else None


def _options(command: click.Command) -> set[str]:
    """Give the options of a command; a group takes those of its commands, for it may choose one by itself."""
    own = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    children = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union({"--help", "-h"}, *map(_options, children))


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_shows_an_option_that_is_not_there(page: Path) -> None:
    for shown in re.findall(r"(?:`|^\$ )pgraduate ([^`\n]+)", page.read_text("utf-8"), flags=re.MULTILINE):
        line = shown.partition("  #")[0]
        command = _command_of(re.findall(r"[a-z-]+", line.partition(" -")[0]))
        if command is not None:
            plain = re.sub(r"'[^']*'|\"[^\"]*\"", "", line)
            assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", plain)) <= _options(command), line


def test_the_contributors_page_names_every_room_and_begins_in_files_that_are_there() -> None:
    page, house = (ROOT / "CONTRIBUTING.md").read_text("utf-8"), ROOT / "src" / "pgraduate"
    floors = page.partition("## The house")[2].partition("```\n")[2].partition("```")[0]
    rooms = {path.parent.name for path in house.glob("*/__init__.py")}
    assert rooms - set(re.findall(r"[a-z]+", floors)) == set()
    table = page.partition("## From the verb to the room")[2].partition("\n## ")[0]
    beginnings = re.findall(r"`([a-z_/*]+(?:\.py|/))`", table)
    assert len(beginnings) > len(VERBS)
    assert [name for name in beginnings if not list(house.glob(name))] == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("rnu", "there is no verb 'rnu'; did you mean run?"),
        ("asess", "there is no verb 'asess'; did you mean assess?"),
        ("migrate", "there is no verb 'migrate'"),
    ],
)
def test_a_verb_that_there_is_not_is_told_with_its_neighbours(said: str, answer: str) -> None:
    with pytest.raises(click.UsageError) as raised:
        group.main([said], standalone_mode=False)
    assert raised.value.message == answer
