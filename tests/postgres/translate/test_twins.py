"""The comparison itself: what it must see, and what it must leave as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from support.server import PrivateServer
from support.sources import make_shop
from support.translate_suite import twins_of

from pgraduate.compare.statements import Aspect
from pgraduate.translate import Comparison, Outcome, Translated, Twins, attempt, split
from pgraduate.translate.statements import Statement


@pytest.fixture(scope="module")
def twins(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    """One shop for all tests: no statement leaves a trace."""
    path = make_shop(tmp_path_factory.mktemp("twins") / "shop.db", purchases=20)
    with server.database() as conninfo, twins_of(path, conninfo, "declared") as made:
        yield made


def _compare(twins: Twins, text: str) -> Comparison:
    (statement,) = split(text)
    return twins.compare(statement)


@pytest.mark.parametrize(
    ("statement", "wrong", "aspect"),
    [
        ("SELECT 7 / 2", "SELECT 3.5::numeric", Aspect.VALUES),
        ("SELECT id FROM product", "SELECT id FROM pgraduate_scratch.product WHERE id > 1", Aspect.VALUES),
        ("SELECT 7 / 2 AS x", "SELECT 3.0::float8", Aspect.CLASSES),
        (
            "SELECT id FROM product ORDER BY id",
            "SELECT id FROM pgraduate_scratch.product ORDER BY -id",
            Aspect.ORDER,
        ),
        ("SELECT 1", "SELECT 1 / 0", Aspect.ERROR),
        ("SELECT 1", "SELECT 1, 2", Aspect.ERROR),
        ("SELECT abs(-9223372036854775808)", "SELECT 1", Aspect.ERROR),
        ("UPDATE product SET price = 5", "UPDATE pgraduate_scratch.product SET price = 6", Aspect.STATE),
        ("DELETE FROM purchase", "DELETE FROM pgraduate_scratch.purchase WHERE id < 20", Aspect.STATE),
    ],
)
def test_a_wrong_translation_is_seen(
    statement: str, wrong: str, aspect: Aspect, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer_with(monkeypatch, texts=(wrong,))
    found = _compare(twins, statement)
    assert found.outcome is Outcome.DIFFERENT
    assert found.difference is not None
    assert found.difference.aspect is aspect


def test_a_wrong_column_name_is_seen(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(*arguments: object, **options: object) -> Translated:
        found = attempt(*arguments, **options)  # type: ignore[arg-type]
        assert isinstance(found, Translated)
        return replace(found, columns=tuple(replace(column, name="other") for column in found.columns))

    monkeypatch.setattr("pgraduate.translate.compare.attempt", renamed)
    found = _compare(twins, "SELECT count(*) FROM product")
    assert found.difference is not None
    assert found.difference.aspect is Aspect.NAMES


def _answer_with(monkeypatch: pytest.MonkeyPatch, texts: tuple[str, ...]) -> None:
    """Let every statement be translated to these texts."""

    def planted(statement: Statement, *arguments: object, **options: object) -> Translated:
        found = attempt(statement, *arguments, **options)  # type: ignore[arg-type]
        assert isinstance(found, Translated)
        columns = tuple(replace(column, representation=None) for column in found.columns)
        return replace(found, texts=texts, columns=columns)

    monkeypatch.setattr("pgraduate.translate.compare.attempt", planted)


def test_a_statement_leaves_no_trace_for_the_next(twins: Twins) -> None:
    before = _compare(twins, "SELECT * FROM purchase")
    assert _compare(twins, "DELETE FROM customer").outcome is Outcome.IDENTICAL
    after = _compare(twins, "SELECT * FROM purchase")
    assert (after.sqlite, after.postgres) == (before.sqlite, before.postgres)


def test_the_numbers_of_new_rows_are_the_same_each_time(twins: Twins) -> None:
    statement = "INSERT INTO product(title, price) VALUES ('x', 1), ('y', 2) RETURNING id"
    for _ in range(3):
        found = _compare(twins, statement)
        assert found.postgres is not None
        assert found.postgres.rows == ((21,), (22,))


def test_a_sequence_meets_what_was_written_before(target: str, tmp_path: Path) -> None:
    with twins_of(make_shop(tmp_path / "shop.db"), target, "declared", sequence=True) as twins:
        _compare(twins, "DELETE FROM purchase WHERE id > 3")
        assert _compare(twins, "CREATE VIEW few AS SELECT count(*) AS n FROM purchase").outcome is Outcome.IDENTICAL
        found = _compare(twins, "SELECT n FROM few")
        assert found.outcome is Outcome.IDENTICAL
        assert found.postgres is not None
        assert found.postgres.rows == ((3,),)


def test_two_failures_of_one_kind_are_the_same(twins: Twins) -> None:
    found = _compare(twins, "INSERT INTO customer(email, name) VALUES ('c1@example.org', 'again')")
    assert found.outcome is Outcome.IDENTICAL
    assert found.sqlite is not None
    assert found.sqlite.failure is not None
    assert found.sqlite.failure.kind == "unique"


def test_the_scratch_schema_is_gone_after_a_failed_block(target: str, tmp_path: Path) -> None:
    path = make_shop(tmp_path / "shop.db", purchases=1)
    with pytest.raises(RuntimeError), twins_of(path, target, "faithful"):
        raise RuntimeError
    with psycopg.connect(target) as connection:
        assert (
            connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pgraduate%'").fetchall() == []
        )


def test_a_refused_pragma_leaves_foreign_keys_enforced_on_both_sides(twins: Twins) -> None:
    """SQLite carries a pragma out while it prepares it, behind EXPLAIN too."""
    assert _compare(twins, "PRAGMA foreign_keys = OFF").outcome is Outcome.NOT_TRANSLATED
    orphan = _compare(twins, "INSERT INTO purchase(customer_id, product_id) VALUES (1, 987654)")
    assert orphan.outcome is Outcome.IDENTICAL
    assert orphan.sqlite is not None
    assert orphan.sqlite.failure is not None
