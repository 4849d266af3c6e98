"""Alembic, which migrates schemas of SQLAlchemy: one row says which revision a schema stands at."""

from __future__ import annotations

from pgraduate.schema.recipes.recipe import Recipe, state

ALEMBIC = Recipe(
    "SQLAlchemy/Alembic", frozenset({"alembic_version"}), {"alembic_version": state(("version_num",))}, "alembic"
)
