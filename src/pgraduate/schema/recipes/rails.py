"""Rails: `db:schema:load` or `db:migrate` fills the list of versions and notes the environment."""

from __future__ import annotations

from pgraduate.schema.recipes.recipe import Proposal, Recipe, state

RAILS = Recipe(
    "Rails",
    frozenset({"schema_migrations", "ar_internal_metadata"}),
    {
        "schema_migrations": state(("version",)),
        "ar_internal_metadata": Proposal("keep", "it names the environment and the schema of this database"),
    },
    "rails",
)
