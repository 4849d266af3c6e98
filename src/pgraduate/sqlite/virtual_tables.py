"""A virtual table in the catalog: its columns as its module declares them, and the number of a row.

The rows of a full-text table are addressed by a number that no column shows, and that VACUUM does not change; it
is part of the data, and so it becomes an implicit column: `rowid` (FTS5) or `docid` (FTS3 and FTS4).  The first
column of an R-Tree is its rowid.
"""

from __future__ import annotations

from dataclasses import replace

import apsw

from pgraduate.model.catalog import Column, Table
from pgraduate.model.storage import Affinity, affinity_of
from pgraduate.sqlite import pragmas
from pgraduate.sqlite.ddl import VirtualText, parse_module, parse_virtual
from pgraduate.sqlite.names import fold

_NUMBER = {"fts3": "docid", "fts4": "docid", "fts5": "rowid"}
_TREES = ("rtree", "rtree_i32")


def virtual_table(connection: apsw.Connection, name: str, sql: str) -> Table:
    """Describe a virtual table; one whose module is missing or refuses to connect has no columns."""
    module = parse_module(sql)
    columns = _declared(connection, name)
    text = parse_virtual(sql) if module in _NUMBER or module in _TREES else VirtualText()
    number = None
    if columns and module in _NUMBER:
        number = _NUMBER[module]
        columns = _full_text_columns(columns, number, text)
    elif columns and module in _TREES:
        number = columns[0].name
        columns = (
            replace(columns[0], not_null=True, primary_key_position=1),
            *(replace(column, unindexed=fold(column.name) in text.unindexed) for column in columns[1:]),
        )
    return Table(
        name=name,
        columns=columns,
        sql=sql,
        kind="virtual",
        module=module,
        options=text.options,
        primary_key=(number,) if number else (),
        rowid_alias=number,
    )


def _declared(connection: apsw.Connection, table: str) -> tuple[Column, ...]:
    try:
        rows = pragmas.table_xinfo(connection, table)
    except apsw.Error:
        return ()
    return tuple(
        Column(
            name=row.name,
            declared=row.declared or "",
            affinity=affinity_of(row.declared or ""),
            hidden=row.hidden == 1,
        )
        for row in rows
    )


def _full_text_columns(declared: tuple[Column, ...], number: str, text: VirtualText) -> tuple[Column, ...]:
    """Put the row's number, and the language of a row where it is kept, behind the columns that are shown."""
    language = fold(text.options.get("languageid", ""))
    columns = [
        replace(column, unindexed=fold(column.name) in text.unindexed) for column in declared if not column.hidden
    ]
    hidden = [column for column in declared if column.hidden and column.name != number]
    columns += [
        replace(column, declared="INTEGER", affinity=Affinity.INTEGER, hidden=False, implicit=True, unindexed=True)
        for column in hidden
        if fold(column.name) == language
    ]
    columns.append(
        Column(
            number,
            "INTEGER",
            Affinity.INTEGER,
            not_null=True,
            primary_key_position=1,
            implicit=True,
            unindexed=True,
        )
    )
    return (*columns, *(column for column in hidden if fold(column.name) != language))
