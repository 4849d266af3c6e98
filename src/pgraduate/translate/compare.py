"""One statement on both engines, over the same data: is there anything by which an application could tell them apart?

Compared are the failure, the columns' names, values, storage classes, the order where the statement asks for one,
and for a statement that writes, every table afterwards.  The invariant: unless a sequence of statements is asked
for, both sides are behind each statement what they were before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import apsw
import psycopg

from pgraduate.compare.answers import Answer
from pgraduate.compare.source import SourceRows
from pgraduate.compare.statements import Aspect, Difference, difference, unmatched
from pgraduate.compare.target import TargetRows
from pgraduate.dialect.schema_view import SchemaView
from pgraduate.dialect.transactions import parse_transaction
from pgraduate.model.cell import Cells
from pgraduate.model.plan import SchemaPlan, TablePlan
from pgraduate.translate import lite, post
from pgraduate.translate.control import Transactions
from pgraduate.translate.lite import Value
from pgraduate.translate.statements import Kind, Statement
from pgraduate.translate.ties import only_ties
from pgraduate.translate.translating import Layered, Translated, Untranslated, attempt


class Outcome(StrEnum):
    IDENTICAL = "identical"
    NOT_TRANSLATED = "not translated"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`found` is the translation or the refusal; `difference` stands there exactly where the outcome is different.

    The answers stand there where the statement ran.
    """

    found: Translated | Untranslated
    outcome: Outcome
    difference: Difference | None = None
    sqlite: Answer | None = None
    postgres: Answer | None = None


class Twins:
    """The same data in both engines.

    With `sequence` each statement meets what those before it left, else the data as they were loaded.  `plan` names
    the tables on both sides and `schema` shows them to the translator.
    """

    def __init__(
        self,
        sqlite: apsw.Connection,
        postgres: psycopg.Connection,
        plan: SchemaPlan,
        schema: SchemaView,
        *,
        sequence: bool = False,
        show_values: bool = False,
    ) -> None:
        self._sqlite = sqlite
        self._postgres = postgres
        self._plan = plan
        self._schema = Layered(schema, plan.schema)
        self._sequence = sequence
        self._show_values = show_values
        self._changed: set[str] = set()
        self._sequences = post.Sequences.of(postgres, plan.schema)
        self._transactions = Transactions(postgres)

    def compare(self, statement: Statement, values: Sequence[Value] = ()) -> Comparison:
        """Run one statement with its parameters' values on both sides and say what differs.

        One that is not translated changes neither side, so that both keep the same data; where SQLite refuses it,
        too, an application meets a failure on both sides, which counts as identical.
        """
        schema = self._schema if self._sequence else Layered(self._schema, self._plan.schema)
        found = attempt(statement, schema, parameters=lite.classes_of(values) if values else None)
        if isinstance(found, Untranslated):
            refusal = lite.refusal(
                self._sqlite, statement.text, values, run=statement.kind in (Kind.QUERY, Kind.DML)
            )
            outcome = Outcome.IDENTICAL if refusal is not None else Outcome.NOT_TRANSLATED
            return Comparison(found, outcome, sqlite=Answer(failure=refusal) if refusal else None)
        if statement.kind is Kind.TRANSACTION:
            return self._controlled(statement, found)
        self._note_changes(found)
        reads = statement.kind is Kind.QUERY
        sequences = post.NONE if reads else self._sequences
        with (
            lite.taken_back(self._sqlite, statement.text, keep=self._sequence),
            post.taken_back(self._postgres, sequences, keep=self._sequence),
        ):
            if not self._sequence:
                post.give_numbers(self._postgres, lite.numbers(self._sqlite), found.session)
            sqlite = lite.answer(self._sqlite, statement.text, values)
            postgres = post.answer(self._postgres, found, values)
            differs = difference(sqlite, postgres, ordered=found.ordered, show_values=self._show_values)
            if differs is not None and differs.aspect is Aspect.ORDER:
                differs = None if self._only_ties(statement, values, sqlite, postgres) else differs
            if differs is None and not reads:
                differs = self._state()
        outcome = Outcome.DIFFERENT if differs else Outcome.IDENTICAL
        return Comparison(found, outcome, differs, sqlite, postgres)

    def _controlled(self, statement: Statement, found: Translated) -> Comparison:
        sqlite = lite.answer(self._sqlite, statement.text)
        postgres = self._transactions.run(parse_transaction(statement.text), found.texts[-1])
        if not self._sequence:
            self.end()
        differs = difference(sqlite, postgres, ordered=False, show_values=self._show_values)
        return Comparison(found, Outcome.DIFFERENT if differs else Outcome.IDENTICAL, differs, sqlite, postgres)

    def end(self) -> None:
        """Take back on both sides the transaction that a statement has left open."""
        lite.end(self._sqlite)
        self._transactions.end()

    def _note_changes(self, found: Translated) -> None:
        """Leave tables whose definition changes out of the comparison of states, as long as the change stays."""
        if not self._sequence:
            self._changed.clear()
        changed = {found.removes, found.view.source.lower() if found.view is not None else ""}
        self._changed.update(changed if found.statement.kind is Kind.OTHER else ())

    def _only_ties(self, statement: Statement, values: Sequence[Value], sqlite: Answer, postgres: Answer) -> bool:
        return only_ties(statement.text, sqlite, postgres, lambda sql: lite.answer(self._sqlite, sql, values))

    def _state(self) -> Difference | None:
        """Compare all tables; name the first that differs, and how many do."""
        tables = [table for table in self._plan.tables if table.source.lower() not in self._changed]
        found = [(table, *differing) for table in tables if (differing := self._table(table))]
        if not found:
            return None
        table, left, right = found[0]
        more = f", and {len(found) - 1} more tables" if len(found) > 1 else ""
        what = (
            f"table {table.source} holds {len(left)} rows in SQLite and {len(right)} in PostgreSQL that the other "
            f"has not{more}"
        )
        shown = (repr(left[:3]), repr(right[:3])) if self._show_values else ("", "")
        return Difference(Aspect.STATE, what, *shown)

    def _table(self, table: TablePlan) -> tuple[Sequence[Cells], Sequence[Cells]] | None:
        left, right = unmatched(
            list(SourceRows(self._sqlite, table).cells()), list(TargetRows(self._postgres, table).cells())
        )
        return (left, right) if left or right else None
