"""Projects, the people who work on them, and the templates that their workflows are made from."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from app.db import new_id


class SlugTaken(ValueError):
    """Another project has this slug, in whatever case."""


def create(connection: sqlite3.Connection, slug: str, name: str, *, parent: str | None = None) -> int:
    """Create a project; return its id.  Raises SlugTaken."""
    try:
        with connection:
            cursor = connection.execute(
                """
                INSERT INTO projects (slug, name, parent_id)
                VALUES (?, ?, (SELECT id FROM projects WHERE slug = ?))
                """,
                (slug, name, parent),
            )
    except sqlite3.IntegrityError as error:
        if "UNIQUE" in str(error):
            raise SlugTaken(slug) from error
        raise
    return new_id(cursor)


def get(connection: sqlite3.Connection, slug: str) -> dict[str, Any] | None:
    """Find a project by its slug; upper and lower case do not matter."""
    row = connection.execute("SELECT * FROM projects WHERE slug = ?", (slug,)).fetchone()
    return None if row is None else {**dict(row), "settings": json.loads(row["settings"])}


def overview(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = connection.execute("SELECT * FROM project_overview ORDER BY runs DESC, slug")
    return [dict(row) for row in rows]


def archive(connection: sqlite3.Connection, slug: str) -> int:
    """Take a project and everything below it out of the overview; return how many were taken out."""
    with connection:
        cursor = connection.execute(
            """
            UPDATE projects SET archived = 1
             WHERE archived = 0
               AND id IN (WITH RECURSIVE below (id) AS (
                              SELECT id FROM projects WHERE slug = ?
                              UNION ALL
                              SELECT p.id FROM projects p JOIN below b ON p.parent_id = b.id
                          )
                          SELECT id FROM below)
            """,
            (slug,),
        )
    return cursor.rowcount


def save_template(connection: sqlite3.Connection, name: str, steps: list[tuple[str, str]]) -> int:
    """Keep the steps, pairs of phase and tool, as the next version of a template; return the version."""
    with connection:
        version: int = connection.execute(
            "SELECT COALESCE(MAX(version), 0) + 1 FROM workflow_templates WHERE name = ?", (name,)
        ).fetchone()[0]
        connection.execute("INSERT INTO workflow_templates (name, version) VALUES (?, ?)", (name, version))
        connection.executemany(
            """
            INSERT INTO template_steps (template_name, template_version, position, phase, tool_name)
            VALUES (?, ?, ?, ?, ?)
            """,
            [(name, version, position, phase, tool) for position, (phase, tool) in enumerate(steps, start=1)],
        )
    return version


def steps(connection: sqlite3.Connection, name: str, version: int) -> list[tuple[str, str]]:
    rows = connection.execute(
        """
        SELECT phase, tool_name FROM template_steps
         WHERE template_name = ? AND template_version = ? ORDER BY position
        """,
        (name, version),
    )
    return [(phase, tool) for phase, tool in rows]


def delete_template(connection: sqlite3.Connection, name: str, version: int) -> bool:
    """Delete a version of a template with its steps; the connection must have foreign keys on."""
    with connection:
        cursor = connection.execute(
            "DELETE FROM workflow_templates WHERE name = ? AND version = ?", (name, version)
        )
    return cursor.rowcount == 1
