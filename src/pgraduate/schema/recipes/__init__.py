"""Recipes: what frameworks leave in a database of their own, and what should become of it."""

from __future__ import annotations

from collections.abc import Mapping

from pgraduate.schema.recipes.alembic import ALEMBIC
from pgraduate.schema.recipes.django import DJANGO
from pgraduate.schema.recipes.migration_lists import MIGRATION_LISTS
from pgraduate.schema.recipes.prisma import PRISMA
from pgraduate.schema.recipes.rails import RAILS
from pgraduate.schema.recipes.recipe import Proposal, Recipe

RECIPES: tuple[Recipe, ...] = (DJANGO, ALEMBIC, RAILS, PRISMA, *MIGRATION_LISTS)

__all__ = ["RECIPES", "Proposal", "Recipe", "recognise"]


def recognise(tables: Mapping[str, frozenset[str]]) -> tuple[Recipe, ...]:
    """Find the frameworks whose tables stand among these, given with their columns."""
    return tuple(recipe for recipe in RECIPES if recipe.fits(tables))
