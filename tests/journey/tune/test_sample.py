"""The sample's own workload, recorded on SQLite and translated by its run: what is found in it, and what is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from support.cli import pgraduate
from support.server import PrivateServer

from pgraduate.journey.workloads import load_workload
from pgraduate.tune.indexes.advice import Advice, advise, study
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.planner import BuiltPlanner
from pgraduate.workload import Execution
from pgraduate.workload.recording import write_execution

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "workflows"
GENERATE = "import sys, pathlib; from generate import generate; generate(pathlib.Path(sys.argv[1]), 7, 1200)"
HOT = (
    Execution("UPDATE workflow_history SET units_in = ?, units_out = ? WHERE id = ?", (7, 5, 9), calls=20_000),
    Execution("SELECT id FROM workflow_history WHERE units_out = ?", (5,), calls=20),
)
"""A column that is written all day and asked for now and then: each of its updates is heap-only as long as no index
speaks of it."""


@pytest.fixture(scope="module")
def sample(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The sample carried over without the indexes that its calls and open events need, and a recording of its load."""
    place = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, "-c", GENERATE, str(place)], check=True, cwd=EXAMPLE)
    shutil.copy(place / "workflows.db", place / "load.db")
    shutil.copy(EXAMPLE / "pgraduate.toml", place)
    recording = place / "load.jsonl"
    work = [sys.executable, "-m", "benchmarks.tune.sample", str(place / "load.db"), str(recording), "250"]
    subprocess.run(work, check=True, cwd=ROOT)
    with recording.open("a", encoding="utf-8") as file:
        for execution in HOT:
            write_execution(file, execution)
    with server.database() as target:
        carried = pgraduate("run", place / "workflows.db", "--to", target, cwd=place)
        assert carried.code in (0, 3), carried.err
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute(
                "DROP INDEX workflows.idx_tool_calls_workflow, workflows.idx_tc_workflow_id, workflows.idx_events_open"
            )
        superuser = make_conninfo(server.superuser, dbname=conninfo_to_dict(target)["dbname"])
        yield make_conninfo(superuser, options="-c search_path=workflows"), recording


@pytest.fixture(scope="module")
def advice(sample: tuple[str, Path]) -> Iterator[Advice]:
    conninfo, recording = sample
    with psycopg.connect(conninfo, autocommit=True) as connection:
        built = BuiltPlanner(connection)
        loaded = load_workload(connection, recording)
        subject = study(loaded.workload, read_catalog(connection), built)
        yield advise(connection, subject, built, budget=64 << 20)
        built.drop(list(built._shown))


def test_the_planted_missing_index_is_found(advice: Advice) -> None:
    found = [item.definition.body() for item in advice.proposed]
    assert any('"tool_calls" ("workflow_id"' in body for body in found), found


def test_an_index_on_the_hot_column_is_rejected_for_its_write_cost(advice: Advice) -> None:
    assert not any("units_out" in item.definition.body() for item in advice.proposed)
    (why,) = {item.why for item in advice.passed if item.definition.columns == ("units_out",)}
    assert "updates would no longer be heap-only" in why


def test_a_partial_index_is_proposed_where_it_pays_and_holds_few_rows(
    advice: Advice, sample: tuple[str, Path]
) -> None:
    partial = [item.definition for item in advice.proposed if item.definition.where]
    assert any(item.table == "hook_events" for item in partial), [
        item.definition.body() for item in advice.proposed
    ]
    with psycopg.connect(sample[0]) as connection:
        for item in partial:
            row = connection.execute(
                f"SELECT avg(({item.where})::int)::float8 FROM {item.schema}.{item.table}".encode()
            ).fetchone()
            assert row is not None
            assert row[0] <= 0.2, item.body()
