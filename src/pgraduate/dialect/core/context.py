"""What one translation carries along: the schema, what it may use, and what it has noted.

Handlers of single constructs reach the rest of the translator only through this object, so that no module of a
construct imports another one's caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from pgraduate.dialect.core import tree
from pgraduate.dialect.core.kinds import Typed
from pgraduate.dialect.functions import COMPAT, Volatility
from pgraduate.dialect.identifiers import qualified
from pgraduate.dialect.reading.parsing import Parsed
from pgraduate.dialect.schema_view import SchemaView, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.storage import StorageClass

if TYPE_CHECKING:
    from pgraduate.dialect.core.names import OutputShape, Scope


def any_type(schema: SchemaView) -> str:
    """Give the full name of the compat type that holds a value of any storage class."""
    return qualified(schema.compat_schema, "any_value")


@dataclass(slots=True)
class Context:
    """One translation.  `immutable` refuses everything whose result may change between two calls;
    `parameters` gives the class of each bound value, by its number."""

    schema: SchemaView
    parsed: Parsed
    expression: Callable[[exp.Expr, Scope, Context], Typed]
    query: Callable[[exp.Expr, Scope | None, Context], tuple[exp.Expr, OutputShape]]
    immutable: bool = False
    parameters: Sequence[StorageClass] | None = None
    rules: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    uses_compat: bool = False
    reads: list[str] = field(default_factory=list)
    """Lower-case names of the tables and views in FROM, in their order."""
    session: list[str] | None = None
    """The numbers of the connection that are read; None where nothing but a statement of its own may read them."""
    _names: int = 0

    def translate(self, node: exp.Expr, scope: Scope) -> Typed:
        return self.expression(node, scope, self)

    def refused(self, construct: str, hint: str | None = None) -> NotTranslated:
        return NotTranslated(self.parsed.sql, construct, hint)

    def require_utf8(self) -> None:
        """Refuse a construct that turns text into bytes or back where SQLite has others than PostgreSQL."""
        if self.schema.text_encoding != "UTF-8":
            raise self.refused(f"the bytes of a text, which this database stores as {self.schema.text_encoding},")

    def fired(self, rule: str) -> None:
        """Note that a rewrite was needed; each is named once."""
        if rule not in self.rules:
            self.rules.append(rule)

    def table(self, name: str) -> TableView | None:
        """Find a table or view that the statement reads."""
        found = self.schema.table(name)
        if found is not None and name.lower() not in self.reads:
            self.reads.append(name.lower())
        return found

    def find(self, code: str, what: str, hint: str | None = None) -> None:
        finding = Finding(code, Severity.NOTICE, "", what, hint)
        if finding not in self.findings:
            self.findings.append(finding)

    def compat(self, name: str, *arguments: exp.Expr) -> exp.Expr:
        """Call a compat function; its name must stand in the registry."""
        volatility = COMPAT[name]
        self.uses_compat = True
        if volatility is not Volatility.IMMUTABLE:
            self.changes(f"{name}()")
        return tree.call(name, *arguments, schema=self.schema.compat_schema)

    @property
    def any_type(self) -> str:
        """The type of a value whose class depends on the data, with its schema."""
        return any_type(self.schema)

    def changes(self, construct: str) -> None:
        """Refuse a construct whose result may change where only an immutable one may stand."""
        if self.immutable:
            raise self.refused(
                f"{construct}, whose result may change,", "an index or a generated column needs a fixed result"
            )

    def fresh(self, stem: str) -> str:
        """Give a name that no other place of this statement uses."""
        self._names += 1
        return f"_{stem}_{self._names}"
