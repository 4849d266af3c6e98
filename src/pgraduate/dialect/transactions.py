"""BEGIN, COMMIT, ROLLBACK, SAVEPOINT and RELEASE: what a statement asks of the driver that keeps the transaction.

Whether a transaction is open is known to the connection alone, so the statement comes out as data (`Control`) beside
its text.  A transaction is SERIALIZABLE, because SQLite's is; that IMMEDIATE and EXCLUSIVE keep other writers out from
the first moment is a lock that the driver takes.

Source: "Transaction" and "Savepoints" of SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pgraduate.dialect.identifiers import fold, quote
from pgraduate.dialect.reading.tokens import Token, tokenize
from pgraduate.dialect.translation import StatementKind, Translation
from pgraduate.errors import NotTranslated
from pgraduate.model.finding import Finding, Severity


class Verb(StrEnum):
    BEGIN = "BEGIN"
    COMMIT = "COMMIT"
    ROLLBACK = "ROLLBACK"
    SAVEPOINT = "SAVEPOINT"
    RELEASE = "RELEASE"
    ROLLBACK_TO = "ROLLBACK TO"


class Mode(StrEnum):
    """How a transaction begins: a writer at its first write, or from the first moment."""

    DEFERRED = "DEFERRED"
    IMMEDIATE = "IMMEDIATE"
    EXCLUSIVE = "EXCLUSIVE"


@dataclass(frozen=True, slots=True)
class Control:
    """`savepoint` is the folded name of a savepoint, '' for none; names of savepoints know no case in SQLite."""

    verb: Verb
    mode: Mode = Mode.DEFERRED
    savepoint: str = ""

    @property
    def needs_transaction(self) -> bool:
        """Whether SQLite refuses it while no transaction is open; BEGIN it refuses while one is.

        A SAVEPOINT begins a transaction where none is open, which the RELEASE of the same savepoint commits.
        """
        return self.verb not in (Verb.BEGIN, Verb.SAVEPOINT)


def parse_transaction(sql: str) -> Control:
    """Read a statement of transaction control; raise NotTranslated for any other."""
    tokens = [token for token in tokenize(sql) if not token.is_symbol(";")]
    words = [token.text.upper() for token in tokens]
    match words:
        case ["BEGIN"] | ["BEGIN", "TRANSACTION"]:
            return Control(Verb.BEGIN)
        case ["BEGIN", ("DEFERRED" | "IMMEDIATE" | "EXCLUSIVE") as mode, *rest] if rest in ([], ["TRANSACTION"]):
            return Control(Verb.BEGIN, Mode(mode))
        case [("COMMIT" | "END")] | [("COMMIT" | "END"), "TRANSACTION"]:
            return Control(Verb.COMMIT)
        case ["ROLLBACK"] | ["ROLLBACK", "TRANSACTION"]:
            return Control(Verb.ROLLBACK)
        case ["ROLLBACK", "TO", *_] | ["ROLLBACK", "TRANSACTION", "TO", *_]:
            place = words.index("TO") + 1
            return Control(Verb.ROLLBACK_TO, savepoint=_savepoint(sql, tokens[place:]))
        case [("SAVEPOINT" | "RELEASE") as verb, *_]:
            return Control(Verb(verb), savepoint=_savepoint(sql, tokens[1:], may_say=verb == "RELEASE"))
    raise NotTranslated(sql, f"the statement {words[0] if words else ''}".strip())


def translate_transaction(sql: str) -> Translation:
    """Translate a statement of transaction control; `parse_transaction` says what it asks of the driver."""
    control = parse_transaction(sql)
    findings: tuple[Finding, ...] = ()
    if control.mode is not Mode.DEFERRED:
        what = (
            f"BEGIN {control.mode} keeps other writers out from this moment; in PostgreSQL the driver takes a lock."
        )
        findings = (Finding("WRITERS_KEPT_OUT", Severity.NOTICE, "", what),)
    return Translation(_TEXTS[control.verb] + _name(control), findings=findings, kind=StatementKind.TRANSACTION)


_TEXTS = {
    Verb.BEGIN: "BEGIN ISOLATION LEVEL SERIALIZABLE", Verb.COMMIT: "COMMIT", Verb.ROLLBACK: "ROLLBACK",
    Verb.SAVEPOINT: "SAVEPOINT", Verb.RELEASE: "RELEASE SAVEPOINT", Verb.ROLLBACK_TO: "ROLLBACK TO SAVEPOINT",
}  # fmt: skip


def _name(control: Control) -> str:
    return f" {quote(control.savepoint)}" if control.savepoint else ""


def _savepoint(sql: str, tokens: Sequence[Token], *, may_say: bool = True) -> str:
    """Read the name of a savepoint, behind the word SAVEPOINT where that may stand."""
    if may_say and len(tokens) == 2 and tokens[0].is_word("SAVEPOINT"):
        tokens = tokens[1:]
    if len(tokens) != 1 or not tokens[0].is_name:
        raise NotTranslated(sql, "a savepoint without a name")
    return fold(tokens[0].name)
