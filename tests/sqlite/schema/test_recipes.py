"""Frameworks are known by their tables and the columns of these, and the plan names them."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sqlite_files import make

from pgraduate.schema import plan
from pgraduate.schema.recipes import RECIPES, recognise
from pgraduate.settings import Policy
from pgraduate.sqlite import read_catalog, take_census

DOCS = Path(__file__).parents[3] / "docs" / "recipes"


@pytest.mark.parametrize(
    ("tables", "names"),
    [
        ({"django_migrations": {"id", "app", "name", "applied"}}, ["Django"]),
        ({"alembic_version": {"version_num"}}, ["SQLAlchemy/Alembic"]),
        ({"schema_migrations": {"version"}, "ar_internal_metadata": {"key"}}, ["Rails", "golang-migrate"]),
        ({"_prisma_migrations": {"id"}}, ["Prisma"]),
        ({"migrations": {"id", "migration", "batch"}}, ["Laravel"]),
        ({"migrations": {"id", "timestamp", "name"}}, ["TypeORM"]),
        ({"migrations": {"bird", "from", "to"}}, []),
        ({"books": {"id"}}, []),
    ],
)
def test_a_framework_is_known_by_its_tables_and_their_columns(
    tables: dict[str, set[str]], names: list[str]
) -> None:
    found = recognise({name: frozenset(columns) for name, columns in tables.items()})
    assert [recipe.name for recipe in found] == names


def test_the_plan_names_the_framework_whose_list_it_carries(tmp_path: Path) -> None:
    path = make(tmp_path / "app.db", "CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY)")
    catalog = read_catalog(path, name="app")
    planned = plan(catalog, take_census(path, catalog), policy=Policy.DECLARED)
    assert [item.what for item in planned.findings if item.code == "FRAMEWORK" and "Alembic" in item.what]


def test_every_recipe_with_a_page_has_it() -> None:
    pages = {recipe.page for recipe in RECIPES if recipe.page}
    assert pages == {page.stem for page in DOCS.glob("*.md")}
