"""The phase queue and the worker that empties it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain

import pytest
from app.db import Databases, connect
from app.repositories import costs, queue, tools
from app.worker import run_once


def test_only_the_first_phase_is_ready(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan", "build", "test"])
    assert [phase["status"] for phase in queue.phases_of(phases, "wf-1")] == ["ready", "queued", "queued"]


def test_the_phases_of_a_workflow_are_queued_once(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan"])
    with pytest.raises(sqlite3.IntegrityError, match=r"phase_queue\.workflow_id, phase_queue\.phase_number"):
        queue.enqueue(phases, "wf-1", ["plan"])


def test_a_refused_enqueue_leaves_nothing_behind(phases: sqlite3.Connection) -> None:
    with phases:
        phases.execute(
            """
            INSERT INTO phase_queue (queue_id, workflow_id, phase_number, phase_name)
            VALUES ('q-0', 'wf-1', 2, 'build')
            """
        )
    with pytest.raises(sqlite3.IntegrityError):
        queue.enqueue(phases, "wf-1", ["plan", "build"])
    assert queue.depth(phases) == {"queued": 1}


def test_the_most_urgent_phase_is_claimed_first(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-low", ["plan"], priority=10)
    queue.enqueue(phases, "wf-high", ["plan"], priority=90)
    claimed = queue.claim(phases, "worker-1")
    assert claimed is not None
    assert claimed["workflow_id"] == "wf-high"


def test_among_equals_the_oldest_is_claimed(phases: sqlite3.Connection) -> None:
    for workflow_id in ("wf-b", "wf-a"):
        queue.enqueue(phases, workflow_id, ["plan"])
    claimed = queue.claim(phases, "worker-1")
    assert claimed is not None
    assert claimed["workflow_id"] == "wf-b"


def test_a_claimed_phase_carries_its_payload(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan"], payload={"branch": "main", "dry": True})
    claimed = queue.claim(phases, "worker-1")
    assert claimed is not None
    assert claimed["payload"] == {"branch": "main", "dry": True}


def test_a_phase_is_claimed_once(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan"])
    assert queue.claim(phases, "worker-1") is not None
    assert queue.claim(phases, "worker-2") is None


def test_workers_in_a_hurry_never_share_a_phase(databases: Databases, phases: sqlite3.Connection) -> None:
    queued = [queue.enqueue(phases, f"wf-{number}", ["plan"])[0] for number in range(40)]

    def work(worker: str) -> list[str]:
        with closing(connect(databases.phases)) as connection:
            return [phase["queue_id"] for phase in iter(lambda: queue.claim(connection, worker), None)]

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(work, [f"worker-{number}" for number in range(4)]))
    assert sorted(chain(*taken)) == sorted(queued)


def test_an_empty_queue_leaves_no_transaction_open(phases: sqlite3.Connection) -> None:
    assert queue.claim(phases, "worker-1") is None
    assert not phases.in_transaction


def test_completing_a_phase_readies_the_next(phases: sqlite3.Connection) -> None:
    first, second = queue.enqueue(phases, "wf-1", ["plan", "build"])
    assert queue.complete(phases, first, b"ok") == [second]


def test_a_failure_blocks_all_that_follows(phases: sqlite3.Connection) -> None:
    first, *_ = queue.enqueue(phases, "wf-1", ["plan", "build", "test"])
    assert queue.fail(phases, first) == 2
    assert [phase["status"] for phase in queue.phases_of(phases, "wf-1")] == ["failed", "blocked", "blocked"]


def test_a_silent_worker_loses_its_phase(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan"])
    queue.claim(phases, "worker-1")
    with phases:
        phases.execute("UPDATE phase_queue SET claimed_at = datetime('now', '-45 minutes')")
    assert queue.release_stale(phases, minutes=30) == 1
    assert queue.claim(phases, "worker-2") is not None


def test_a_working_worker_keeps_its_phase(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan"])
    queue.claim(phases, "worker-1")
    assert queue.release_stale(phases, minutes=30) == 0


def test_removing_a_phase_removes_what_waits_for_it(databases: Databases) -> None:
    connection = connect(databases.phases, foreign_keys=True)
    _, second, _ = queue.enqueue(connection, "wf-1", ["plan", "build", "test"])
    assert queue.remove(connection, second)
    left = [phase["phase_name"] for phase in queue.phases_of(connection, "wf-1")]
    connection.close()
    assert left == ["plan"]


def test_a_lock_has_one_owner(phases: sqlite3.Connection) -> None:
    assert queue.lock(phases, "deploy", "worker-1")
    assert not queue.lock(phases, "deploy", "worker-2")


def test_an_expired_lock_is_free(phases: sqlite3.Connection) -> None:
    queue.lock(phases, "deploy", "worker-1", minutes=-1)
    assert queue.lock(phases, "deploy", "worker-2")


def test_only_its_owner_releases_a_lock(phases: sqlite3.Connection) -> None:
    queue.lock(phases, "deploy", "worker-1")
    assert not queue.unlock(phases, "deploy", "worker-2")
    assert queue.unlock(phases, "deploy", "worker-1")


def test_the_worker_empties_the_queue_in_order(phases: sqlite3.Connection) -> None:
    queue_ids = queue.enqueue(phases, "wf-1", ["plan", "build"])
    assert [run_once(phases, "worker-1") for _ in range(3)] == [*queue_ids, None]


def test_a_run_goes_on_until_its_last_phase(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan", "build"])
    seen = []
    while run_once(phases, "worker-1") is not None:
        seen.append(tuple(phases.execute("SELECT status, steps_completed FROM workflow_history").fetchone()))
    assert seen == [("running", 1), ("completed", 2)]


def test_the_worker_keeps_every_call_and_its_cost(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan", "build"])
    while run_once(phases, "worker-1") is not None:
        pass
    assert [call["tool_name"] for call in tools.calls_of(phases, "wf-1")] == ["plan", "build"]
    assert costs.total(phases, "wf-1") > 0


def test_costs_that_the_worker_does_not_know_are_null(phases: sqlite3.Connection) -> None:
    queue.enqueue(phases, "wf-1", ["plan"])
    run_once(phases, "worker-1")
    run = phases.execute("SELECT estimated_cost, efficiency_score FROM workflow_history").fetchone()
    assert tuple(run) == (None, None)


def test_a_tool_that_fails_fails_its_phase(phases: sqlite3.Connection) -> None:
    def broken(_workflow_id: str, _phase: str) -> bytes:
        raise RuntimeError("no space left")

    queue.enqueue(phases, "wf-1", ["plan", "build"])
    run_once(phases, "worker-1", broken)
    assert queue.depth(phases) == {"blocked": 1, "failed": 1}
    assert phases.execute("SELECT status FROM workflow_history").fetchone()["status"] == "failed"
