"""Transactions as sqlite3 opens, commits and loses them."""

from __future__ import annotations

import sqlite3
import sys

import pytest
from support.engines import Connect


def names(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT name FROM item ORDER BY id")]


ADD = "INSERT INTO item (name) VALUES (?)"


def test_only_a_write_opens_a_transaction(db: sqlite3.Connection) -> None:
    assert not db.in_transaction
    db.execute("SELECT * FROM item").fetchall()
    assert not db.in_transaction
    db.execute(ADD, ("a",))
    assert db.in_transaction
    db.commit()
    assert not db.in_transaction


@pytest.mark.parametrize("statement", ["CREATE TABLE other (a)", "PRAGMA user_version", "SELECT 1"])
def test_what_is_no_write_of_rows_opens_none(db: sqlite3.Connection, statement: str) -> None:
    db.execute(statement)
    assert not db.in_transaction


def test_a_write_is_seen_by_its_own_connection_alone_until_commit(db: sqlite3.Connection, connect: Connect) -> None:
    other = connect()
    db.execute(ADD, ("a",))
    assert (len(names(db)), len(names(other))) == (4, 3)
    db.commit()
    assert len(names(other)) == 4


def test_rollback(db: sqlite3.Connection) -> None:
    db.execute(ADD, ("a",))
    db.rollback()
    assert (names(db), db.in_transaction) == (["pen", "ink", "paper"], False)


def test_commit_and_rollback_without_a_transaction_do_nothing(db: sqlite3.Connection) -> None:
    before = names(db)
    db.commit()
    db.rollback()
    assert (names(db), db.in_transaction) == (before, False)


def test_ddl_in_a_transaction_is_rolled_back(db: sqlite3.Connection) -> None:
    db.execute(ADD, ("a",))
    db.execute("CREATE TABLE other (a)")
    db.rollback()
    with pytest.raises(sqlite3.OperationalError, match="no such table: other"):
        db.execute("SELECT * FROM other")


def test_a_with_block_commits_and_stays_open(db: sqlite3.Connection, connect: Connect) -> None:
    with db as same:
        assert same is db
        db.execute(ADD, ("a",))
    assert len(names(connect())) == 4
    assert db.execute("SELECT 1").fetchone() == (1,)


def test_a_with_block_that_fails_rolls_back(db: sqlite3.Connection) -> None:
    def fail() -> None:
        with db:
            db.execute(ADD, ("a",))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (len(names(db)), db.in_transaction) == (3, False)


def test_a_failed_statement_takes_only_itself_back(db: sqlite3.Connection) -> None:
    db.execute(ADD, ("a",))
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO item (name) VALUES ('b'), ('pen')")
    with pytest.raises(sqlite3.OperationalError):
        db.execute("SELECT * FROM absent")
    db.execute(ADD, ("c",))
    db.commit()
    assert names(db) == ["pen", "ink", "paper", "a", "c"]


def test_a_failed_first_statement_leaves_the_transaction_open(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(ADD, ("pen",))
    assert db.in_transaction
    db.execute(ADD, ("a",))
    db.commit()
    assert len(names(db)) == 4


def test_executescript_commits_first(db: sqlite3.Connection, connect: Connect) -> None:
    db.execute(ADD, ("a",))
    db.executescript("SELECT 1")
    assert not db.in_transaction
    assert len(names(connect())) == 4


def test_a_script_may_hold_a_transaction(db: sqlite3.Connection) -> None:
    db.executescript("BEGIN; INSERT INTO item (name) VALUES ('a'); ROLLBACK; INSERT INTO item (name) VALUES ('b');")
    assert names(db) == ["pen", "ink", "paper", "b"]


def test_a_script_that_fails_keeps_what_ran_before(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        db.executescript("INSERT INTO item (name) VALUES ('a'); INSERT INTO item (name) VALUES ('pen'); SELECT 1;")
    assert names(db) == ["pen", "ink", "paper", "a"]


def test_isolation_level_none_leaves_transactions_to_the_application(
    connect: Connect, db: sqlite3.Connection
) -> None:
    own = connect(isolation_level=None)
    own.execute(ADD, ("a",))
    assert not own.in_transaction
    own.execute("BEGIN")
    assert own.in_transaction
    own.execute(ADD, ("b",))
    own.execute("ROLLBACK")
    assert (names(db), own.in_transaction) == (["pen", "ink", "paper", "a"], False)


def test_setting_isolation_level_none_commits(db: sqlite3.Connection, connect: Connect) -> None:
    db.execute(ADD, ("a",))
    db.isolation_level = None
    assert not db.in_transaction
    assert len(names(connect())) == 4


@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN DEFERRED", "BEGIN IMMEDIATE TRANSACTION", "begin exclusive"])
@pytest.mark.parametrize("end", ["COMMIT", "END TRANSACTION", "ROLLBACK"])
def test_transactions_by_statement(db: sqlite3.Connection, begin: str, end: str) -> None:
    db.execute(begin)
    assert db.in_transaction
    db.execute(ADD, ("a",))
    db.execute(end)
    assert not db.in_transaction
    assert len(names(db)) == (3 if end == "ROLLBACK" else 4)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("BEGIN", "BEGIN", "cannot start a transaction within a transaction"),
        ("SELECT 1", "COMMIT", "cannot commit - no transaction is active"),
        ("SELECT 1", "ROLLBACK", "cannot rollback - no transaction is active"),
        ("BEGIN", "RELEASE absent", "no such savepoint: absent"),
        ("BEGIN", "ROLLBACK TO absent", "no such savepoint: absent"),
    ],
)
def test_transactions_out_of_place(db: sqlite3.Connection, first: str, second: str, message: str) -> None:
    db.isolation_level = None
    db.execute(first)
    with pytest.raises(sqlite3.OperationalError, match=message):
        db.execute(second)


def test_savepoints(db: sqlite3.Connection) -> None:
    db.isolation_level = None
    db.execute("SAVEPOINT outer")
    assert db.in_transaction
    db.execute(ADD, ("a",))
    db.execute("SAVEPOINT 'in ner'")
    db.execute(ADD, ("b",))
    db.execute("ROLLBACK TO SAVEPOINT 'in ner'")
    db.execute(ADD, ("c",))
    db.execute("RELEASE 'in ner'")
    assert db.in_transaction
    db.execute("RELEASE outer")
    assert not db.in_transaction
    assert names(db) == ["pen", "ink", "paper", "a", "c"]


def test_a_second_writer_waits_and_then_finds_the_database_locked(db: sqlite3.Connection, connect: Connect) -> None:
    other = connect(timeout=0.1, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="database is locked") as caught:
        other.execute("BEGIN IMMEDIATE")
    assert caught.value.sqlite_errorname == "SQLITE_BUSY"
    assert not other.in_transaction
    db.commit()
    other.execute("BEGIN IMMEDIATE")
    other.execute("COMMIT")


def test_write_skew_is_refused(db: sqlite3.Connection, connect: Connect) -> None:
    """Two transactions each read both rows and then write another one: SQLite never lets both through."""
    one, two = (connect(timeout=0.1, isolation_level=None) for _ in range(2))
    done, said = 0, []
    for connection in (one, two):
        connection.execute("BEGIN")
    for connection in (one, two):
        assert connection.execute("SELECT count(*) FROM item WHERE price IS NULL").fetchone() == (1,)
    for number, connection in ((1, one), (2, two)):
        try:
            connection.execute("UPDATE item SET price = NULL WHERE id = ?", (number,))
            connection.execute("COMMIT")
            done += 1
        except sqlite3.OperationalError as error:
            said.append(str(error))
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    assert done <= 1
    assert set(said) == {"database is locked"}
    assert db.execute("SELECT count(*) FROM item WHERE price IS NULL").fetchone() == (1 + done,)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sqlite3 has autocommit from Python 3.12 on")
class TestAutocommit:
    def test_false_is_pep_249(self, db: sqlite3.Connection, connect: Connect) -> None:
        own = connect(autocommit=False)
        assert (own.autocommit, own.in_transaction) == (False, True)
        own.execute(ADD, ("a",))
        own.rollback()
        assert own.in_transaction
        own.execute(ADD, ("b",))
        own.commit()
        assert own.in_transaction
        assert names(db)[3:] == ["b"]

    def test_true_leaves_it_to_the_application(self, db: sqlite3.Connection, connect: Connect) -> None:
        own = connect(autocommit=True)
        own.execute(ADD, ("a",))
        assert not own.in_transaction
        own.rollback()
        assert names(db)[3:] == ["a"]

    def test_a_change_commits_or_opens(self, db: sqlite3.Connection) -> None:
        assert db.autocommit == sqlite3.LEGACY_TRANSACTION_CONTROL
        db.execute(ADD, ("a",))
        db.autocommit = True
        assert not db.in_transaction
        db.autocommit = False
        assert db.in_transaction
