"""One statement translated in pieces: each expression and query on its own, their notes together.

The grammar of DML and triggers gives clauses as text; a piece is parsed and translated in the scope of its
clause.  The invariant: what any piece fired, found or read is known of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from pgraduate.dialect.api import new_context
from pgraduate.dialect.core import tree
from pgraduate.dialect.core.context import Context
from pgraduate.dialect.core.kinds import Typed
from pgraduate.dialect.core.names import OutputShape, Scope, Source
from pgraduate.dialect.queries.common_tables import with_clause
from pgraduate.dialect.queries.sources import from_clause
from pgraduate.dialect.reading.parsing import Parsed, name_of, parse, parse_expressions
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.values.booleans import condition
from pgraduate.model.finding import Finding
from pgraduate.model.storage import StorageClass


@dataclass(slots=True)
class Pieces:
    """`where` names the statement or trigger in findings; `reads` are lower-case names of tables in queries,
    `columns` pairs of lower-case qualifier and name, `parameters` the class of each bound value."""

    schema: SchemaView
    where: str
    parameters: tuple[StorageClass, ...] | None = None
    rules: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    uses_compat: bool = False
    reads: set[str] = field(default_factory=set)
    columns: set[tuple[str, str]] = field(default_factory=set)
    contexts: list[Context] = field(default_factory=list)
    session: list[str] | None = None
    """The numbers of the connection that are read, None within a trigger, which reads none."""

    def expression(self, text: str, scope: Scope) -> tuple[Typed, Context]:
        """Translate one expression; the context serves what is done with the value next."""
        return self.expressions([text], scope)[0]

    def expressions(self, texts: Sequence[str], scope: Scope) -> list[tuple[Typed, Context]]:
        """Translate several expressions of one clause."""
        contexts = [self._context(parsed) for parsed in parse_expressions(texts)]
        return [(context.translate(context.parsed.tree, scope), context) for context in contexts]

    def condition(self, text: str, scope: Scope) -> str:
        """Translate a condition to the text of a PostgreSQL boolean."""
        value, context = self.expression(text, scope)
        return tree.text_of(condition(value, context))

    def query(self, text: str, scope: Scope) -> tuple[exp.Expr, OutputShape, Context]:
        context = self._context(parse(text))
        node, shape = context.query(context.parsed.tree, scope, context)
        return node, shape, context

    def sources(self, text: str, outer: Scope) -> tuple[str, list[Source]]:
        """Translate what stands behind FROM; give its text and the sources that it makes visible."""
        context = self._context(parse(f"SELECT 1 FROM {text}"))
        select = context.parsed.tree
        if not isinstance(select, exp.Select):
            raise context.refused("a FROM clause that holds more than tables and joins")
        scope = Scope(outer=outer)
        start, joins = from_clause(select, scope, context)
        parts = [tree.text_of(node) for node in (start, *joins) if node is not None]
        return " ".join(part.strip() for part in parts), scope.sources

    def with_clause(self, text: str | None, outer: Scope) -> tuple[str, Scope]:
        """Translate WITH in front of a statement; give its text, a blank behind it, and a scope that has its tables."""
        if text is None:
            return "", outer
        context = self._context(parse(f"{text} SELECT 1"))
        scope = Scope(outer=outer)
        node = with_clause(context.parsed.tree, scope, context)
        assert node is not None
        return f"{tree.text_of(node).strip()} ", scope

    def fired(self, rule: str) -> None:
        if rule not in self.rules:
            self.rules.append(rule)

    def tables_read(self) -> tuple[str, ...]:
        """Give the lower-case names of the tables and views that queries within the statement read."""
        return tuple(dict.fromkeys(name for context in self.contexts for name in context.reads))

    def gathered(self) -> tuple[tuple[str, ...], tuple[Finding, ...], bool]:
        """Give the rules, the findings with their place, and whether a compat function is called."""
        for context in self.contexts:
            for rule in context.rules:
                self.fired(rule)
            for found in context.findings:
                placed = replace(found, where=found.where or self.where)
                if placed not in self.findings:
                    self.findings.append(placed)
            self.uses_compat = self.uses_compat or context.uses_compat
        return tuple(self.rules), tuple(self.findings), self.uses_compat

    def _context(self, parsed: Parsed) -> Context:
        self.reads.update(name_of(table.this).lower() for table in parsed.tree.find_all(exp.Table))
        for column in parsed.tree.find_all(exp.Column):
            qualifier = column.args.get("table")
            self.columns.add((name_of(qualifier).lower() if qualifier else "", name_of(column.this).lower()))
        context = new_context(parsed, self.schema, parameters=self.parameters)
        context.session = self.session
        self.contexts.append(context)
        return context
