"""Prisma: migrations are written per engine, so their names and checksums differ between SQLite and PostgreSQL."""

from __future__ import annotations

from pgraduate.schema.recipes.recipe import Proposal, Recipe

PRISMA = Recipe(
    "Prisma",
    frozenset({"_prisma_migrations"}),
    {
        "_prisma_migrations": Proposal(
            "keep", "Prisma's migrations are written per engine: the target's are the ones that made it"
        )
    },
    "prisma",
)
