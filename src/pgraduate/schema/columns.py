"""The type of every column of a source: policy, declaration, proof, foreign keys and a person's wishes together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pgraduate.errors import UsageError
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.census import Census, ColumnCensus
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.model.representation import Rule
from pgraduate.schema.blobs import OF_STRICT, sense_of_blob
from pgraduate.schema.choice import Choice
from pgraduate.schema.declared import declared
from pgraduate.schema.docket import Docket
from pgraduate.schema.faithful import faithful, faithful_in_foreign_key
from pgraduate.schema.harmony import ColumnId, column_id, harmonise, links
from pgraduate.schema.inferred import inferred
from pgraduate.schema.override import overridden
from pgraduate.settings import Policy


def choose_types(
    catalog: Catalog,
    census: Census,
    *,
    policy: Policy,
    overrides: Mapping[str, str],
    schema: str,
    docket: Docket,
    held_back: frozenset[ColumnId] = frozenset(),
) -> dict[ColumnId, Choice]:
    """Choose the type of each column of each ordinary table; nothing is inferred for those that are `held_back`.

    Raises UsageError for an override that names no column or that the values do not prove, and for the policy
    `existing`, which loads into tables that stand already.
    """
    if policy is Policy.EXISTING:
        raise UsageError(
            "under the policy 'existing' the schema stands in the target: there is none to plan without it",
            hint="`pgraduate run --policy existing` loads into it; choose another policy to plan one",
        )
    columns = {
        column_id(table.name, column.name): (table, column)
        for table in catalog.tables
        if table.kind == "table"
        for column in table.columns
    }
    wishes = _wishes(catalog, overrides, schema, docket)
    compared = compared_columns(catalog)
    read = _read_tables(catalog)
    blobs = sense_of_blob(catalog, census)

    def count(which: ColumnId) -> ColumnCensus:
        return census.table(which[0]).column(which[1])

    def fallback(which: ColumnId) -> Choice:
        table, column = columns[which]
        return faithful_in_foreign_key(column, count(which), OF_STRICT if table.strict else blobs)

    def choose(which: ColumnId) -> Choice:
        table, column = columns[which]
        if which in wishes:
            granted = overridden(f"{table.name}.{column.name}", wishes[which], column, count(which))
            if column.name == table.rowid_alias and granted.representation.rule is not Rule.INTEGER:
                raise UsageError(
                    f"{table.name}.{column.name} is the rowid and needs an integer type",
                    where=f"pgraduate.toml [types] {table.name}.{column.name}",
                    hint="one of: bigint, integer, smallint",
                )
            if granted.type == "json" and which in compared:
                raise UsageError(
                    f"{table.name}.{column.name} is compared by a key, an index, a check or a foreign key, and "
                    "PostgreSQL does not compare json",
                    where=f"pgraduate.toml [types] {table.name}.{column.name}",
                    hint="leave the column to the policy",
                )
            return granted
        plain = faithful(column, count(which), OF_STRICT if table.strict else blobs)
        if policy is Policy.FAITHFUL or column.generated or column.name == table.rowid_alias:
            return plain
        chosen = declared(column, count(which), plain, indexed=which in compared)
        if policy is not Policy.RICH or which in held_back:
            return chosen
        return inferred(column, count(which), chosen, read_elsewhere=which in compared or which[0] in read)

    choices = {which: choose(which) for which in columns}
    return harmonise(catalog, census, choices, fallback, frozenset(wishes))


def compared_columns(catalog: Catalog) -> frozenset[ColumnId]:
    """Find the columns that a key, an index, a check, a generated column or a foreign key compares."""
    found: set[ColumnId] = set()
    for table in catalog.tables:
        if table.kind != "table":
            continue
        found |= {column_id(table.name, name) for name in table.primary_key}
        texts = [check.expression_sql for check in table.checks]
        texts += [column.generated_sql or "" for column in table.columns]
        for index in catalog.indexes_of(table.name):
            found |= {column_id(table.name, key.column) for key in index.keys if key.column}
            texts += [key.expression_sql or "" for key in index.keys] + [index.where_sql or ""]
        found |= {column_id(table.name, column.name) for column in table.columns if mentioned(column.name, texts)}
    for link in links(catalog):
        found |= {link.child, link.parent}
    return frozenset(found)


def _read_tables(catalog: Catalog) -> frozenset[str]:
    """Name the tables, folded, that a view, a trigger or a virtual table may read."""
    texts = [view.sql for view in catalog.views] + [trigger.sql for trigger in catalog.triggers]
    texts += [table.sql for table in catalog.tables if table.kind == "virtual"]
    return frozenset(fold_name(table.name) for table in catalog.tables if mentioned(table.name, texts))


def mentioned(name: str, texts: Iterable[str]) -> bool:
    """Tell whether a name may stand in one of the SQL texts, quoted in any of SQLite's ways; it errs towards yes."""
    spellings = {name, *(name.replace(quote, quote * 2) for quote in ("'", '"', "`"))}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)", re.IGNORECASE)
    return any(pattern.search(text) for text in texts)


def names_column(column: str, expression: str) -> bool:
    """Tell whether an expression may read a column; a string, as a path into JSON, is not its name."""
    from pgraduate.dialect.reading.lexer import Lexeme, tokenize

    named = (Lexeme.WORD, Lexeme.NAME, Lexeme.QUOTED)
    return any(
        token.lexeme in named and fold_name(token.value) == fold_name(column) for token in tokenize(expression)
    )


def _wishes(catalog: Catalog, overrides: Mapping[str, str], schema: str, docket: Docket) -> dict[ColumnId, str]:
    """Find the column of each override, written `table.column` or `schema.table.column`."""
    wishes: dict[ColumnId, str] = {}
    for where, wish in overrides.items():
        for prefix in (f"{schema}.", ""):
            if not where.startswith(prefix):
                continue
            found = _column_at(catalog, where[len(prefix) :], where)
            if found is not None:
                wishes[column_id(*found)] = wish
                break
        else:
            docket.find(
                "OVERRIDE_UNUSED",
                Severity.WARNING,
                where,
                "pgraduate.toml names a type for a table that this source does not have",
            )
    return wishes


def _column_at(catalog: Catalog, path: str, where: str) -> tuple[str, str] | None:
    """Split `table.column` at the dot that makes both exist: names may hold dots themselves."""
    tables: dict[str, Table] = {fold_name(table.name): table for table in catalog.tables if table.kind == "table"}
    missing: Table | None = None
    for place, letter in enumerate(path):
        table = tables.get(fold_name(path[:place])) if letter == "." else None
        if table is None:
            continue
        try:
            return table.name, table.column(path[place + 1 :]).name
        except KeyError:
            missing = table
    if missing is not None:
        raise UsageError(
            f"table {missing.name} has no such column",
            where=f"pgraduate.toml [types] {where}",
            hint="one of: " + ", ".join(column.name for column in missing.columns),
        )
    return None
