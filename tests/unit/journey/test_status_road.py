"""Every command that status recommends exists."""

from __future__ import annotations

import click
import pytest

from pgraduate.cli.app import group
from pgraduate.journey.status import ROAD


@pytest.mark.parametrize("command", [command for _, command, _ in ROAD])
def test_what_status_recommends_exists(command: str) -> None:
    found: click.Command | None = group
    for word in command.split():
        if isinstance(found, click.Group) and not word.startswith("<"):
            found = found.get_command(click.Context(found), word)
            assert found is not None, command
