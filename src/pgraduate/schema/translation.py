"""The dialect, asked on behalf of a schema plan.

Every translation's findings and its need of the compat functions are noted on the docket.  A text that is not
translated raises `NotTranslated`, and whoever asked turns that into an object that is not carried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from pgraduate.dialect.schema_view import ColumnView, TableView
from pgraduate.dialect.translation import Translation, TriggerTranslation
from pgraduate.errors import NotTranslated
from pgraduate.schema.docket import Docket
from pgraduate.schema.view import PlanView

Purpose = Literal["check", "index", "predicate"]


@dataclass(slots=True)
class Translator:
    view: PlanView
    docket: Docket

    def expression(self, sql: str, table: str, purpose: Purpose) -> str:
        """Translate an expression over one table's columns."""
        from pgraduate.dialect import translate_expression

        found = translate_expression(sql, self.view, self.view.table(table), purpose=purpose)
        return self._noted(found, table).sql

    def generated(self, sql: str, table: str, column: str) -> str:
        """Translate what computes a column to what the column holds of it, by its affinity and in its type."""
        from pgraduate.dialect import translate_expression

        shown = self._shown(sql, table, column)
        found = translate_expression(sql, self.view, self.view.table(table), purpose="generated", stored_in=shown)
        return self._noted(found, f"{table}.{column}").sql

    def default(self, sql: str, table: str, column: str) -> str:
        """Translate a column's default for the type that the column has in PostgreSQL."""
        from pgraduate.dialect import translate_default

        shown = self._shown(sql, table, column)
        return self._noted(translate_default(sql, shown, self.view), f"{table}.{column}").sql

    def _shown(self, sql: str, table: str, column: str) -> ColumnView:
        view = self.view.table(table)
        shown = view.column(column) if view is not None else None
        if shown is None:
            raise NotTranslated(sql, f"an expression of the unknown column {column}")
        return shown

    def query(self, name: str, sql: str) -> Translation:
        """Translate the query of a CREATE VIEW."""
        from pgraduate.dialect import translate_view

        return self._noted(translate_view(sql, self.view), name)

    def trigger(self, name: str, sql: str, target: str) -> TriggerTranslation:
        """Translate a CREATE TRIGGER to a function and a trigger that are both called `target`."""
        from pgraduate.dialect import translate_trigger

        found = translate_trigger(sql, self.view, name=target)
        self._note(name, found)
        return found

    def show(self, table: TableView) -> None:
        """Let later translations read a view."""
        self.view.add(table)

    def _noted(self, found: Translation, where: str) -> Translation:
        self._note(where, found)
        return found

    def _note(self, where: str, found: Translation | TriggerTranslation) -> None:
        self.docket.compat |= found.uses_compat
        self.docket.findings += [
            finding if finding.where else replace(finding, where=where) for finding in found.findings
        ]


def why(error: NotTranslated) -> str:
    """Say in one sentence why something is not translated."""
    return f"{error.what}; {error.hint}" if error.hint else error.what
