"""Values for a statement of which only the shape is known, so that it can be executed: drawn from the rows of the clone.

pg_stat_statements keeps `$1` where a value stood.  A parameter that is compared for equality with a column, or set in one,
gets that column's value of a row of the table, and all parameters of one table those of one row: they meet as the data do.
A page has a page's rows.  How wide a range was, and what a pattern looked for, nobody can tell: such a statement is not
executed.  The values stay in the session that executes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import psycopg
from psycopg import sql
from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from pgraduate.tune.indexes.accesses import parameter_of
from pgraduate.tune.indexes.catalog import Catalog, Table
from pgraduate.tune.indexes.costs import Weighted
from pgraduate.workload.fingerprint import spaced
from pgraduate.workload.statements import EXAMPLES

PAGE = "20"
"""What LIMIT $1 gets."""
_LOOKED_AT = 1000
"""Rows, about, among which the examples are chosen, wherever they lie in the table."""
_PARAMETER = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)""")


def with_examples(
    connection: psycopg.Connection, statements: Iterable[Weighted], catalog: Catalog
) -> tuple[Weighted, ...]:
    """Give the statements with texts that can be executed; one whose values cannot be drawn keeps its shape."""
    return tuple(
        replace(item, texts=_texts(connection, item, catalog) or item.texts) if is_shape(item) else item
        for item in statements
    )


def is_shape(statement: Weighted) -> bool:
    """Whether the statement's values are not known."""
    return any(_numbers(text) for text in statement.texts)


def _numbers(text: str) -> set[str]:
    return {found[1] for found in _PARAMETER.finditer(text) if found[1]}


def _texts(connection: psycopg.Connection, statement: Weighted, catalog: Catalog) -> tuple[str, ...]:
    text = statement.texts[0]
    fixed, asked = _asked(text, statement, catalog)
    if _numbers(text) - fixed.keys() - {number for columns in asked for number in columns[1]}:
        return ()
    drawn = [(names, _rows(connection, table, list(names.values()))) for table, names in asked]
    if not all(rows for _, rows in drawn):
        return ()
    examples = []
    for turn in range(EXAMPLES if drawn else 1):
        values = dict(fixed)
        for names, rows in drawn:
            values |= dict(zip(names, rows[turn % len(rows)], strict=True))
        examples.append(_filled(text, values))
    return tuple(dict.fromkeys(examples))


def _asked(
    text: str, statement: Weighted, catalog: Catalog
) -> tuple[dict[str, str], list[tuple[Table, dict[str, str]]]]:
    """Find the parameters whose value follows from their place, and for each table those that are one of its columns."""
    asked = [(access.table, dict(access.parameters)) for access in statement.accesses if access.parameters]
    try:
        tree = parse_one(spaced(text), read="postgres")
    except (SqlglotError, ValueError):
        return {}, asked
    fixed: dict[str, str] = {}
    for kind, value in ((exp.Limit, PAGE), (exp.Offset, "0")):
        for node in tree.find_all(kind):
            if (number := parameter_of(node.expression)) is not None:
                fixed[number] = value
    if isinstance(tree, exp.Update) and (table := catalog.table(tree.this.text("db"), tree.this.name)):
        names: dict[str, str] = {}
        for item in tree.expressions:
            number = parameter_of(item.expression) if isinstance(item, exp.EQ) else None
            if number is not None and item.this.name in table.columns:
                names[number] = item.this.name
        if names:
            asked.append((table, names))
    return fixed, asked


def _rows(connection: psycopg.Connection, table: Table, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Draw rows of a table, as literals of these columns; the same rows each time."""
    share = min(100.0, 100.0 * _LOOKED_AT / max(table.rows, 1.0))
    names = [sql.Identifier(name) for name in columns]
    question = sql.SQL(
        "SELECT {literals} FROM {table} TABLESAMPLE BERNOULLI ({share}) REPEATABLE (1) WHERE {known}"
        " ORDER BY pg_catalog.md5(ctid::text) LIMIT {limit}"
    ).format(
        literals=sql.SQL(", ").join(sql.SQL("pg_catalog.quote_literal({}::text)").format(name) for name in names),
        table=sql.Identifier(table.schema, table.name),
        share=sql.Literal(share),
        known=sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(name) for name in names),
        limit=sql.Literal(EXAMPLES),
    )
    return connection.execute(question).fetchall()


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: values[found[1]] if found[1] else found[0], text)
