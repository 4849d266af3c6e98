"""What one side has and the other has not: said, never made up for."""

from __future__ import annotations

from pgraduate.model.catalog import Catalog
from pgraduate.model.census import Census
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.plan import ObjectPlan
from pgraduate.model.wording import counted
from pgraduate.postgres.standing import StandingSchema
from pgraduate.schema.docket import Docket
from pgraduate.schema.existing.matching import Match, Pair
from pgraduate.schema.existing.questions import source_names
from pgraduate.schema.view import unique_keys


def report_unmatched(
    catalog: Catalog, census: Census, standing: StandingSchema, matched: Match, docket: Docket
) -> None:
    """Report tables, keys, views and triggers of the source that the target lacks, and the target's own tables."""
    for table in matched.unmatched:
        rows = census.table(table.name).rows
        if rows:
            docket.ask(
                f"missing_table:{standing.schema}.{table.name}",
                f"The target has no table {table.name}. Leave its rows behind?",
                f"{counted(rows, 'row')} in the source",
                (Option("leave_out", "the rows stay in SQLite", leaves_behind=True),),
            )
        reason = f"the target has no such table; {counted(rows, 'row')} stay in SQLite"
        docket.add(
            ObjectPlan("table", table.name, "not_carried", reason, "before rows", source_sql=table.sql)
            if rows
            else ObjectPlan("table", table.name, "not_carried", "the target has no such table", "before rows")
        )
    if matched.extra:
        names = ", ".join(table.name for table in matched.extra[:10])
        rest = len(matched.extra) - 10
        docket.find(
            "TABLES_LEFT_ALONE",
            Severity.INFO,
            standing.schema,
            f"the target's own tables are left alone: {names}{f' and {rest} more' if rest > 0 else ''}",
        )
    for pair in matched.pairs:
        _report_keys(catalog, standing, pair, docket)
    for table in catalog.tables:
        if table.kind == "virtual":
            docket.add(
                ObjectPlan(
                    "virtual table", table.name, "not_carried", "the target's schema decides what is searched, and how",
                    "after rows", source_sql=table.sql,
                )
            )  # fmt: skip
    _report_programs(catalog, docket)


def _report_keys(catalog: Catalog, standing: StandingSchema, pair: Pair, docket: Docket) -> None:
    kept = [set(key.columns) for key in standing.keys if key.table == pair.target.name]
    for columns in unique_keys(catalog, pair.source):
        names = [target.name for column, target in pair.columns if column.name in columns]
        if len(names) == len(columns) and not any(key <= set(names) for key in kept):
            reason = "the target's table has no such key"
            label = f"{pair.source.name}({', '.join(columns)})"
            docket.add(ObjectPlan("unique", label, "not_carried", reason, "after rows", source_sql=pair.source.sql))
    for foreign in pair.source.foreign_keys:
        same = any(
            key.table == pair.target.name and source_names(pair, key.columns) == foreign.columns
            for key in standing.foreign_keys
        )
        if not same:
            label = f"{pair.source.name}({', '.join(foreign.columns)})"
            reason = "the target's table has no such foreign key"
            docket.add(
                ObjectPlan("foreign key", label, "not_carried", reason, "after rows", source_sql=pair.source.sql)
            )


def _report_programs(catalog: Catalog, docket: Docket) -> None:
    """List views and triggers: under this policy the application's own migrations make them."""
    for kind, items in (("view", catalog.views), ("trigger", catalog.triggers)):
        for item in items:
            reason = "the application's own migrations make it in the target, where it is wanted"
            docket.add(ObjectPlan(kind, item.name, "not_carried", reason, "after rows", source_sql=item.sql))
