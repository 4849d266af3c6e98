"""CREATE TRIGGER: a plpgsql function and the trigger that calls it.

SQLite does not fire a trigger again while its own body runs, however deep (recursive_triggers is off); PostgreSQL
would.  A setting local to the transaction marks a running body: the trigger's WHEN clause looks at it, the function
sets it first and clears it last, and an error takes it back together with the statement or savepoint that failed.
The invariant: names in the function are qualified and its search_path is fixed, so that it means the same for
every caller and after a dump and restore.

Source: "CREATE TRIGGER" of SQLite; OP_Program in vdbe.c for the recursion rule.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial

from pgraduate.dialect.core.names import Scope, Source, source_of_table
from pgraduate.dialect.identifiers import fold, literal, qualified, quote
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import SchemaView, TableView
from pgraduate.dialect.translation import TriggerTranslation
from pgraduate.dialect.triggers.body import INDENT, Body, if_then
from pgraduate.dialect.triggers.findings import Evidence, refuse_change_of_own_row
from pgraduate.dialect.triggers.last_number import DECLARATION, SOURCE, VARIABLE, asks_for_number
from pgraduate.dialect.triggers.parser import Event, Timing, TriggerDefinition, parse_trigger
from pgraduate.dialect.writing.pieces import Pieces
from pgraduate.dialect.writing.targets import by_qualifier_only, column_of
from pgraduate.errors import NotTranslated


def translate_trigger(sql: str, schema: SchemaView, *, name: str | None = None) -> TriggerTranslation:
    """Translate one CREATE TRIGGER statement; `name` is the target name where it is not the folded source name.

    The function gets the trigger's name and stands in the schema of its table.  Raises NotTranslated for every
    statement and expression that has no known translation, for TEMP triggers, for UPDATE OF on a view, and for a
    BEFORE trigger that changes the row it runs for.
    """
    definition = parse_trigger(sql)
    table = schema.table(definition.table)
    if table is None:
        raise NotTranslated(sql, f"a trigger on {definition.table}, which the schema does not hold,")
    _check_timing(definition, table)
    pieces = Pieces(schema, definition.name)
    try:
        return _Translator(sql, definition, table, pieces, name or fold(definition.name)).result()
    except NotTranslated as error:
        # A piece names itself; what is not translated is the whole trigger.
        raise NotTranslated(sql, error.construct, error.hint) from error


def _check_timing(definition: TriggerDefinition, table: TableView) -> None:
    instead = definition.timing is Timing.INSTEAD_OF
    if instead is not table.is_view:
        raise NotTranslated(definition.name, f"a trigger {definition.timing} on {table.source}")
    if instead and definition.columns:
        raise NotTranslated(
            definition.name,
            "UPDATE OF on a view",
            "PostgreSQL's INSTEAD OF triggers have no column list; compare OLD with NEW in WHEN.",
        )


class _Translator:
    """Builds the texts of one trigger; `guard` is the setting that marks its running body."""

    def __init__(
        self, sql: str, definition: TriggerDefinition, table: TableView, pieces: Pieces, name: str
    ) -> None:
        self.sql = sql
        self.definition = definition
        self.table = table
        self.pieces = pieces
        self.name = name
        digest = hashlib.sha256(f"{table.schema}.{name}".encode()).hexdigest()[:16]
        self.guard = f"pgraduate.guard_{digest}"

    def result(self) -> TriggerTranslation:
        scope = _rows(self.definition, self.table)
        guarded = any(not tokenize(text)[0].is_word("SELECT", "VALUES") for text in self.definition.statements)
        asks = any(asks_for_number(text) for text in self.definition.statements)
        if asks:
            scope.sources.append(SOURCE)
        leave = partial(self._leave, guarded, ignored=True)
        body = Body(self.definition, self.table, self.pieces, scope, leave, asks=asks)
        when = self.pieces.condition(self.definition.when, scope) if self.definition.when is not None else None
        lines = [line for text in self.definition.statements for line in body.lines(text)]
        for statement in body.statements:
            refuse_change_of_own_row(self.definition, self.table, statement)
        if guarded:
            self.pieces.fired("recursion guard")
        in_clause = when if when is not None and self._fits_clause(self.definition.when or "") else None
        function = self._function(lines, guarded, None if in_clause is not None else when)
        rules, findings, uses_compat = self.pieces.gathered()
        evidence = Evidence(
            self.definition,
            self.table,
            tuple(body.statements),
            tuple(body.raises),
            frozenset(self.pieces.reads),
            frozenset(self.pieces.columns),
        )
        drop = (
            f"DROP TRIGGER {quote(self.name)} ON {qualified(self.table.schema, self.table.target)}",
            f"DROP FUNCTION {qualified(self.table.schema, self.name)}()",
        )
        return TriggerTranslation(
            function, self._trigger(in_clause, guarded), drop, rules, (*findings, *evidence.findings()), uses_compat
        )

    def _fits_clause(self, when: str) -> bool:
        """Say whether the condition may stand in the WHEN clause, which spares the call where it does not hold.

        The clause takes no subquery, none for INSTEAD OF, and before the change no generated column.
        """
        if self.definition.timing is Timing.INSTEAD_OF or any(t.is_word("SELECT") for t in tokenize(when)):
            return False
        return self.definition.timing is Timing.AFTER or not any(column.generated for column in self.table.columns)

    def _function(self, lines: list[str], guarded: bool, when: str | None) -> str:
        if when is not None:
            lines = if_then(when, lines)
        enter = [f"PERFORM set_config({literal(self.guard)}, 'on', true);"] if guarded else []
        if guarded and self.definition.timing is Timing.INSTEAD_OF:
            running = f"current_setting({literal(self.guard)}, true) = 'on'"
            enter = [*if_then(running, [f"RETURN {self._row()};"]), *enter]
        body = "\n".join(INDENT + line for line in [*enter, *lines, *self._leave(guarded, ignored=False)])
        tag = "$pgraduate$"
        while tag in body:
            tag = tag[:-1] + "_$"
        return (
            f"CREATE FUNCTION {qualified(self.table.schema, self.name)}() RETURNS trigger\n"
            "LANGUAGE plpgsql\n"
            "SET search_path = pg_catalog, pg_temp\n"
            f"AS {tag}\n"
            # A column wins over plpgsql's own variables, such as FOUND.
            "#variable_conflict use_column\n"
            f"{DECLARATION if 'INTO ' + VARIABLE in body else ''}"
            f"BEGIN\n{body}\nEND\n{tag}"
        )

    def _leave(self, guarded: bool, *, ignored: bool) -> list[str]:
        clear = [f"PERFORM set_config({literal(self.guard)}, '', true);"] if guarded else []
        return [*clear, f"RETURN {'NULL' if ignored else self._row()};"]

    def _row(self) -> str:
        """Name what the function returns so that the change goes on."""
        if self.definition.timing is Timing.AFTER:
            return "NULL"
        return "OLD" if self.definition.event is Event.DELETE else "NEW"

    def _trigger(self, when: str | None, guarded: bool) -> str:
        columns = ", ".join(quote(column_of(self.table, name, self.sql).target) for name in self.definition.columns)
        event = f"{self.definition.event} OF {columns}" if columns else str(self.definition.event)
        conditions = [f"({when})"] if when is not None else []
        if guarded and self.definition.timing is not Timing.INSTEAD_OF:
            running = f"pg_catalog.current_setting({literal(self.guard)}, true)"
            conditions.insert(0, f"{running} IS DISTINCT FROM 'on'")
        clause = f"WHEN ({' AND '.join(conditions)})\n" if conditions else ""
        return (
            f"CREATE TRIGGER {quote(self.name)}\n"
            f"{self.definition.timing} {event} ON {qualified(self.table.schema, self.table.target)}\n"
            f"FOR EACH ROW\n{clause}"
            f"EXECUTE FUNCTION {qualified(self.table.schema, self.name)}()"
        )


def _rows(definition: TriggerDefinition, table: TableView) -> Scope:
    """Make the scope of NEW and OLD, as far as the event has them."""
    names = {Event.INSERT: ("new",), Event.UPDATE: ("new", "old"), Event.DELETE: ("old",)}[definition.event]
    return Scope([_row_variable(table, name, definition) for name in names])


def _row_variable(table: TableView, name: str, definition: TriggerDefinition) -> Source:
    """Make NEW or OLD a source; behind AFTER the rowid is never NULL."""
    source = by_qualifier_only(source_of_table(table, name, name))
    if table.rowid_alias is None or definition.timing is Timing.INSTEAD_OF:
        return source
    alias = table.rowid_alias.lower()
    columns = tuple(
        replace(column, value=replace(column.value, not_null=True)) if column.name.lower() == alias else column
        for column in source.columns
    )
    return replace(source, columns=columns)
