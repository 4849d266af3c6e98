"""One SQLite statement as PostgreSQL: its texts in the order in which they run, and what there is to say of them.

Queries, INSERT, UPDATE and DELETE, CREATE VIEW and CREATE TRIGGER are translated by the dialect; everything else is
refused by its name.  The invariant: a statement is either translated whole or listed as refused, never skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pgraduate.dialect import translate_dml, translate_query, translate_trigger, translate_view
from pgraduate.dialect.identifiers import fold, qualified, quote
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.schema_view import ColumnView, SchemaView, TableView
from pgraduate.dialect.translation import OutputColumn, Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, StorageClass
from pgraduate.translate.statements import Kind, Statement


@dataclass(frozen=True, slots=True)
class Translated:
    """`texts` are complete statements for one transaction; `columns` those of the last one's result."""

    statement: Statement
    texts: tuple[str, ...]
    columns: tuple[OutputColumn, ...] = ()
    ordered: bool = False
    rules: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    uses_compat: bool = False
    parameters: tuple[str, ...] = ()
    view: TableView | None = None
    """The view that the statement makes, for the statements behind it."""


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A statement without a known translation: the construct that stands in its way, and what to do about it."""

    statement: Statement
    construct: str
    hint: str | None


@dataclass(slots=True)
class Layered:
    """A schema, and over it the views that a script has made."""

    below: SchemaView
    schema: str | None = None
    """PostgreSQL's schema of new views, None where that is not known."""
    views: dict[str, TableView] = field(default_factory=dict)

    @property
    def compat_schema(self) -> str:
        return self.below.compat_schema

    def table(self, source: str, /) -> TableView | None:
        return self.views.get(source.lower()) or self.below.table(source)

    def add(self, view: TableView) -> None:
        self.views[view.source.lower()] = view


_HINTS = {
    "CREATE TABLE": "`pgraduate schema app.db` shows a table's DDL, made from what its columns hold",
    "CREATE INDEX": "`pgraduate schema app.db` shows the DDL of indexes",
    "CREATE UNIQUE INDEX": "`pgraduate schema app.db` shows the DDL of indexes",
    "PRAGMA": "PostgreSQL has no PRAGMA; ask its catalog, or leave it out",
    "BEGIN": "leave transactions to the driver",
    "COMMIT": "leave transactions to the driver",
    "END": "leave transactions to the driver",
    "ROLLBACK": "leave transactions to the driver",
    "ATTACH": "each file becomes a schema of one database: name tables with it",
}


def translate_statement(
    statement: Statement, schema: Layered, *, parameters: tuple[StorageClass, ...] | None = None
) -> Translated:
    """Translate one statement; raise NotTranslated with the construct that has no known meaning in PostgreSQL.

    `parameters` gives the class of the value bound to each parameter, by its number.
    """
    match statement.kind:
        case Kind.QUERY:
            return _shown(statement, translate_query(statement.text, schema, parameters=parameters))
        case Kind.DML:
            return _shown(statement, translate_dml(statement.text, schema, parameters=parameters))
        case Kind.VIEW:
            return _view(statement, schema)
        case Kind.TRIGGER:
            found = translate_trigger(statement.text, schema)
            texts = (found.function, found.trigger)
            return Translated(statement, texts, (), False, found.rules, found.findings, found.uses_compat)
        case Kind.OTHER:
            raise NotTranslated(statement.text, f"the statement {statement.name}", _HINTS.get(statement.name))


def translate_script(
    statements: Iterable[Statement],
    schema: Layered,
    *,
    parameters: tuple[StorageClass, ...] | None = None,
    hint: str | None = None,
) -> tuple[Translated | Untranslated, ...]:
    """Translate statements in their order; a view that one makes is known to those behind it.

    `hint` stands with a refusal that has none of its own.
    """
    return tuple(attempt(statement, schema, parameters=parameters, hint=hint) for statement in statements)


def attempt(
    statement: Statement,
    schema: Layered,
    *,
    parameters: tuple[StorageClass, ...] | None = None,
    hint: str | None = None,
) -> Translated | Untranslated:
    """Translate a statement, or say why not."""
    try:
        found = translate_statement(statement, schema, parameters=parameters)
    except NotTranslated as error:
        return Untranslated(statement, error.construct, error.hint or hint)
    if found.view is not None:
        schema.add(found.view)
    return found


def _shown(statement: Statement, found: Translation) -> Translated:
    return Translated(
        statement,
        (*found.before, found.sql),
        found.columns,
        found.ordered,
        found.rules,
        found.findings,
        found.uses_compat,
        found.parameters,
    )


def _view(statement: Statement, schema: Layered) -> Translated:
    """Translate CREATE VIEW; `IF NOT EXISTS` has a meaning only where it is known whether the view exists."""
    name, conditional = _view_name(statement)
    if schema.table(name) is not None:
        construct = f"CREATE VIEW of {name}, which exists"
        raise NotTranslated(statement.text, construct, "leave it out" if conditional else "drop the view first")
    found = translate_view(statement.text, schema)
    names = [column.name for column in found.columns]
    folded = [fold(column) for column in names]
    if len(set(folded)) != len(folded):
        raise NotTranslated(statement.text, "a view with two columns of one name", "give each an alias")
    view = TableView(
        name,
        schema.schema or "public",
        fold(name),
        tuple(map(_column_of_view, names, folded, found.columns)),
        is_view=True,
    )
    target = qualified(schema.schema, view.target) if schema.schema else quote(view.target)
    text = f"CREATE VIEW {target} ({', '.join(map(quote, folded))}) AS\n{found.sql}"
    return replace(_shown(statement, found), texts=(text,), columns=(), ordered=False, view=view)


def _column_of_view(source: str, target: str, output: OutputColumn) -> ColumnView:
    return ColumnView(
        source,
        target,
        output.type or "text",
        output.affinity or Affinity.BLOB,
        output.representation or Representation(Rule.ANY_TEXT, "NUMERIC"),
        output.collation,
    )


def _view_name(statement: Statement) -> tuple[str, bool]:
    """Read the name, and whether IF NOT EXISTS stands before it."""
    tokens = list(tokenize(statement.text))[1:]
    if tokens[0].is_word("TEMP", "TEMPORARY"):
        raise NotTranslated(statement.text, "a TEMP view", "It lives in one connection only; create it there.")
    tokens = tokens[1:]
    conditional = _starts_with(tokens, "IF", "NOT", "EXISTS")
    if conditional:
        tokens = tokens[3:]
    if len(tokens) > 2 and tokens[1].is_symbol("."):
        if tokens[0].name.lower() != "main":
            raise NotTranslated(statement.text, f"the attached database {tokens[0].name}")
        tokens = tokens[2:]
    if not tokens or not tokens[0].is_name:
        raise NotTranslated(statement.text, "an incomplete CREATE VIEW")
    return tokens[0].name, conditional


def _starts_with(tokens: list[Token], *words: str) -> bool:
    return len(tokens) >= len(words) and all(map(Token.is_word, tokens, words))
