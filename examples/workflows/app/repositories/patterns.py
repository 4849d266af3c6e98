"""Operations that come again and again, and could be automated (both files)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any


def detect(
    connection: sqlite3.Connection,
    signature: str,
    category: str,
    workflow_id: str,
    *,
    similarity: float = 1.0,
    matched_on: list[str] | None = None,
) -> bool:
    """Note that a workflow shows a pattern; False if that is known.  The trigger keeps the pattern's counter."""
    with connection:
        connection.execute(
            "INSERT OR IGNORE INTO operation_patterns (pattern_signature, category) VALUES (?, ?)",
            (signature, category),
        )
        cursor = connection.execute(
            """
            INSERT OR IGNORE INTO pattern_occurrences (pattern_id, workflow_id, similarity, matched_on)
            SELECT id, ?, ?, ? FROM operation_patterns WHERE pattern_signature = ?
            """,
            (workflow_id, similarity, json.dumps(matched_on or []), signature),
        )
    return cursor.rowcount == 1


def get(connection: sqlite3.Connection, signature: str) -> dict[str, Any] | None:
    row = connection.execute(
        "SELECT * FROM operation_patterns WHERE pattern_signature = ?", (signature,)
    ).fetchone()
    return None if row is None else {**dict(row), "is_automated": bool(row["is_automated"])}


def candidates(connection: sqlite3.Connection, *, at_least: int = 3) -> list[dict[str, Any]]:
    """Give the patterns worth automating: frequent, trusted, and still done by hand."""
    rows = connection.execute(
        """
        SELECT pattern_signature, category, occurrence_count, confidence
          FROM operation_patterns
         WHERE is_automated = 0 AND occurrence_count >= ? AND confidence >= 0.5
         ORDER BY occurrence_count DESC, confidence DESC, pattern_signature
        """,
        (at_least,),
    )
    return [dict(row) for row in rows]


def set_confidence(connection: sqlite3.Connection, signature: str, confidence: float) -> None:
    """Set how sure the detector is, 0 to 1.  Raises ValueError outside of that."""
    try:
        with connection:
            connection.execute(
                "UPDATE operation_patterns SET confidence = ? WHERE pattern_signature = ?", (confidence, signature)
            )
    except sqlite3.IntegrityError as error:
        raise ValueError("a confidence lies between 0 and 1") from error


def automate(connection: sqlite3.Connection, signature: str) -> bool:
    with connection:
        cursor = connection.execute(
            "UPDATE operation_patterns SET is_automated = 1 WHERE pattern_signature = ? AND is_automated = 0",
            (signature,),
        )
    return cursor.rowcount == 1


def workflows_with(connection: sqlite3.Connection, signature: str) -> list[str]:
    """Give the workflows that show a pattern, the most similar first."""
    rows = connection.execute(
        """
        SELECT o.workflow_id
          FROM pattern_occurrences o JOIN operation_patterns p ON p.id = o.pattern_id
         WHERE p.pattern_signature = ? ORDER BY o.similarity DESC, o.id
        """,
        (signature,),
    )
    return [row["workflow_id"] for row in rows]


def by_category(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Give, for each category, how many patterns it has and how many of them are automated."""
    rows = connection.execute(
        """
        SELECT category, COUNT(*) AS patterns, SUM(is_automated = 1) AS automated
          FROM operation_patterns GROUP BY category
        """
    )
    return {row["category"]: (row["patterns"], row["automated"]) for row in rows}


def forget(connection: sqlite3.Connection, signature: str) -> bool:
    """Delete a pattern with its occurrences; the connection must have been opened with foreign keys on."""
    with connection:
        cursor = connection.execute("DELETE FROM operation_patterns WHERE pattern_signature = ?", (signature,))
    return cursor.rowcount == 1
