"""Running the service itself: alerts, settings, cached reports and the audit log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from app.db import new_id

Setting = str | int | float | bytes | None


def raise_alert(
    connection: sqlite3.Connection, severity: str, message: str, *, workflow_id: str | None = None
) -> int:
    with connection:
        cursor = connection.execute(
            "INSERT INTO alerts (severity, message, workflow_id) VALUES (?, ?, ?)", (severity, message, workflow_id)
        )
    return new_id(cursor)


def open_alerts(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give the alerts that nobody has acknowledged, the gravest first."""
    rows = connection.execute(
        """
        SELECT id, severity, message, workflow_id FROM alerts WHERE acknowledged = 0
         ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, id
        """
    )
    return [dict(row) for row in rows]


def acknowledge(connection: sqlite3.Connection, alert: int) -> bool:
    with connection:
        cursor = connection.execute(
            "UPDATE alerts SET acknowledged = 1 WHERE id = ? AND acknowledged = 0", (alert,)
        )
    return cursor.rowcount == 1


def put_setting(connection: sqlite3.Connection, name: str, value: Setting) -> None:
    with connection:
        connection.execute("REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))


def setting(connection: sqlite3.Connection, name: str, default: Setting = None) -> Setting:
    """Give a setting with the kind of value that it was stored with."""
    row = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    if row is None:
        return default
    value: Setting = row["value"]
    return value


def cached(connection: sqlite3.Connection, key: str, make: Callable[[], Any], *, seconds: int = 900) -> Any:
    """Give the cached report, or make it and keep it for so many seconds."""
    row = connection.execute(
        """
        SELECT body FROM report_cache
         WHERE cache_key = ? AND stored_at + ttl_seconds > CAST(strftime('%s', 'now') AS INTEGER)
        """,
        (key,),
    ).fetchone()
    if row is not None:
        return json.loads(row["body"])
    report = make()
    with connection:
        connection.execute(
            "INSERT OR REPLACE INTO report_cache (cache_key, body, ttl_seconds) VALUES (?, ?, ?)",
            (key, json.dumps(report), seconds),
        )
    return report


def record(connection: sqlite3.Connection, actor: str, action: str, subject: str, **detail: Any) -> None:
    """Write one line of the audit log, which nobody can take back: a trigger refuses every DELETE."""
    with connection:
        connection.execute(
            "INSERT INTO audit_log (actor, action, subject, detail) VALUES (?, ?, ?, ?)",
            (actor, action, subject, json.dumps(detail)),
        )


def trail(connection: sqlite3.Connection, subject: str) -> list[dict[str, Any]]:
    """Give what happened to one subject, newest first."""
    rows = connection.execute(
        "SELECT actor, action, detail FROM audit_log WHERE subject = ? ORDER BY recorded_at DESC, id DESC",
        (subject,),
    )
    return [{**dict(row), "detail": json.loads(row["detail"])} for row in rows]
