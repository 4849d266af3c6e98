"""The JSON API and the page."""

from __future__ import annotations

import sqlite3

from app.repositories import costs, patterns, tools
from flask.testing import FlaskClient


def test_both_files_answer(client: FlaskClient) -> None:
    assert client.get("/api/health").get_json() == {"ok": True}


def test_a_workflow_is_started_and_shown(client: FlaskClient) -> None:
    started = client.post(
        "/api/workflows", json={"title": "Release", "tags": ["urgent"], "phases": ["plan", "build"]}
    )
    shown = client.get(f"/api/workflows/{started.get_json()['workflow_id']}").get_json()
    assert started.status_code == 201
    assert (shown["run"]["title"], shown["tags"], len(shown["phases"])) == ("Release", ["urgent"], 2)


def test_a_workflow_needs_a_title(client: FlaskClient) -> None:
    answer = client.post("/api/workflows", json={})
    assert (answer.status_code, answer.get_json()) == (400, {"error": "missing: title"})


def test_a_body_that_is_not_json_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/workflows", data="title=Release").status_code == 400


def test_an_unknown_workflow_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/api/workflows/wf-none")
    assert (answer.status_code, answer.get_json()) == (404, {"error": "no workflow 'wf-none'"})


def test_queueing_the_same_phases_twice_is_a_conflict(client: FlaskClient) -> None:
    body = {"workflow_id": "wf-1", "title": "Release", "phases": ["plan"]}
    assert [client.post("/api/workflows", json=body).status_code for _ in range(2)] == [201, 409]


def test_the_list_has_pages(client: FlaskClient) -> None:
    for number in range(23):
        client.post("/api/workflows", json={"title": f"Run {number}"})
    second = client.get("/api/workflows?page=2").get_json()
    assert (second["total"], second["page"], len(second["workflows"])) == (23, 2, 3)


def test_finishing_settles_the_costs(client: FlaskClient, workflows: sqlite3.Connection) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release"})
    costs.add(workflows, "wf-1", "plan", "compute", 3, 0.5)
    run = client.post("/api/workflows/wf-1/finish", json={"status": "completed"}).get_json()
    assert (run["status"], run["actual_cost"]) == ("completed", 1.5)


def test_a_workflow_cannot_finish_as_running(client: FlaskClient) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release"})
    assert client.post("/api/workflows/wf-1/finish", json={"status": "running"}).status_code == 400


def test_failures_are_listed(client: FlaskClient) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release"})
    client.post("/api/workflows/wf-1/finish", json={"status": "failed", "error": "disk full"})
    (failure,) = client.get("/api/workflows/failures").get_json()["failures"]
    assert (failure["workflow_id"], failure["error_message"]) == ("wf-1", "disk full")


def test_a_note_is_shown_with_its_workflow(client: FlaskClient) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release"})
    client.post("/api/workflows/wf-1/notes", json={"body": "wait for Monday", "pinned": True})
    (note,) = client.get("/api/workflows/wf-1").get_json()["notes"]
    assert (note["body"], note["pinned"]) == ("wait for Monday", 1)


def test_a_file_is_kept_and_returned(client: FlaskClient) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release"})
    assert client.put("/api/workflows/wf-1/files/log.bin", data=b"\x00\xfe").status_code == 201
    assert client.put("/api/workflows/wf-1/files/log.bin", data=b"\x00\xfe").status_code == 200
    assert client.get("/api/workflows/wf-1/files/log.bin").data == b"\x00\xfe"


def test_a_phase_is_claimed_and_completed(client: FlaskClient) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release", "phases": ["plan", "build"]})
    claimed = client.post("/api/queue/claim", json={"worker": "worker-1"}).get_json()
    ready = client.post(f"/api/queue/{claimed['queue_id']}/complete", data=b"ok").get_json()["ready"]
    assert (claimed["phase_name"], len(ready)) == ("plan", 1)
    assert client.get("/api/queue").get_json() == {"completed": 1, "ready": 1}


def test_claiming_from_an_empty_queue_has_no_content(client: FlaskClient) -> None:
    assert client.post("/api/queue/claim", json={"worker": "worker-1"}).status_code == 204


def test_a_tool_is_registered_in_both_files(
    client: FlaskClient, workflows: sqlite3.Connection, phases: sqlite3.Connection
) -> None:
    client.put("/api/tools/linter", json={"display_name": "Linter"})
    assert [tools.enabled_tools(connection) for connection in (workflows, phases)] == [["linter"], ["linter"]]


def test_calls_and_costs_of_both_files_are_shown_together(
    client: FlaskClient, workflows: sqlite3.Connection, phases: sqlite3.Connection
) -> None:
    client.post("/api/workflows", json={"workflow_id": "wf-1", "title": "Release"})
    for number, connection in enumerate((workflows, phases)):
        tools.record_call(connection, f"call-{number}", "wf-1", "linter")
        costs.add(connection, "wf-1", "plan", "compute", 1, 0.5)
    shown = client.get("/api/workflows/wf-1").get_json()
    assert ([call["tool_call_id"] for call in shown["calls"]], shown["cost"]) == (["call-0", "call-1"], 1.0)


def test_an_event_is_accepted(client: FlaskClient) -> None:
    answer = client.post("/api/events", json={"event_id": "ev-1", "event_type": "push"})
    assert (answer.status_code, answer.get_json()) == (202, {"id": 1})


def test_patterns_are_listed_from_the_asked_count_on(client: FlaskClient, workflows: sqlite3.Connection) -> None:
    patterns.detect(workflows, "build:retry", "build", "wf-1")
    assert client.get("/api/patterns").get_json()["candidates"] == []
    assert len(client.get("/api/patterns?at_least=1").get_json()["candidates"]) == 1


def test_the_cost_report_is_cached(client: FlaskClient, workflows: sqlite3.Connection) -> None:
    assert client.get("/api/costs").get_json() == {"months": []}
    costs.add(workflows, "wf-1", "plan", "compute", 1, 0.5)
    assert client.get("/api/costs").get_json() == {"months": []}


def test_a_slug_can_be_taken_once(client: FlaskClient) -> None:
    answers = [client.post("/api/projects", json={"slug": slug, "name": "Docs"}) for slug in ("docs", "DOCS")]
    assert [answer.status_code for answer in answers] == [201, 409]


def test_a_slug_that_is_too_short_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/projects", json={"slug": "d", "name": "Docs"}).status_code == 400


def test_projects_are_listed_with_their_figures(client: FlaskClient) -> None:
    client.post("/api/projects", json={"slug": "docs", "name": "Docs"})
    (project,) = client.get("/api/projects").get_json()["projects"]
    assert (project["slug"], project["runs"], project["cost"]) == ("docs", 0, 0.0)


def test_the_page_shows_runs_and_alerts(client: FlaskClient, workflows: sqlite3.Connection) -> None:
    client.post("/api/workflows", json={"title": "Release <b>"})
    workflows.execute("INSERT INTO alerts (severity, message) VALUES ('critical', 'budget is spent')")
    workflows.commit()
    page = client.get("/").get_data(as_text=True)
    assert "Release &lt;b&gt;" in page
    assert "budget is spent" in page
