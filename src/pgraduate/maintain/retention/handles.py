"""Rows by their physical place, which stays while a transaction holds their locks."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql


def any_of(alias: str, places: Sequence[str]) -> sql.Composable:
    """Give the condition that a row stands at one of these places, each `(block,line)`."""
    text = "{" + ",".join(f'"{place}"' for place in places) + "}"
    return sql.SQL("{} = ANY ({}::pg_catalog.tid[])").format(sql.Identifier(alias, "ctid"), sql.Literal(text))
