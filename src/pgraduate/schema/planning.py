"""What one source becomes: the whole schema plan, made before anything is written.

The order of the objects is the order in which they are made: what must stand before the rows, then what is
cheaper or only possible behind them.  The same input always gives the same plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from pgraduate.model.catalog import Catalog
from pgraduate.model.census import Census
from pgraduate.model.decision import Decision
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.merge import Merge
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.selected import Selected
from pgraduate.schema.columns import choose_types, mentioned
from pgraduate.schema.conditions import checks, conflict_rules, defaults
from pgraduate.schema.creation import create_tables, schema_object, settle_generated
from pgraduate.schema.docket import Docket
from pgraduate.schema.foreign_keys import foreign_keys
from pgraduate.schema.geometry import geometries
from pgraduate.schema.harmony import ColumnId, column_id
from pgraduate.schema.indexes import indexes
from pgraduate.schema.keys import identities, primary_keys, unique_constraints
from pgraduate.schema.names import name_all, name_schema
from pgraduate.schema.recipes import recognise
from pgraduate.schema.roles import role_plans
from pgraduate.schema.room import Room
from pgraduate.schema.search import searches
from pgraduate.schema.selection import left_behind, renamed_keys, rowids_kept, words_unused
from pgraduate.schema.tables import Planner
from pgraduate.schema.translation import Translator
from pgraduate.schema.trigger_chains import chains
from pgraduate.schema.triggers import triggers
from pgraduate.schema.view import view_of
from pgraduate.schema.views import views
from pgraduate.schema.virtual_tables import admit
from pgraduate.settings import Policy

ORDER = (
    "schema", "table", "generated column", "virtual table", "identity", "primary key", "unique", "check",
    "conflict rule", "default", "index", "foreign key", "view", "trigger", "column", "rows",
)  # fmt: skip


def plan(
    chosen: Catalog | Selected,
    census: Census,
    *,
    policy: Policy,
    exact_identifiers: bool = False,
    schema_name: str | None = None,
    answers: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    asked: Sequence[Decision] = (),
    found: Sequence[Finding] = (),
    merge: Merge | None = None,
    postgis: bool = False,
) -> SchemaPlan:
    """Plan the PostgreSQL schema of one source, whole or as selected; the census must be that of the same catalog.

    `answers` are the decisions of pgraduate.toml by id, `overrides` types by `table.column`, `roles` names by purpose.
    `asked` and `found` are what the merge of several sources asked and found, `merge` is its record; `postgis` says
    that the target has that extension in public.
    A decision without an answer and without a safe option stays open in the result; nothing may be written then.
    Raises UsageError for an answer that is no option, an override that the values do not prove, and a schema name
    that is not free.
    """
    made = partial(
        _plan,
        chosen,
        census,
        exact_identifiers=exact_identifiers,
        schema_name=schema_name,
        answers=answers,
        overrides=overrides,
        roles=roles,
        asked=asked,
        found=found,
        merge=merge,
        postgis=postgis,
    )
    planned = made(policy)
    if policy is Policy.RICH and planned.not_carried:
        catalog = chosen.catalog if isinstance(chosen, Selected) else chosen
        return _without_loss(catalog, planned, made)
    return planned


def _without_loss(catalog: Catalog, planned: SchemaPlan, made: partial[SchemaPlan]) -> SchemaPlan:
    """Take inferred types back where an object is lost that the declared types would carry."""
    kept = {(item.kind, item.name) for item in made(Policy.DECLARED).not_carried}
    for among_read in (True, False):
        lost = [item for item in planned.not_carried if (item.kind, item.name) not in kept]
        if not lost:
            break
        texts = [text for item in lost for text in (item.name, item.source_sql or "")]
        planned = made(
            Policy.RICH,
            held_back=frozenset(
                column_id(table.name, column.name)
                for table in catalog.tables
                if not among_read or mentioned(table.name, texts)
                for column in table.columns
            ),
        )
    return planned


def _plan(
    chosen: Catalog | Selected,
    census: Census,
    policy: Policy,
    *,
    exact_identifiers: bool,
    schema_name: str | None,
    answers: Mapping[str, str] | None,
    overrides: Mapping[str, str] | None,
    roles: Mapping[str, str] | None,
    asked: Sequence[Decision],
    found: Sequence[Finding],
    merge: Merge | None,
    postgis: bool,
    held_back: frozenset[ColumnId] = frozenset(),
) -> SchemaPlan:
    selected = chosen if isinstance(chosen, Selected) else Selected(chosen)
    catalog = selected.catalog
    schema = name_schema(catalog.name, schema_name, exact=exact_identifiers)
    docket = Docket(answers or {}, list(asked), list(found))
    docket.add(schema_object(schema, catalog.user_version, catalog.application_id))
    _report_encoding(catalog, docket)
    left_behind(selected, census, docket)
    words_unused(selected, docket)
    rowids_kept(catalog, docket)
    admission = admit(catalog, census, docket)
    catalog = admission.catalog
    names = name_all(catalog, schema, exact=exact_identifiers, wishes=selected)
    choices = choose_types(
        catalog,
        census,
        policy=policy,
        overrides=overrides or {},
        schema=schema,
        docket=docket,
        held_back=held_back,
    )
    tables = Planner(catalog, census, names, choices, docket).tables()
    room = settle_generated(
        Room(catalog, census, names, docket, tables, Translator(view_of(catalog, tables.values()), docket))
    )
    create_tables(room)
    identities(room)
    primary_keys(room)
    unique_constraints(room)
    checks(room)
    conflict_rules(room)
    defaults(room)
    indexes(room)
    searches(room, admission.mirrors, exact=exact_identifiers)
    foreign_keys(room)
    renamed_keys(room, selected)
    views(room, exact=exact_identifiers)
    triggers(room, admission.mirrors, exact=exact_identifiers)
    chains(room)
    _report_frameworks(catalog, schema, docket)
    geometries(room, postgis=postgis)
    _report_unused_answers(docket, schema)
    return SchemaPlan(
        catalog.name,
        schema,
        policy.value,
        tuple(room.plan(table.name) for table in room.tables),
        tuple(sorted(docket.objects, key=lambda item: ORDER.index(item.kind))),
        tuple(docket.decisions),
        tuple(docket.findings),
        docket.compat,
        role_plans(roles or {}),
        selected.selection,
        merge,
    )


def _report_encoding(catalog: Catalog, docket: Docket) -> None:
    if catalog.encoding != "UTF-8":
        docket.find(
            "UTF16_ORDER",
            Severity.NOTICE,
            catalog.name,
            f"the database stores texts as {catalog.encoding}: SQLite orders them by the bytes of that encoding, "
            "PostgreSQL by the bytes of UTF-8, which is the order of code points",
            "a text equals the same texts as before; look at ORDER BY, <, > and BETWEEN over texts beyond ASCII",
        )


def _report_frameworks(catalog: Catalog, schema: str, docket: Docket) -> None:
    """Say which framework will look at its own list of migrations, which is carried like any other table."""
    columns = {table.name: frozenset(column.name for column in table.columns) for table in catalog.tables}
    for recipe in recognise(columns):
        docket.find(
            "FRAMEWORK",
            Severity.INFO,
            schema,
            f"the tables of {recipe.name} are carried as they are, its list of migrations with them; its own "
            "migrations for PostgreSQL may make other types and names",
            "let it migrate an empty database and load with --policy existing where it insists on its own tables",
        )


def _report_unused_answers(docket: Docket, schema: str) -> None:
    asked = {decision.id for decision in docket.decisions}
    for answer in docket.answers:
        if answer not in asked and f":{schema}." in answer:
            docket.find(
                "ANSWER_UNUSED",
                Severity.NOTICE,
                answer,
                "pgraduate.toml answers a decision that these data do not ask",
                "remove the line, or check its spelling",
            )
