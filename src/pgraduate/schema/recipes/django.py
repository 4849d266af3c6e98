"""Django: `migrate` writes the content types, the permissions and a first site into the new database.

Rows of the application refer to them by number, so the source's rows must be the ones that stay.
"""

from __future__ import annotations

from pgraduate.schema.recipes.recipe import Proposal, Recipe, state

_NUMBERED = "migrate wrote them anew, and rows of the application refer to the source's by number"

DJANGO = Recipe(
    "Django",
    frozenset({"django_migrations"}),
    {
        "django_migrations": state(("app", "name")),
        "django_content_type": Proposal("replace", _NUMBERED, ("app_label", "model")),
        "auth_permission": Proposal("replace", _NUMBERED),
        "django_site": Proposal("replace", "migrate wrote example.com; the source has the real ones"),
    },
    "django",
)
