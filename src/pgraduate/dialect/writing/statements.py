"""INSERT, UPDATE and DELETE.

Each clause is translated on its own with the names that SQLite makes visible there; a value reaches its column
through `assignment`.  A statement may need others before it (see `inserting`).
"""

from __future__ import annotations

from pgraduate.dialect.api import translation_of
from pgraduate.dialect.core import tree
from pgraduate.dialect.core.names import Scope, source_of_table
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.reading.lexer import Lexeme, tokenize
from pgraduate.dialect.reading.parameters import Numbering
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.translation import OutputColumn, StatementKind, Translation
from pgraduate.dialect.writing.inserting import insert_texts
from pgraduate.dialect.writing.parser import Delete, Insert, Policy, Statement, Update, parse_dml
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.replacing import choosing_texts
from pgraduate.dialect.writing.sequences import sequence_text, writes_sequences
from pgraduate.dialect.writing.targets import set_clause, written_table
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.storage import StorageClass


def translate_dml(
    sql: str, schema: SchemaView, *, parameters: tuple[StorageClass, ...] | None = None
) -> Translation:
    """Translate an INSERT, REPLACE, UPDATE or DELETE statement.

    `parameters` gives the class of the value bound to each parameter, by its number.  Statements in `before` of the
    result run first, in the same transaction and with the same parameters.  Raises NotTranslated where the meaning
    is not known.
    """
    numbered, labels = _numbered(sql)
    statement = parse_dml(numbered)
    pieces = Pieces(schema, statement.table, parameters, session=[])
    if writes_sequences(statement, schema):
        *before, text = [sequence_text(statement, sql, pieces)]
    else:
        *before, text = dml_texts(statement, sql, pieces, Scope())
    columns: tuple[OutputColumn, ...] = ()
    if statement.returning is not None:
        clause, columns = _returning(statement, statement.returning, pieces)
        text += clause
    rules, findings, uses_compat = pieces.gathered()
    target = statement.table.lower()
    return Translation(
        text,
        columns,
        rules=rules,
        findings=findings,
        uses_compat=uses_compat,
        parameters=labels,
        before=tuple(before),
        kind=StatementKind(type(statement).__name__.lower()),
        returning=statement.returning is not None,
        reads=pieces.tables_read(),
        session=tuple(dict.fromkeys(pieces.session or ())),
        writes=(target,),
    )


def dml_texts(statement: Statement, sql: str, pieces: Pieces, outer: Scope) -> list[str]:
    """Translate a parsed statement to the statements that do the same, in order; `outer` holds NEW and OLD."""
    match statement:
        case Insert():
            return insert_texts(statement, sql, pieces, outer)
        case Update():
            return _update(statement, sql, pieces, outer)
        case Delete():
            return [_delete(statement, sql, pieces, outer)]


def _update(update: Update, sql: str, pieces: Pieces, outer: Scope) -> list[str]:
    _note_policy(update.policy, pieces)
    table = written_table(update.table, sql, pieces.schema)
    alias = update.alias or update.table
    with_, outer = pieces.with_clause(update.with_, outer)
    scope = Scope([source_of_table(table, alias, alias)], outer)
    from_ = ""
    if update.from_ is not None:
        text, sources = pieces.sources(update.from_, outer)
        from_ = f" {text}"
        scope.sources.extend(sources)
    sets = set_clause(update.assignments, table, sql, pieces, scope)
    target = f"{qualified(table.schema, table.target)} AS {quote(alias)}"
    where = _few(update, sql, pieces, outer) if update.few else _where(update.where, pieces, scope)
    before: list[str] = []
    if update.policy in (Policy.IGNORE, Policy.REPLACE):
        before, where = choosing_texts(update, table, sql, pieces, scope, where)
    return [*(f"{with_}{text}" for text in before), f"{with_}UPDATE {target} SET {sets}{from_}{where}"]


def _delete(delete: Delete, sql: str, pieces: Pieces, outer: Scope) -> str:
    table = written_table(delete.table, sql, pieces.schema)
    alias = delete.alias or delete.table
    with_, outer = pieces.with_clause(delete.with_, outer)
    scope = Scope([source_of_table(table, alias, alias)], outer)
    target = f"{qualified(table.schema, table.target)} AS {quote(alias)}"
    where = _few(delete, sql, pieces, outer) if delete.few else _where(delete.where, pieces, scope)
    return f"{with_}DELETE FROM {target}{where}"


def _few(statement: Update | Delete, sql: str, pieces: Pieces, outer: Scope) -> str:
    """Choose the rows of ORDER BY with LIMIT in a query of their own; within one statement a ctid is a row's name."""
    if isinstance(statement, Update) and statement.from_ is not None:
        raise NotTranslated(sql, "LIMIT in UPDATE … FROM")
    alias = quote(statement.alias or statement.table)
    where = f" WHERE {statement.where}" if statement.where is not None else ""
    query = f"SELECT 1 FROM {quote(statement.table)} AS {alias}{where} {statement.few}"
    node, _, _ = pieces.query(query, outer)
    node.set("expressions", [tree.column(statement.alias or statement.table, "ctid")])
    pieces.fired("few rows")
    return f" WHERE {alias}.ctid IN ({tree.text_of(node).strip()})"


def _where(text: str | None, pieces: Pieces, scope: Scope) -> str:
    return "" if text is None else f" WHERE {pieces.condition(text, scope)}"


def _returning(statement: Statement, text: str, pieces: Pieces) -> tuple[str, tuple[OutputColumn, ...]]:
    """Translate RETURNING as the result columns of a query over the table that is written."""
    alias = quote(statement.alias or statement.table)
    query = f"SELECT {text} FROM {quote(statement.table)} AS {alias}"
    node, shape, context = pieces.query(query, Scope())
    context.reads.clear()
    listed = ", ".join(tree.text_of(column) for column in node.expressions)
    return f" RETURNING {listed}", translation_of(node, shape, context).columns


def _note_policy(policy: Policy, pieces: Pieces) -> None:
    if policy in (Policy.FAIL, Policy.ROLLBACK):
        what = f"OR {policy} takes back the statement and nothing else, whatever row failed."
        pieces.findings.append(Finding(f"OR_{policy}_ABORTS", Severity.NOTICE, pieces.where, what))


def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Give every parameter its number in the text, before the text is taken apart; and SQLite's names of them."""
    numbering = Numbering()
    parts = []
    place = 0
    for token in tokenize(sql):
        if token.lexeme is Lexeme.PARAMETER:
            parts += [sql[place : token.start], f"?{numbering.number(token.value)}"]
            place = token.end
    return "".join([*parts, sql[place:]]), numbering.labels()
