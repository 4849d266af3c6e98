"""Control of transactions, as data for the driver and as text."""

from __future__ import annotations

import pytest

from pgraduate.dialect import parse_transaction, translate_transaction
from pgraduate.dialect.transactions import Control, Mode, Verb
from pgraduate.dialect.translation import StatementKind
from pgraduate.errors import NotTranslated


@pytest.mark.parametrize(
    ("sql", "control"),
    [
        ("BEGIN", Control(Verb.BEGIN)),
        ("begin transaction;", Control(Verb.BEGIN)),
        ("BEGIN IMMEDIATE", Control(Verb.BEGIN, Mode.IMMEDIATE)),
        ("BEGIN EXCLUSIVE TRANSACTION", Control(Verb.BEGIN, Mode.EXCLUSIVE)),
        ("END TRANSACTION", Control(Verb.COMMIT)),
        ("ROLLBACK", Control(Verb.ROLLBACK)),
        ('SAVEPOINT "Sp One"', Control(Verb.SAVEPOINT, savepoint="sp one")),
        ("RELEASE SAVEPOINT s", Control(Verb.RELEASE, savepoint="s")),
        ("ROLLBACK TRANSACTION TO SAVEPOINT S", Control(Verb.ROLLBACK_TO, savepoint="s")),
    ],
)
def test_a_statement_says_what_it_asks_of_the_driver(sql: str, control: Control) -> None:
    assert parse_transaction(sql) == control
    assert translate_transaction(sql).kind is StatementKind.TRANSACTION


@pytest.mark.parametrize("sql", ["SAVEPOINT", "BEGIN NOW", "COMMIT AND CHAIN", "SELECT 1", "RELEASE a b"])
def test_what_sqlite_does_not_know_is_refused(sql: str) -> None:
    with pytest.raises(NotTranslated):
        parse_transaction(sql)


def test_only_what_ends_something_needs_a_transaction() -> None:
    assert [verb for verb in Verb if not Control(verb).needs_transaction] == [Verb.BEGIN, Verb.SAVEPOINT]
