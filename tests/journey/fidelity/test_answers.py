"""Every answer to every decision ends well: equal, or refused before a row is written.

The small files below ask all that a plan can ask.  What an answer leads to may ask more; that is answered in every way
too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from support import decisions_page, oracle
from support.case import Case
from support.cases_keys import CASES as KEYS
from support.cases_objects import CASES as OBJECTS
from support.cases_values import CASES as VALUES
from support.fidelity import Asking, answer, asking, carry, cleared, in_this_process, last_plan
from support.schema_sources import NOT_UNIQUE
from support.server import PrivateServer
from support.sqlite_files import make

from pgraduate.model.decision import Decision
from pgraduate.settings import Policy

MORE = (
    Case("–", "parent-not-unique", "", "", NOT_UNIQUE),
    Case(
        "–", "mixed-keys", "", "",
        """
        CREATE TABLE one (k UNIQUE); INSERT INTO one VALUES (1), ('1'), (x'31'), (1.5), ('1.5');
        CREATE TABLE bytes (k BLOB PRIMARY KEY); INSERT INTO bytes VALUES (1), ('1'), (x'31');
        CREATE TABLE apart (k BLOB PRIMARY KEY); INSERT INTO apart VALUES (1), ('2'), (x'33');
        CREATE TABLE folded (k COLLATE NOCASE UNIQUE); INSERT INTO folded VALUES (x'ab'), ('\\XAB'), (5);
        CREATE TABLE twice (k UNIQUE); CREATE UNIQUE INDEX low ON twice (k COLLATE NOCASE);
        INSERT INTO twice VALUES (x'ab'), ('\\XAB'), (5);
        CREATE TABLE pair (a, b TEXT, PRIMARY KEY (b, a)); INSERT INTO pair VALUES (1, 'x'), ('1', 'y'), ('1', 'x');
        CREATE TABLE number (k UNIQUE); INSERT INTO number VALUES (9007199254740993), (9007199254740992.0), (-0.5);
        """,
    ),
    Case(
        "–", "texts-that-arrive-as-one", "", "",
        """
        CREATE TABLE p (k TEXT UNIQUE); CREATE TABLE c (k TEXT REFERENCES p (k), n TEXT REFERENCES q (n));
        CREATE TABLE q (n TEXT); INSERT INTO q VALUES ('a' || char(0)), ('a' || char(65533));
        INSERT INTO p VALUES ('a' || char(0)), (CAST(x'61ff' AS TEXT)), ('b');
        INSERT INTO c VALUES ('b', 'a' || char(0)), ('a' || char(0), NULL);
        """,
    ),
    Case(
        "–", "parents-by-another-comparison", "", "",
        """
        CREATE TABLE p (k TEXT COLLATE NOCASE PRIMARY KEY, r TEXT COLLATE RTRIM UNIQUE, n NUMERIC UNIQUE);
        CREATE TABLE c (k TEXT REFERENCES p, r TEXT REFERENCES p (r), n TEXT REFERENCES p (n));
        INSERT INTO p VALUES ('Ada', 'x  ', 5), ('eve', 'y', 'five'); INSERT INTO c VALUES ('ada', 'x', '05');
        """,
    ),
    Case(
        "–", "many-long-columns-in-a-key", "", "",
        f"""
        CREATE TABLE t ({", ".join(f"c{i} TEXT" for i in range(8))}, UNIQUE ({", ".join(f"c{i}" for i in range(8))}));
        INSERT INTO t VALUES ({", ".join(["hex(randomblob(240))"] * 8)});
        """,
    ),
)  # fmt: skip
"""What no case of docs/cases.md asks."""
CASES = (*(case for case in (*VALUES, *KEYS, *OBJECTS) if case.asks or case.answers or case.safe), *MORE)

BY_NAME = {case.name: case for case in CASES}


def answered(ask: Asking) -> Iterator[Mapping[str, str]]:
    """Give sets of answers that together hold every option of every decision of a file, and of those that follow."""
    seen: set[tuple[str, str]] = set()
    waiting: list[dict[str, str]] = [{}]
    while waiting:
        given = waiting.pop()
        decisions = ask(given)
        for decision in decisions:
            decisions_page.hold(decision.id.partition(":")[0], _keys(decision), decision.safe)
            for key in _keys(decision):
                taken = key == (decision.answer or _keys(decision)[0])
                if not taken and (decision.id, key) not in seen:
                    seen.add((decision.id, key))
                    waiting.append({**given, decision.id: key})
        yield given | {decision.id: _keys(decision)[0] for decision in decisions if not decision.answer}


def _keys(decision: Decision) -> list[str]:
    return [option.key for option in decision.options]


@pytest.fixture(scope="module")
def shared_target(server: PrivateServer) -> Iterator[str]:
    with server.database() as conninfo, in_this_process():
        yield conninfo


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Case], tuple[Path, Asking]]:
    """Make and read the file of a case once."""

    @cache
    def make_and_read(case: str) -> tuple[Path, Asking]:
        path = BY_NAME[case].make(tmp_path_factory.mktemp("case"))
        return path, asking(path, Policy(BY_NAME[case].policy))

    return lambda case: make_and_read(case.name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_answer_ends_equal(
    case: Case, made: Callable[[Case], tuple[Path, Asking]], shared_target: str, tmp_path: Path
) -> None:
    path, ask = made(case)
    for answers in answered(ask):
        if case not in MORE and answers == case.asks:
            continue  # what the test of the case itself does
        answer(tmp_path, answers)
        with cleared(shared_target) as connection:
            carried = carry(path, shared_target, tmp_path, policy=case.policy)
            assert carried.error is None, f"{answers}: {carried.why}"
            assert (carried.verdict, carried.code in (0, 3)) == ("equal", True), f"{answers}: {carried.why}"
            refused = connection.execute("SELECT kind, name, reason FROM pgraduate.refused_object").fetchall()
            assert refused == [], f"{answers}: an object was refused only once the rows were there"
            assert oracle.differences(path, connection, last_plan(connection)) == []


def test_the_files_ask_all_that_a_plan_can_ask(made: Callable[[Case], tuple[Path, Asking]]) -> None:
    asked = set()
    for case in CASES:
        _, ask = made(case)
        asked |= {decision.id.partition(":")[0] for decision in ask({})}
    assert asked == set(decisions_page.kinds_in_code(elsewhere=False)) - {"uninstall"}


def test_a_key_that_only_the_server_refuses_is_named_with_its_cause(
    shared_target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is known that comes so far: a census that counts no collision stands for one."""
    monkeypatch.setattr("pgraduate.sqlite.census.add_collisions", lambda connection, catalog, census: census)
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT UNIQUE)",
        "INSERT INTO t (k) VALUES ('a' || char(0)), ('a' || char(65533))",
    )
    answer(tmp_path, {"quarantine:app.t.k": "quarantine"})
    with cleared(shared_target):
        carried = carry(path, shared_target, tmp_path)
        assert (carried.verdict, carried.code, carried.not_carried) == ("equal", 3, ("unique t(k)",)), carried.why
        assert "(23505): several rows hold the same there" in carried.why
