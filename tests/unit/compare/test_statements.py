"""Two answers to one statement: when they are the same, and what a difference is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgraduate.compare.answers import Answer, Failure, FailureKind
from pgraduate.compare.statements import Aspect, difference, unmatched
from pgraduate.model.cell import Cell, Cells, unreadable
from pgraduate.model.representation import Representation
from pgraduate.postgres.cell_reader import cell_reader


def _answer(*rows: Cells, names: tuple[str, ...] = ("a",)) -> Answer:
    return Answer(names, rows)


def _failed(kind: FailureKind) -> Answer:
    return Answer(failure=Failure(kind, "it failed"))


@pytest.mark.parametrize(
    ("source", "target", "ordered", "aspect"),
    [
        (_answer((1,), (2,)), _answer((2,), (1,)), False, None),
        (_answer((1,), (2,)), _answer((2,), (1,)), True, Aspect.ORDER),
        (_answer((1,)), _answer((1.0,)), False, Aspect.CLASSES),
        (_answer((1,)), _answer(("1",)), False, Aspect.CLASSES),
        (_answer(("a",)), _answer((b"a",)), False, Aspect.CLASSES),
        (_answer((1,)), _answer((2,)), False, Aspect.VALUES),
        (_answer((None,)), _answer(("",)), False, Aspect.VALUES),
        (_answer((1,)), _answer((1,), (1,)), False, Aspect.VALUES),
        (_answer((0.1 + 0.2,)), _answer((0.3,)), True, None),
        (_answer((0.3,)), _answer((0.3001,)), True, Aspect.VALUES),
        (_answer((1,)), _answer((1,), names=("b",)), False, Aspect.NAMES),
        (_answer((1,)), _answer((1,), names=("A",)), False, Aspect.NAMES),
        (_failed(FailureKind.UNIQUE), _failed(FailureKind.UNIQUE), False, None),
        (_failed(FailureKind.UNIQUE), _failed(FailureKind.CHECK), False, Aspect.ERROR),
        (_failed(FailureKind.OTHER), _answer((1,)), False, Aspect.ERROR),
        (_answer((1,)), _failed(FailureKind.OTHER), False, Aspect.ERROR),
        (_answer((1,)), _answer((unreadable("x"),)), False, Aspect.VALUES),
    ],
)
def test_a_difference_has_its_name(source: Answer, target: Answer, ordered: bool, aspect: Aspect | None) -> None:
    found = difference(source, target, ordered=ordered)
    assert (found.aspect if found else None) is aspect


def test_values_are_shown_only_where_they_are_asked_for() -> None:
    source, target = _answer(("secret",)), _answer(("other",))
    quiet = difference(source, target, ordered=False)
    told = difference(source, target, ordered=False, show_values=True)
    assert quiet is not None
    assert told is not None
    assert "secret" not in str(quiet)
    assert "secret" in told.sqlite


CELLS = st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from(["", "a", "1"]))
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=8)


@given(ROWS, st.randoms(use_true_random=False))
def test_rows_in_any_order_match(rows: list[Cells], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert unmatched(rows, shuffled) == ([], [])


@given(ROWS, CELLS)
def test_a_row_too_many_is_left_over(rows: list[Cells], cell: Cell) -> None:
    assert unmatched([*rows, (cell, "more")], rows) == ([(cell, "more")], [])


@pytest.mark.parametrize(
    ("representation", "base", "text", "cell"),
    [
        ("integer", "int8", "-5", -5),
        ("real", "float8", "1e+15", 1e15),
        ("text", "text", "x", "x"),
        ("blob", "bytea", "\\x00ff", b"\x00\xff"),
        ("boolean", "bool", "t", 1),
        ("boolean_text:no/yes", "bool", "f", "no"),
        ("number", "numeric", "12.50", 12.5),
        ("number", "numeric", "12.00", 12),
        ("number:scale", "numeric", "12.0", 12.0),
        ("number:scale", "numeric", "12", 12),
        ("date", "date", "2024-01-31", "2024-01-31"),
        ("timestamp:YYYY-MM-DDTHH:MM:SSZ", "timestamp", "2024-01-31 10:20:30", "2024-01-31T10:20:30Z"),
        ("epoch:s", "timestamp", "1970-01-02 00:00:00", 86400),
        ("epoch:ms", "timestamp", "1970-01-01 00:00:01.5", 1500),
        ("uuid", "uuid", "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000001"),
        ("any_text:NUMERIC", "text", "5", 5),
        ("any_text:NUMERIC", "text", "5.0", 5.0),
        ("any_text:NUMERIC", "text", "05", "05"),
        ("any_text:NUMERIC", "text", "five", "five"),
        ("any_text:TEXT", "text", "5", "5"),
        (None, "int4", "5", 5),
        (None, "text", "5", "5"),
        ("integer", "text", "abc", unreadable("abc")),
        ("boolean", "int8", "2", unreadable("2")),
        ("epoch:s", "timestamp", "infinity", unreadable("infinity")),
    ],
)
def test_a_text_of_the_server_is_read_as_sqlites_value(
    representation: str | None, base: str, text: str, cell: Cell
) -> None:
    chosen = Representation.parse(representation) if representation else None
    found = cell_reader(chosen, base)(text)
    assert (found, type(found)) == (cell, type(cell))
