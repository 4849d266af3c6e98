"""One SQLite statement as PostgreSQL: its texts in the order in which they run, and what there is to say of them.

Queries, INSERT, UPDATE and DELETE, definitions, PRAGMA and the control of transactions are translated by the dialect;
everything else is refused by its name.  The invariant: a statement is either translated whole or listed as refused,
never skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pgraduate.dialect import (
    translate_ddl,
    translate_dml,
    translate_pragma,
    translate_query,
    translate_transaction,
    translate_trigger,
    translate_view,
)
from pgraduate.dialect.identifiers import fold, qualified, quote
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import ColumnView, Release, SchemaView, TableView
from pgraduate.dialect.translation import OutputColumn, Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity, StorageClass
from pgraduate.translate.absent import is_conditional, unless_there
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
    """The table or view as it is afterwards, where the statement makes or changes it, for the statements behind it."""
    session: tuple[str, ...] = ()
    """The numbers of the connection that it reads; see `Translation.session`."""
    removes: str = ""
    """The lower-case name of a table or view that is gone afterwards."""


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A statement without a known translation: the construct that stands in its way, and what to do about it."""

    statement: Statement
    construct: str
    hint: str | None


@dataclass(slots=True)
class Layered:
    """A schema, and over it what a script has made, changed and removed."""

    below: SchemaView
    schema: str | None = None
    """PostgreSQL's schema of new views, None where that is not known."""
    views: dict[str, TableView] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    is_redefined: bool = False
    """Some definition has run: what SQLite's catalog said of the file before is no longer known to hold."""

    @property
    def compat_schema(self) -> str:
        return self.below.compat_schema

    @property
    def target_schema(self) -> str | None:
        return self.schema

    @property
    def text_encoding(self) -> str:
        return self.below.text_encoding

    @property
    def release(self) -> Release | None:
        return self.below.release

    @property
    def tables(self) -> Mapping[str, TableView]:
        below = {name: table for name, table in self.below.tables.items() if name not in self.gone}
        return {name: self._shown(table) for name, table in (below | self.views).items()}

    def table(self, source: str, /) -> TableView | None:
        name = source.lower()
        found = self.views.get(name) or (self.below.table(source) if name not in self.gone else None)
        return self._shown(found) if found is not None else None

    def _shown(self, table: TableView) -> TableView:
        return replace(table, declared=None) if self.is_redefined and table.declared is not None else table

    def add(self, view: TableView) -> None:
        self.views[view.source.lower()] = view

    def remove(self, name: str) -> None:
        self.views.pop(name, None)
        self.gone.add(name)


_HINTS = {
    "ATTACH": "each file becomes a schema of one database: name tables with it",
}


_DEFINITIONS = ("CREATE", "ALTER", "DROP", "VACUUM", "ANALYZE", "REINDEX")


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
            return _trigger(statement, schema)
        case Kind.PRAGMA:
            return _shown(statement, translate_pragma(statement.text, schema))
        case Kind.TRANSACTION:
            return _shown(statement, translate_transaction(statement.text))
        case Kind.OTHER if statement.name.split()[0] in _DEFINITIONS:
            found_ddl = translate_ddl(statement.text, schema, into=schema.schema or "public")
            shown = _shown(statement, found_ddl)
            return replace(shown, view=found_ddl.makes, removes=found_ddl.removes)
        case Kind.OTHER:
            raise NotTranslated(statement.text, f"the statement {statement.name}", _HINTS.get(statement.name))


def translate_script(
    statements: Iterable[Statement | Untranslated],
    schema: Layered,
    *,
    parameters: tuple[StorageClass, ...] | None = None,
    hint: str | None = None,
) -> tuple[Translated | Untranslated, ...]:
    """Translate statements in their order; a view that one makes is known to those behind it.

    What is refused already stays so.  `hint` stands with an unknown table or column.
    """
    return tuple(
        item if isinstance(item, Untranslated) else attempt(item, schema, parameters=parameters, hint=hint)
        for item in statements
    )


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
        unknown = error.construct.startswith("the unknown ") or "the schema does not hold" in error.construct
        return Untranslated(statement, error.construct, error.hint or (hint if unknown else None))
    if statement.kind in (Kind.VIEW, Kind.TRIGGER) or statement.name.split()[0] in ("CREATE", "ALTER", "DROP"):
        schema.is_redefined = True
    if found.removes:
        schema.remove(found.removes)
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
        session=found.session,
    )


def _trigger(statement: Statement, schema: Layered) -> Translated:
    found = translate_trigger(statement.text, schema)
    texts: tuple[str, ...] = (found.function, found.trigger)
    if is_conditional(tokenize(statement.text)):
        function = found.drop[-1].removeprefix("DROP FUNCTION ")
        texts = (unless_there("procedure", function, texts),)
    return Translated(statement, texts, (), False, found.rules, found.findings, found.uses_compat)


def _view(statement: Statement, schema: Layered) -> Translated:
    """Translate CREATE VIEW; with `IF NOT EXISTS` the one that is known stays what it is."""
    name, conditional, temporary = _view_name(statement)
    into = "pg_temp" if temporary else schema.schema
    known = schema.table(name)
    if known is not None and not conditional:
        raise NotTranslated(statement.text, f"CREATE VIEW of {name}, which exists", "drop the view first")
    found = translate_view(statement.text, schema)
    names = [column.name for column in found.columns]
    folded = [fold(column) for column in names]
    if len(set(folded)) != len(folded):
        raise NotTranslated(statement.text, "a view with two columns of one name", "give each an alias")
    view = TableView(
        name,
        into or "public",
        fold(name),
        tuple(map(_column_of_view, names, folded, found.columns)),
        is_view=True,
    )
    target = qualified(into, view.target) if into else quote(view.target)
    verb = "CREATE TEMPORARY VIEW" if temporary else "CREATE VIEW"
    text = f"{verb} {target} ({', '.join(map(quote, folded))}) AS\n{found.sql}"
    if conditional:
        text = unless_there("class", target, [text])
    return replace(_shown(statement, found), texts=(text,), columns=(), ordered=False, view=known or view)


def _column_of_view(source: str, target: str, output: OutputColumn) -> ColumnView:
    return ColumnView(
        source,
        target,
        output.type or "text",
        output.affinity or Affinity.BLOB,
        output.representation or Representation(Rule.ANY_TEXT, "NUMERIC"),
        output.collation,
    )


def _view_name(statement: Statement) -> tuple[str, bool, bool]:
    """Read the name, whether IF NOT EXISTS stands before it, and whether the view is temporary."""
    tokens = list(tokenize(statement.text))[1:]
    temporary = tokens[0].is_word("TEMP", "TEMPORARY")
    tokens = tokens[2:] if temporary else tokens[1:]
    conditional = is_conditional(tokenize(statement.text))
    if conditional:
        tokens = tokens[3:]
    if len(tokens) > 2 and tokens[1].is_symbol("."):
        if tokens[0].name.lower() != ("temp" if temporary else "main"):
            raise NotTranslated(statement.text, f"the attached database {tokens[0].name}")
        tokens = tokens[2:]
    if not tokens or not tokens[0].is_name:
        raise NotTranslated(statement.text, "an incomplete CREATE VIEW")
    return tokens[0].name, conditional, temporary
