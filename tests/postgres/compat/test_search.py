"""search_vector: the words of texts of any length, as to_tsvector finds them wherever that does not fail."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

LIMIT = 1_048_575


def words(connection: psycopg.Connection, *texts: str | None) -> int:
    row = connection.execute(
        "SELECT pg_catalog.length(pgraduate_compat.search_vector(VARIADIC %s::text[]))", [list(texts)]
    ).fetchone()
    assert row is not None
    return int(row[0])


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_a_short_text_has_the_words_that_to_tsvector_finds(installed: psycopg.Connection, text: str) -> None:
    row = installed.execute(
        "SELECT pgraduate_compat.search_vector(%(text)s) = to_tsvector('simple', %(text)s)", {"text": text}
    ).fetchone()
    assert row == (True,)


def test_texts_are_put_behind_each_other(installed: psycopg.Connection) -> None:
    row = installed.execute(
        "SELECT pgraduate_compat.search_vector('One two', NULL, 'three')"
        " = to_tsvector('simple', 'one two') || to_tsvector('simple', 'three')"
    ).fetchone()
    assert row == (True,)


@pytest.mark.parametrize("texts", [(), (None,), ("",), (None, "")])
def test_nothing_has_no_words(installed: psycopg.Connection, texts: tuple[str | None, ...]) -> None:
    assert words(installed, *texts) == 0


def test_no_word_is_cut_at_the_border_of_a_piece(installed: psycopg.Connection) -> None:
    for shift in range(40):
        text = "x" * shift + " " + "grünë\n" * 40_000
        assert words(installed, text) == 1 + (shift > 0)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(" ".join(f"w{number}" for number in range(600_000)), id="words"),
        pytest.param("-".join(f"w{number}" for number in range(600_000)), id="one compound word"),
        pytest.param(" ".join(f"a{n}-b{n}-c{n}-d{n}" for n in range(200_000)), id="compound words"),
        pytest.param(" ".join(f"http://h{n}.org/p{n}/q{n}?r={n}" for n in range(100_000)), id="addresses"),
        pytest.param(" ".join(chr(0x4E00 + n % 20_000) for n in range(2_000_000)), id="single letters"),
        pytest.param("".join(chr(0x4E00 + n % 20_000) for n in range(1_000_000)), id="no space"),
        pytest.param("x" * 5_000_000, id="one word"),
        pytest.param(" " * 5_000_000, id="only spaces"),
    ],
)
def test_no_text_is_too_long(installed: psycopg.Connection, text: str) -> None:
    row = installed.execute(
        "SELECT pg_column_size(pgraduate_compat.search_vector(%s, %s))", [text, text]
    ).fetchone()
    assert row is not None
    assert row[0] <= LIMIT


def test_a_long_text_of_few_words_is_read_to_its_end(installed: psycopg.Connection) -> None:
    assert words(installed, "the quick brown fox " * 500_000 + "end") == 5


def test_most_of_the_room_is_used(installed: psycopg.Connection) -> None:
    text = " ".join(f"w{number:06}" for number in range(600_000))
    row = installed.execute("SELECT pg_column_size(pgraduate_compat.search_vector(%s))", [text]).fetchone()
    assert row is not None
    assert row[0] > LIMIT * 0.8


def test_parallel_workers_compute_it(installed: psycopg.Connection) -> None:
    with installed.transaction(force_rollback=True):
        installed.execute("CREATE TABLE many AS SELECT n, 'word ' || n AS t FROM generate_series(1, 20000) AS n")
        installed.execute("ANALYZE many")
        for setting in ("parallel_setup_cost = 0", "parallel_tuple_cost = 0", "min_parallel_table_scan_size = 0"):
            installed.execute(f"SET LOCAL {setting}".encode())
        query = "SELECT count(*) FROM many WHERE pgraduate_compat.search_vector(t) @@ to_tsquery('simple', '777')"
        plan = "\n".join(row[0] for row in installed.execute(f"EXPLAIN {query}".encode()))
        assert "Gather" in plan
        assert installed.execute(query.encode()).fetchone() == (1,)
