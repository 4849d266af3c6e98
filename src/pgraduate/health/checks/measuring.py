"""Whether bloat can be measured here: the extension pgstattuple, and the right to call it."""

from __future__ import annotations

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.questions import ask


def measuring_schema(connection: psycopg.Connection, facts: Facts) -> str | None:
    """Give the schema of pgstattuple where this role may call its functions, else None."""
    schema = facts.extensions.get("pgstattuple")
    if schema is None:
        return None
    (row,) = ask(connection, "pgstattuple_allowed", {"schema": schema})
    return schema if row["allowed"] else None
