"""The web application: a JSON API and one page.

flask --app app.web run         serves the files in $WORKFLOWS_DATA (default: ./data)
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, NotFound

from app.db import Databases, connect
from app.repositories import costs, history, operations, patterns, projects, queue, tools

PAGE = 20


def create_app(directory: Path | None = None) -> Flask:
    """Make the application over the two files in this directory; they are created if they are not there."""
    databases = Databases(directory or Path(os.environ.get("WORKFLOWS_DATA", "data")))
    databases.create()
    app = Flask(__name__)
    app.config["DATABASES"] = databases
    app.teardown_appcontext(_close)
    app.register_error_handler(HTTPException, _problem)
    app.register_error_handler(history.UnknownWorkflow, lambda error: _problem(NotFound(f"no workflow '{error}'")))
    _routes(app)
    return app


def workflows() -> sqlite3.Connection:
    """This request's connection to workflows.db."""
    if "workflows" not in g:
        g.workflows = connect(current_app.config["DATABASES"].workflows)
    connection: sqlite3.Connection = g.workflows
    return connection


def phases() -> sqlite3.Connection:
    """This request's connection to phases.db."""
    if "phases" not in g:
        g.phases = connect(current_app.config["DATABASES"].phases)
    connection: sqlite3.Connection = g.phases
    return connection


def _close(_error: BaseException | None) -> None:
    for name in ("workflows", "phases"):
        connection = g.pop(name, None)
        if connection is not None:
            connection.close()


def _problem(error: Exception) -> tuple[Response, int]:
    code = (error.code if isinstance(error, HTTPException) else None) or 500
    message = error.description if isinstance(error, HTTPException) else str(error)
    return jsonify(error=message), code


def _body(*required: str) -> dict[str, Any]:
    """Give the request's JSON object.  Raises BadRequest if it is none or misses a key."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    missing = [key for key in required if key not in body]
    if missing:
        raise BadRequest("missing: " + ", ".join(missing))
    return body


def _routes(app: Flask) -> None:
    app.add_url_rule("/", view_func=dashboard)
    app.add_url_rule("/api/health", view_func=health)
    app.add_url_rule("/api/workflows", view_func=list_workflows)
    app.add_url_rule("/api/workflows", view_func=start_workflow, methods=["POST"])
    app.add_url_rule("/api/workflows/failures", view_func=list_failures)
    app.add_url_rule("/api/workflows/<workflow_id>", view_func=show_workflow)
    app.add_url_rule("/api/workflows/<workflow_id>/finish", view_func=finish_workflow, methods=["POST"])
    app.add_url_rule("/api/workflows/<workflow_id>/notes", view_func=add_note, methods=["POST"])
    app.add_url_rule("/api/workflows/<workflow_id>/files/<name>", view_func=put_file, methods=["PUT"])
    app.add_url_rule("/api/workflows/<workflow_id>/files/<name>", view_func=get_file)
    app.add_url_rule("/api/queue", view_func=show_queue)
    app.add_url_rule("/api/queue/claim", view_func=claim_phase, methods=["POST"])
    app.add_url_rule("/api/queue/<queue_id>/complete", view_func=complete_phase, methods=["POST"])
    app.add_url_rule("/api/tools", view_func=list_tools)
    app.add_url_rule("/api/tools/<tool_name>", view_func=register_tool, methods=["PUT"])
    app.add_url_rule("/api/events", view_func=receive_event, methods=["POST"])
    app.add_url_rule("/api/costs", view_func=show_costs)
    app.add_url_rule("/api/patterns", view_func=list_patterns)
    app.add_url_rule("/api/projects", view_func=list_projects)
    app.add_url_rule("/api/projects", view_func=create_project, methods=["POST"])


def dashboard() -> str:
    runs, _ = history.search(workflows(), limit=10)
    return render_template(
        "dashboard.html",
        counts=history.status_counts(workflows()),
        runs=runs,
        queue=queue.depth(phases()),
        tools=tools.usage(workflows())[:8],
        months=costs.by_month(workflows())[:8],
        patterns=patterns.candidates(workflows())[:8],
        alerts=operations.open_alerts(workflows()),
    )


def health() -> Response:
    """Say that both files answer."""
    one = [connection.execute("SELECT 1").fetchone()[0] for connection in (workflows(), phases())]
    return jsonify(ok=one == [1, 1])


def list_workflows() -> Response:
    page = max(request.args.get("page", 1, type=int), 1)
    runs, total = history.search(
        workflows(),
        text=request.args.get("q", ""),
        status=request.args.get("status"),
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    return jsonify(workflows=runs, total=total, page=page)


def start_workflow() -> tuple[Response, int]:
    body = _body("title")
    workflow_id = body.get("workflow_id") or f"wf-{uuid.uuid4().hex[:8]}"
    run = history.start(
        workflows(),
        workflow_id,
        body["title"],
        estimated_cost=body.get("estimated_cost", 0.0),
        request_text=body.get("request"),
    )
    if body.get("tags"):
        history.add_tags(workflows(), workflow_id, body["tags"])
    if body.get("phases"):
        try:
            queue.enqueue(phases(), workflow_id, body["phases"], priority=body.get("priority", 50))
        except sqlite3.IntegrityError as error:
            raise Conflict(f"the phases of '{workflow_id}' are queued already") from error
    operations.record(workflows(), "api", "start", workflow_id, run=run)
    return jsonify(id=run, workflow_id=workflow_id), 201


def show_workflow(workflow_id: str) -> Response:
    return jsonify(
        run=history.get(workflows(), workflow_id),
        tags=history.tags_of(workflows(), workflow_id),
        notes=history.notes_of(workflows(), workflow_id),
        phases=queue.phases_of(phases(), workflow_id),
        calls=tools.calls_of(workflows(), workflow_id) + tools.calls_of(phases(), workflow_id),
        cost=costs.total(workflows(), workflow_id) + costs.total(phases(), workflow_id),
    )


def finish_workflow(workflow_id: str) -> Response:
    body = _body("status")
    if body["status"] not in history.FINAL:
        raise BadRequest("status must be one of: " + ", ".join(history.FINAL))
    history.finish(workflows(), workflow_id, body["status"], error=body.get("error"), result=body.get("result"))
    spent = costs.settle(workflows(), workflow_id)
    operations.record(workflows(), "api", body["status"], workflow_id, spent=spent)
    return jsonify(history.get(workflows(), workflow_id))


def list_failures() -> Response:
    return jsonify(failures=history.recent_failures(workflows()))


def add_note(workflow_id: str) -> tuple[Response, int]:
    body = _body("body")
    history.get(workflows(), workflow_id)
    note = history.add_note(workflows(), workflow_id, body["body"], pinned=bool(body.get("pinned", False)))
    return jsonify(id=note), 201


def put_file(workflow_id: str, name: str) -> tuple[Response, int]:
    history.get(workflows(), workflow_id)
    new = history.attach(workflows(), workflow_id, name, request.get_data())
    return jsonify(new=new), 201 if new else 200


def get_file(workflow_id: str, name: str) -> Response:
    content = history.attachment(workflows(), workflow_id, name)
    if content is None:
        raise NotFound(f"no file '{name}'")
    return Response(content, mimetype="application/octet-stream")


def show_queue() -> Response:
    return jsonify(queue.depth(phases()))


def claim_phase() -> tuple[Response, int] | tuple[str, int]:
    phase = queue.claim(phases(), _body("worker")["worker"])
    if phase is None:
        return "", 204
    return jsonify({key: phase[key] for key in ("queue_id", "workflow_id", "phase_name", "payload")}), 200


def complete_phase(queue_id: str) -> Response:
    return jsonify(ready=queue.complete(phases(), queue_id, request.get_data()))


def list_tools() -> Response:
    return jsonify(enabled=tools.enabled_tools(workflows()), usage=tools.usage(workflows()))


def register_tool(tool_name: str) -> Response:
    body = _body("display_name")
    for connection in (workflows(), phases()):
        tools.register(
            connection,
            tool_name,
            body["display_name"],
            version=body.get("version", "1.0"),
            config=body.get("config"),
        )
    return jsonify(tools.get(workflows(), tool_name))


def receive_event() -> tuple[Response, int]:
    body = _body("event_id", "event_type")
    event = tools.record_event(
        workflows(), body["event_id"], body["event_type"], body.get("payload", {}), body.get("workflow_id")
    )
    return jsonify(id=event), 202


def show_costs() -> Response:
    report = operations.cached(workflows(), "costs", lambda: costs.by_month(workflows()), seconds=60)
    return jsonify(months=report)


def list_patterns() -> Response:
    at_least = request.args.get("at_least", 3, type=int)
    return jsonify(candidates=patterns.candidates(workflows(), at_least=at_least))


def list_projects() -> Response:
    return jsonify(projects=projects.overview(workflows()))


def create_project() -> tuple[Response, int]:
    body = _body("slug", "name")
    try:
        project = projects.create(workflows(), body["slug"], body["name"], parent=body.get("parent"))
    except projects.SlugTaken as error:
        raise Conflict(f"the slug '{error}' is taken") from error
    except sqlite3.IntegrityError as error:
        raise BadRequest(str(error)) from error
    return jsonify(id=project), 201
