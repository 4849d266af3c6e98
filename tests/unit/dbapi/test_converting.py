"""Which converter reads which column, as sqlite3 decides it."""

from __future__ import annotations

import sqlite3

import pytest

from pgraduate.dbapi.converting import converted, converters, shown_name, type_names

BOTH = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES


@pytest.mark.parametrize(
    ("name", "declared", "detect", "found"),
    [
        ("a", "point", sqlite3.PARSE_DECLTYPES, "POINT"),
        ("a", "Point (5)", sqlite3.PARSE_DECLTYPES, "POINT"),
        ("a", "unsigned big int", sqlite3.PARSE_DECLTYPES, "UNSIGNED"),
        ("a", "", sqlite3.PARSE_DECLTYPES, None),
        ("a", "point", sqlite3.PARSE_COLNAMES, None),
        ("a [date]", "point", sqlite3.PARSE_DECLTYPES, "POINT"),
        ("a [date]", "point", BOTH, "DATE"),
        ("a[date]", "point", BOTH, "POINT"),
        ("a", "point", 0, None),
    ],
)
def test_the_name_of_the_converter(name: str, declared: str, detect: int, found: str | None) -> None:
    assert type_names([name], [declared], detect) == (found,)


@pytest.mark.parametrize(("name", "shown"), [("a [date]", "a"), ("a", "a"), ("a[b]", "a[b]"), ("a b [c] d", "a b")])
def test_the_name_that_is_shown(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        -(1 << 63),
        1.5,
        0.1,
        2.0,
        1e15,
        -0.25,
        1e300,
        1e-7,
        123456789.125,
        float("inf"),
        "ä",
        b"\x00\xff",
        "",
    ],
)
def test_a_converter_is_given_what_sqlite3_gives_it(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sqlite3.converters, "SEEN", bytes)
    connection = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_COLNAMES)
    expected = connection.execute('SELECT ? AS "v [seen]"', (value,)).fetchone()
    connection.close()
    found = converters(type_names(["v [seen]"], [""], sqlite3.PARSE_COLNAMES))
    assert next(converted(iter([(value,)]), found, lambda other: other)) == expected


def test_what_nobody_registered_is_read_plainly() -> None:
    assert list(converted(iter([("a", 1)]), converters(["ABSENT", None]), lambda value: [value])) == [(["a"], [1])]
