"""Two files whose tables overlap and whose ids collide become one schema, and every row is where it should be."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.cli import Result, environment, pgraduate
from support.merging import PAIRS, REKEYED, both, make_branch, misread, pairs_of
from support.server import PrivateServer

from pgraduate.journey.walk import run
from pgraduate.merge.reading import Reading
from pgraduate.settings import load


def _answers(directory: Path, answers: dict[str, str]) -> None:
    lines = "\n".join(f'"{name}" = "{answer}"' for name, answer in answers.items())
    (directory / "pgraduate.toml").write_text(f"[decisions]\n{lines}\n")


def _branches(directory: Path, rows: int = 20) -> tuple[Path, Path]:
    return (
        make_branch(directory / "north.db", "north", rows=rows),
        make_branch(directory / "south.db", "south", rows=rows, seed=1),
    )


def _loaded_pairs(target: str) -> dict[str, list[tuple[str, str]]]:
    with psycopg.connect(target) as connection:
        return {
            name: sorted(connection.execute(query.format("shop.", "shop.").encode()).fetchall())
            for name, query in PAIRS.items()
        }


@pytest.fixture(scope="module")
def merged(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Result]]:
    """Two branches in one schema: their directory, the target, and what the run said."""
    directory = tmp_path_factory.mktemp("branches")
    north, south = _branches(directory)
    _answers(directory, REKEYED)
    with server.database() as conninfo:
        yield (
            directory,
            conninfo,
            pgraduate("run", north, south, "--target-schema", "shop", "--to", conninfo, "--json", cwd=directory),
        )


def test_every_foreign_key_join_gives_the_pairs_of_its_source(merged: tuple[Path, str, Result]) -> None:
    directory, target, result = merged
    assert result.code == 0, result.out + result.err
    assert result.document["verdict"] == "equal"
    assert _loaded_pairs(target) == both(pairs_of(directory / "north.db"), pairs_of(directory / "south.db"))


def test_the_identity_goes_on_behind_the_greatest_key_of_all(merged: tuple[Path, str, Result]) -> None:
    _, target, _ = merged
    with psycopg.connect(target) as connection, connection.transaction(force_rollback=True):
        row = connection.execute("INSERT INTO shop.customer (name) VALUES ('new') RETURNING id").fetchone()
    assert row == (41,)


def test_open_questions_stop_the_run_before_anything_is_written(tmp_path: Path, target: str) -> None:
    north, south = _branches(tmp_path)
    result = pgraduate("run", north, south, "--target-schema", "shop", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 5
    assert "merge_key:shop.customer(id)" in result.document["error"]["where"]
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regnamespace('shop'), to_regnamespace('pgraduate')").fetchone() == (
            None,
            None,
        )


def test_the_answer_separate_gives_each_file_a_schema(tmp_path: Path, target: str) -> None:
    north, south = _branches(tmp_path)
    _answers(tmp_path, {"merge_key:shop.customer(id)": "separate"})
    result = pgraduate("run", north, south, "--target-schema", "shop", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.out + result.err
    assert {source["schema"] for source in result.document["sources"]} == {"north", "south"}


def test_rows_left_behind_are_counted_named_and_found_by_their_key(tmp_path: Path, target: str) -> None:
    north, south = _branches(tmp_path)
    _answers(tmp_path, REKEYED | {"merge_key:shop.product(id)": "first"})
    result = pgraduate("run", north, south, "--target-schema", "shop", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 3, result.out + result.err
    assert "merge_key:shop.product(id) decided by pgraduate.toml: first" in result.document["why"]
    assert any("0 alike, 20 left behind" in finding["what"] for finding in result.document["findings"])
    with psycopg.connect(target) as connection:
        found = connection.execute(
            "SELECT source_name, old_key, new_key FROM pgraduate.merged_row WHERE table_name = 'product'"
        ).fetchall()
    assert sorted(found) == sorted(("south", str(key), str(key)) for key in range(1, 21))


def test_undo_of_a_merge_leaves_nothing(tmp_path: Path, target: str) -> None:
    north, south = _branches(tmp_path)
    _answers(tmp_path, REKEYED | {"merge_key:shop.product(id)": "last"})
    pgraduate("run", north, south, "--target-schema", "shop", "--to", target, cwd=tmp_path)
    assert pgraduate("undo", "--to", target, cwd=tmp_path).code == 0
    with psycopg.connect(target) as connection:
        left = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(shop|north|south|pgraduate)'"
        ).fetchall()
    assert left == []


def test_verify_sees_a_reference_that_did_not_follow(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = _branches(tmp_path)
    misread(monkeypatch, "customer", "referrer", 'x."referrer"')
    _answers(tmp_path, REKEYED)
    document = run([north, south], load(tmp_path, target=target, target_schema="shop", environment={}))
    assert document["verdict"] == "different"
    assert {table["name"] for table in document["tables"] if table["differing"]} == {"customer"}


def test_verify_sees_a_row_that_was_left_out_as_alike_and_is_not(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = _branches(tmp_path)
    monkeypatch.setattr(Reading, "alike", lambda *_: "1")
    _answers(tmp_path, REKEYED | {"merge_key:shop.product(id)": "first"})
    document = run([north, south], load(tmp_path, target=target, target_schema="shop", environment={}))
    differing = {table["name"]: table["differing"] for table in document["tables"] if table["differing"]}
    assert differing == {"product": 20}


def test_since_compares_each_file_with_its_own_sealed_copy(tmp_path: Path, target: str) -> None:
    north, south = _branches(tmp_path)
    _answers(tmp_path, REKEYED)
    pgraduate("run", north, south, "--target-schema", "shop", "--to", target, cwd=tmp_path)
    with closing(sqlite3.connect(south)) as connection, connection:
        connection.execute("UPDATE product SET title = 'changed' WHERE id = 3")
    document = pgraduate("verify", "--since", "--to", target, "--json", cwd=tmp_path).document
    assert {item["name"]: len(item["tables"]) for item in document["sources"]} == {"north": 0, "south": 1}


_known: list[float] = []


def _start(directory: Path, target: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pgraduate", "run", "north.db", "south.db", "--target-schema", "shop"]
    return subprocess.Popen(
        [*command, "--to", target],
        cwd=directory,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("seed", range(100 if os.environ.get("PGRADUATE_SOAK") else 5))
def test_killed_at_a_random_moment_the_same_command_ends_equal(seed: int, tmp_path: Path, target: str) -> None:
    north, south = _branches(tmp_path, rows=500)
    _answers(tmp_path, REKEYED)
    if not _known:
        started = time.monotonic()
        assert _start(tmp_path, target).wait(240) == 0
        _known.append(time.monotonic() - started)
        assert pgraduate("undo", "--to", target, cwd=tmp_path).code == 0
    moment = random.Random(seed).uniform(0.3, 1.0) * _known[0]
    print(f"seed {seed}: kill after {moment:.3f} s")
    process = _start(tmp_path, target)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.wait()
    result = pgraduate("run", north, south, "--target-schema", "shop", "--to", target, "--json", cwd=tmp_path)
    if result.code == 5:  # the run had finished before the kill came
        result = pgraduate("verify", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    assert result.document["verdict"] == "equal"
    assert _loaded_pairs(target) == both(pairs_of(north), pairs_of(south))
