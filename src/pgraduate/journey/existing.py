"""Loading into a schema that the application's migrations made: what is asked of both sides before it is planned.

The invariant: everything here only reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import psycopg

from pgraduate.errors import Refused, UsageError
from pgraduate.events import Sink
from pgraduate.journey.rehearsal import count_server_fits, find_breaches
from pgraduate.journey.sources import Source
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.selected import select
from pgraduate.postgres.preflight import require_create
from pgraduate.postgres.records import SCHEMA
from pgraduate.postgres.runs import RunSource
from pgraduate.postgres.standing import (
    StandingSchema,
    count_references,
    count_rows,
    read_keys,
    read_standing,
)
from pgraduate.schema.existing import (
    Drift,
    Facts,
    Match,
    Questions,
    ask_server,
    foreign_key_name,
    match,
    plan_existing,
    questions,
)
from pgraduate.settings import Settings
from pgraduate.sqlite import (
    count_fits,
    count_key_faults,
    read_catalog,
    read_texts,
    require_filters,
    take_census,
)


def name_existing(
    connection: psycopg.Connection, sources: Sequence[Source], settings: Settings
) -> tuple[Source, ...]:
    """Find the schema that stands: as asked, else where this role finds unqualified tables.

    Raises UsageError for several sources, which one set of tables cannot take apart again.
    """
    if len(sources) > 1:
        raise UsageError(
            "the policy 'existing' loads one source into the tables of one application",
            hint="run the sources one by one, each into its own schema with --target-schema",
        )
    schema = settings.target_schema
    if schema is None:
        row = connection.execute("SELECT pg_catalog.current_schema()").fetchone()
        schema = str(row[0]) if row and row[0] else "public"
    return tuple(replace(source, schema=schema) for source in sources)


def require_standing(connection: psycopg.Connection, schema: str) -> StandingSchema:
    """Read the schema; raise Refused where it has no tables, or where this role does not own one of them."""
    standing = read_standing(connection, schema)
    if not standing.tables:
        raise Refused(
            f"schema {schema} of the target has no tables to load into",
            where=f"schema {schema}",
            hint="run the application's migrations on the target first, or name another schema with --target-schema",
        )
    foreign = [table.name for table in standing.tables if not table.owned]
    if foreign:
        raise Refused(
            f"role {connection.info.user} does not own table {foreign[0]}",
            where=f"schema {schema}",
            hint="load as the role that ran the migrations: foreign keys are taken off for the load and put back",
        )
    require_create(connection, SCHEMA)
    return standing


def plan_into(connection: psycopg.Connection, record: RunSource, settings: Settings, *, sink: Sink) -> SchemaPlan:
    """Plan how a sealed source comes into the schema that stands."""
    sealed = Path(record.sealed)
    standing = require_standing(connection, record.schema)
    chosen = select(read_catalog(sealed, name=record.name), settings.selection, record.schema)
    catalog = chosen.catalog
    require_filters(sealed, catalog)
    census = take_census(sealed, catalog, sink=sink)
    matched = match(chosen, standing)
    asked = questions(catalog, census, standing, matched)
    orphans, duplicates = count_key_faults(sealed, catalog, asked.foreign_keys, asked.unique)
    rows = {pair.target.name: count_rows(connection, record.schema, pair.target.name) for pair in matched.pairs}
    fits = count_fits(sealed, catalog, asked.forms)
    for where, counts in count_server_fits(connection, sealed, catalog, ask_server(census, matched, fits)).items():
        fits[where] = fits.get(where, {}) | counts
    facts = Facts(
        fits,
        orphans,
        duplicates,
        rows,
        _references(connection, standing, matched, rows),
        _drift(connection, sealed, record.schema, matched, asked, rows),
    )

    def planned(facts: Facts) -> SchemaPlan:
        return plan_existing(
            chosen,
            census,
            standing,
            matched,
            facts,
            answers=settings.decisions,
            roles=settings.roles,
            digest=record.digest,
        )

    # How the rows are cast decides what a rehearsal loads, and what it finds is decided with everything else.
    breaches = find_breaches(connection, sealed, standing, planned(facts))
    return planned(replace(facts, breaches=breaches)) if breaches else planned(facts)


def _references(
    connection: psycopg.Connection, standing: StandingSchema, matched: Match, rows: dict[str, int]
) -> dict[str, int]:
    """Count the references to tables that hold rows, which a replacement would leave without a parent."""
    return {
        foreign_key_name(key): count_references(connection, key)
        for key in standing.foreign_keys
        if key.parent_schema == standing.schema and rows.get(key.parent, 0)
    }


def _drift(
    connection: psycopg.Connection,
    sealed: Path,
    schema: str,
    matched: Match,
    asked: Questions,
    rows: dict[str, int],
) -> dict[str, Drift]:
    """Compare the frameworks' own lists on both sides."""
    found = {}
    for name, (source_columns, target_columns) in asked.lists.items():
        pair = matched.of_target(name)
        if pair is not None and rows[name]:
            here = read_texts(sealed, pair.source.name, source_columns)
            there = read_keys(connection, schema, name, target_columns)
            found[name] = Drift(len(here - there), len(there - here))
    return found


def require_unreferenced(connection: psycopg.Connection, schema: str, loaded: frozenset[str]) -> None:
    """Raise Refused where a row that is not the run's refers to a row that an undo would take away."""
    for key in read_standing(connection, schema).foreign_keys:
        inside = key.schema == schema and key.table in loaded
        if (
            key.parent_schema == schema
            and key.parent in loaded
            and not inside
            and count_references(connection, key)
        ):
            raise Refused(
                f"rows of {key.schema}.{key.table} refer to rows of {key.parent}; undo would lose what they refer to",
                where=f"{key.schema}.{key.table}",
                hint="save and delete those rows first",
            )
