"""Frameworks of which one table is enough to know: the list of the migrations that made the schema."""

from __future__ import annotations

from pgraduate.schema.recipes.recipe import Recipe, state

_LISTS = {
    "Diesel": ("__diesel_schema_migrations", ("version",)),
    "SQLx": ("_sqlx_migrations", ("version",)),
    "Flyway": ("flyway_schema_history", ("version",)),
    "golang-migrate": ("schema_migrations", ("version",)),
    "Goose": ("goose_db_version", ("version_id",)),
    "Knex": ("knex_migrations", ("name",)),
    "Sequelize": ("SequelizeMeta", ("name",)),
    "TypeORM": ("migrations", ("name",)),
    "Laravel": ("migrations", ("migration",)),
    "xorm": ("migration", ("id",)),
}

MIGRATION_LISTS = tuple(
    Recipe(name, frozenset({table}), {table: state(key)}) for name, (table, key) in _LISTS.items()
)
