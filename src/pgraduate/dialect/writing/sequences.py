"""UPDATE and DELETE of sqlite_sequence: the numbers of a table's rows begin anew.

PostgreSQL keeps the largest number in the identity of the column.  SQLite numbers a row behind what stands in
sqlite_sequence and behind the table's largest number; so does the identity afterwards.  The invariant: the statement
counts the lines that SQLite would have changed.
"""

from __future__ import annotations

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.names import Scope
from pgraduate.dialect.queries.definitions import SEQUENCES, sequences_known
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.values import numbers
from pgraduate.dialect.writing.parser import Delete, Insert, Statement, Update
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity


def writes_sequences(statement: Statement, schema: SchemaView) -> bool:
    """Tell whether the table that is written is SQLite's own list of numbers."""
    return statement.table.lower() == SEQUENCES and bool(sequences_known(schema))


def sequence_text(statement: Statement, sql: str, pieces: Pieces) -> str:
    """Translate an UPDATE or DELETE of sqlite_sequence to a query without columns, one row for each line."""
    if isinstance(statement, Insert):
        raise NotTranslated(sql, f"an INSERT into {SEQUENCES}", f"UPDATE {SEQUENCES} sets a number")
    if (
        statement.with_
        or statement.returning
        or statement.few
        or (isinstance(statement, Update) and statement.from_)
    ):
        raise NotTranslated(sql, f"a write to {SEQUENCES} with more than WHERE")
    alias = f" AS {statement.alias}" if statement.alias else ""
    from_, sources = pieces.sources(f"{SEQUENCES}{alias}", Scope())
    scope = Scope(sources)
    number = _number(statement, sql, pieces, scope)
    name = tree.text_of(tree.column(sources[0].qualifier, "name"))
    known = ", ".join(map(tree.text_of, sequences_known(pieces.schema)))
    call = tree.text_of(tree.call("restart_sequence", schema=pieces.schema.compat_schema))
    again = f"{call.removesuffix('()')}({known}, {name}, {number})"
    pieces.findings.append(
        Finding(
            "SEQUENCE_BEHIND_ITS_ROWS",
            Severity.NOTICE,
            pieces.where,
            "Rows are numbered behind the number that is set and behind the largest that is taken; sqlite_sequence shows "
            "the larger of the two, and no line for a table that has had no row.",
        )
    )
    if statement.where is None:
        return f"SELECT {from_} WHERE {again}"
    # CASE, so that no line is touched before its condition is known.
    return f"SELECT {from_} WHERE CASE WHEN {pieces.condition(statement.where, scope)} THEN {again} ELSE false END"


def _number(statement: Update | Delete, sql: str, pieces: Pieces, scope: Scope) -> str:
    if isinstance(statement, Delete):
        return "0"
    (*others, last) = statement.assignments
    if others or [name.lower() for name in last.columns] != ["seq"]:
        raise NotTranslated(sql, f"an UPDATE of {SEQUENCES} that sets more than seq")
    value, context = pieces.expression(last.value, scope)
    return tree.text_of(tree.cast(numbers.to_integer(value, context).node, "bigint"))
