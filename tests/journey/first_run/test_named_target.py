"""A database carried to a server that `--to` named: what the run prints leads back, and leaving it out harms nothing."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from support.cli import pgraduate
from support.sources import make_shop


@pytest.fixture
def printed(target: str, tmp_path: Path) -> list[str]:
    """The lines that a run to a named target prints."""
    make_shop(tmp_path / "shop.db")
    result = pgraduate("run", "shop.db", "--to", target, cwd=tmp_path)
    assert result.code == 0, result.err
    return result.out.splitlines()


def test_the_undo_that_is_printed_undoes(printed: list[str], tmp_path: Path) -> None:
    (line,) = [line for line in printed if line.startswith("undo ")]
    program, *arguments = shlex.split(line.removeprefix("undo "))
    assert program == "pgraduate"
    undone = pgraduate(*arguments, cwd=tmp_path)
    assert undone.code == 0, undone.err


def test_the_lines_for_the_settings_spare_the_option(printed: list[str], tmp_path: Path) -> None:
    kept = printed[next(number for number, line in enumerate(printed) if line.startswith("keep ")) + 1 :]
    (tmp_path / "pgraduate.toml").write_text("\n".join(line.strip() for line in kept), "utf-8")
    verified = pgraduate("verify", cwd=tmp_path)
    assert verified.code == 0, verified.err
    assert not any(line.startswith("keep ") for line in verified.out.splitlines())


@pytest.mark.parametrize("verb", [("verify",), ("undo",), ("maintain", "check"), ("doctor",), ("uninstall",)])
def test_without_it_the_target_of_the_run_is_named_and_no_server_made(
    printed: list[str], target: str, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    result = pgraduate(*verb, "--json", cwd=tmp_path)
    assert result.code == 2
    hint = result.document["error"]["hint"]
    assert hint.startswith("run ")
    assert "went elsewhere: --to " in hint
    assert f"dbname={target.partition('dbname=')[2].split()[0]}" in hint
    assert not (tmp_path / ".pgraduate" / "server").exists()


def test_where_nothing_was_run_both_ways_to_a_target_are_named(tmp_path: Path) -> None:
    result = pgraduate("maintain", "check", "--json", cwd=tmp_path)
    assert result.code == 2
    assert "--to names a server of your own" in result.document["error"]["hint"]
    assert not (tmp_path / ".pgraduate").exists()
