"""`pgraduate finish`: the last mile, and a card with the true numbers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from pgraduate.cli import options

if TYPE_CHECKING:
    from pgraduate.finish import Card


@click.command("finish", short_help="Prove the commands, write the documents, commit, celebrate.")
@click.argument("run_id", required=False)
@click.option("--commit", is_flag=True, help="Commit what pgraduate wrote, and nothing else.")
@click.option("--branch", metavar="NAME", help="Make this branch for the commit (with --commit).")
@click.option("--no-commands", is_flag=True, help="Execute none of the commands that the README lacks.")
@options.on_target
def command(call: options.Call, run_id: str | None, commit: bool, branch: str | None, no_commands: bool) -> int:
    """Execute what the documents lack, write them, show the difference, and commit it where asked.

    \b
    Examples:
      pgraduate finish
      pgraduate finish --commit --branch postgresql
    """
    from pgraduate.journey.finishing import Wish, finish_project

    if branch and not commit:
        raise click.UsageError("--branch needs --commit")
    wish = Wish(execute=not no_commands, commit=commit, branch=branch)
    document = finish_project(call.settings(), wish, run_id, sink=call.sink())
    return call.emit(document, text)


def text(document: dict[str, Any]) -> str:
    git = document["git"]
    parts = []
    if git["difference"] and git["commit"] is None:
        parts += [git["difference"].rstrip("\n"), "", "the commit message would be:", "", _indented(git["message"])]
    parts += [_card(document), ""]
    parts += [
        f"failed ({item['exit_code']}): {item['text'].splitlines()[-1]}\n  {item['said']}"
        for item in document["failed"]
    ]
    parts += [f"data in git: {item['file']} is {item['kind']}" for item in document["data_in_git"]]
    if git["commit"] is not None:
        parts.append(f"committed {git['commit'][:12]} on {git['branch']}: {', '.join(git['files'])}")
    elif git["files"]:
        parts.append("`pgraduate finish --commit` commits these files, and nothing else")
    return "\n".join(parts).rstrip("\n")


def _card(document: dict[str, Any]) -> str:
    """Draw the card for a terminal that can show it, else write it as plain text."""
    from pgraduate.finish import Card
    from pgraduate.finish.card import plain
    from pgraduate.model.wire import from_json

    card = _figures(from_json(Card, document["card"]))
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return plain(card)
    return _drawn(card)


def _figures(card: Card) -> Card:
    """Make Figures of what JSON holds of them again."""
    from dataclasses import replace

    from pgraduate.model.figure import Figure
    from pgraduate.model.wire import from_json

    def pairs(items: Any) -> tuple[tuple[str, Figure], ...]:
        return tuple((str(name), from_json(Figure, figure)) for name, figure in items)

    return replace(card, large=pairs(card.large), lines=pairs(card.lines))


def _drawn(card: Card) -> str:
    from rich import box
    from rich.columns import Columns
    from rich.console import Console, Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    from pgraduate.finish.card import shown

    colour = "green" if card.good else "yellow"
    large = [
        Group(Text(shown(figure), style=f"bold {colour}"), Text(name, style="dim")) for name, figure in card.large
    ]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, figure in card.lines:
        table.add_row(Text(name, style="dim"), Text(shown(figure)))
    still = [Text(f"open: {sentence}", style="yellow") for sentence in card.open]
    inside = Group(
        Text(card.headline, style=f"bold {colour}"), Text(), Columns(large, padding=(0, 6)), Text(), table, *still
    )
    panel = Panel(
        inside, title=card.title, subtitle=card.footer, box=box.ROUNDED, border_style=colour, padding=(1, 3)
    )
    console = Console(width=min(88, Console().width), force_terminal=True)
    with console.capture() as captured:
        console.print(panel)
    return captured.get().rstrip("\n")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
