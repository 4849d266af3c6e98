"""Compat functions beside SQLite's own, over generated values."""

from __future__ import annotations

import json
import math

import apsw
import psycopg
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

Value = int | float | str | bytes | None
_BOUNDED = settings(
    max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
_NUMBERS_AS_TEXT = st.one_of(
    st.from_regex(r"\A[ \t]{0,2}[+-]?[0-9]{0,20}\.?[0-9]{0,6}(e[+-]?[0-9]{1,3})?[ a-z]{0,3}\Z"), _TEXT
)
_REALS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
    st.decimals(min_value=-(10**6), max_value=10**6, places=3).map(float),
    st.sampled_from([0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 1.005, 1e15, 1e16, 9.3e18, -9.3e18, 1e-5, 123456.789]),
)
_INTEGERS = st.one_of(st.integers(-12, 12), st.integers(-(2**63), 2**63 - 1))


def ask_sqlite(connection: apsw.Connection, sql: str, *values: Value) -> Value:
    value: Value = next(iter(connection.execute(sql, values)))[0]
    return value


def ask_postgres(connection: psycopg.Connection, sql: str, *values: Value) -> object:
    row = connection.execute(sql.encode(), values).fetchone()
    assert row is not None
    return row[0]


@_BOUNDED
@given(_NUMBERS_AS_TEXT)
def test_text_to_integer(installed: psycopg.Connection, sqlite: apsw.Connection, text: str) -> None:
    expected = ask_sqlite(sqlite, "SELECT CAST(? AS INTEGER)", text)
    assert ask_postgres(installed, "SELECT pgraduate_compat.to_integer(%s::text)", text) == expected


@_BOUNDED
@given(_NUMBERS_AS_TEXT)
def test_text_to_real(installed: psycopg.Connection, sqlite: apsw.Connection, text: str) -> None:
    expected = ask_sqlite(sqlite, "SELECT CAST(? AS REAL)", text)
    found = ask_postgres(installed, "SELECT pgraduate_compat.to_real(%s::text)", text)
    assert isinstance(expected, float)
    assert isinstance(found, float)
    assert found == expected or math.isclose(found, expected, rel_tol=1e-15)


@_BOUNDED
@given(_NUMBERS_AS_TEXT)
def test_class_of_text_in_arithmetic(installed: psycopg.Connection, sqlite: apsw.Connection, text: str) -> None:
    expected = ask_sqlite(sqlite, "SELECT typeof(? + 0)", text)
    found = ask_postgres(
        installed, "SELECT pgraduate_compat.typeof_number(pgraduate_compat.to_number(%s::text))", text
    )
    assert found == expected


@_BOUNDED
@given(_NUMBERS_AS_TEXT)
def test_text_that_numeric_affinity_converts(
    installed: psycopg.Connection, sqlite: apsw.Connection, text: str
) -> None:
    sqlite.execute("CREATE TEMP TABLE IF NOT EXISTS n (x NUMERIC)")
    sqlite.execute("DELETE FROM n")
    sqlite.execute("INSERT INTO n VALUES (?)", (text,))
    expected = ask_sqlite(sqlite, "SELECT typeof(x) <> 'text' FROM n")
    assert ask_postgres(installed, "SELECT pgraduate_compat.is_number(%s::text)", text) == bool(expected)


@_BOUNDED
@given(_REALS)
def test_real_to_integer(installed: psycopg.Connection, sqlite: apsw.Connection, value: float) -> None:
    expected = ask_sqlite(sqlite, "SELECT CAST(? AS INTEGER)", value)
    assert ask_postgres(installed, "SELECT pgraduate_compat.to_integer(%s::float8)", value) == expected


@_BOUNDED
@given(_REALS)
def test_text_of_real_reads_back(installed: psycopg.Connection, value: float) -> None:
    text = ask_postgres(installed, "SELECT pgraduate_compat.to_text(%s::float8)", value)
    assert isinstance(text, str)
    assert float(text) == value


@_BOUNDED
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4).map(float))
def test_text_of_decimal_fraction(installed: psycopg.Connection, sqlite: apsw.Connection, value: float) -> None:
    expected = ask_sqlite(sqlite, "SELECT CAST(? AS TEXT)", value)
    assert ask_postgres(installed, "SELECT pgraduate_compat.to_text(%s::float8)", value) == expected


@_BOUNDED
@given(_REALS)
def test_number_of_real_keeps_value_and_class(installed: psycopg.Connection, value: float) -> None:
    found = installed.execute(
        "SELECT n::float8, pgraduate_compat.typeof_number(n) FROM pgraduate_compat.number_of(%s::float8) AS n",
        (value,),
    ).fetchone()
    assert found == (value, "real")


@_BOUNDED
@given(st.decimals(min_value=-(10**6), max_value=10**6, places=4).map(float), st.integers(-1, 6))
def test_round(installed: psycopg.Connection, sqlite: apsw.Connection, value: float, digits: int) -> None:
    expected = ask_sqlite(sqlite, "SELECT round(?, ?)", value, digits)
    assert ask_postgres(installed, "SELECT pgraduate_compat.round(%s::float8, %s::int)", value, digits) == expected


@_BOUNDED
@given(_TEXT, _INTEGERS, st.one_of(st.none(), _INTEGERS))
def test_substr(
    installed: psycopg.Connection, sqlite: apsw.Connection, text: str, start: int, count: int | None
) -> None:
    if count is None:
        expected = ask_sqlite(sqlite, "SELECT substr(?, ?)", text, start)
        found = ask_postgres(installed, "SELECT pgraduate_compat.substr(%s::text, %s::bigint)", text, start)
    else:
        expected = ask_sqlite(sqlite, "SELECT substr(?, ?, ?)", text, start, count)
        found = ask_postgres(
            installed, "SELECT pgraduate_compat.substr(%s::text, %s::bigint, %s::bigint)", text, start, count
        )
    assert found == expected


_PATTERN_SIGNS = st.text(st.sampled_from("aAbB%_\\!éÉ*?[]^-1"), max_size=8)


@_BOUNDED
@given(_PATTERN_SIGNS, _PATTERN_SIGNS)
def test_like(installed: psycopg.Connection, sqlite: apsw.Connection, pattern: str, text: str) -> None:
    expected = ask_sqlite(sqlite, "SELECT ? LIKE ? ESCAPE '!'", text, pattern)
    found = ask_postgres(installed, "SELECT pgraduate_compat.like(%s::text, %s::text, '!')", pattern, text)
    assert found == bool(expected)


@_BOUNDED
@given(_PATTERN_SIGNS, _PATTERN_SIGNS)
def test_glob(installed: psycopg.Connection, sqlite: apsw.Connection, pattern: str, text: str) -> None:
    expected = ask_sqlite(sqlite, "SELECT ? GLOB ?", text, pattern)
    found = ask_postgres(installed, "SELECT pgraduate_compat.glob(%s::text, %s::text)", pattern, text)
    assert found == bool(expected)


@_BOUNDED
@given(_INTEGERS, _INTEGERS)
def test_shifts(installed: psycopg.Connection, sqlite: apsw.Connection, value: int, bits: int) -> None:
    for operator, name in (("<<", "shift_left"), (">>", "shift_right")):
        expected = ask_sqlite(sqlite, f"SELECT ? {operator} ?", value, bits)
        found = ask_postgres(installed, f"SELECT pgraduate_compat.{name}(%s::bigint, %s::bigint)", value, bits)
        assert found == expected


@_BOUNDED
@given(st.one_of(_INTEGERS, _REALS.filter(lambda v: abs(v) < 1e100)), st.one_of(_INTEGERS, st.floats(0.01, 1e9)))
def test_dynamic_arithmetic(
    installed: psycopg.Connection, sqlite: apsw.Connection, one: int | float, other: int | float
) -> None:
    def number(value: int | float) -> str:
        return "%s::numeric" if isinstance(value, int) else "pgraduate_compat.number_of(%s::float8)"

    for operator, name in (("+", "add"), ("-", "subtract"), ("*", "multiply"), ("/", "divide"), ("%", "modulo")):
        expected = ask_sqlite(sqlite, f"SELECT ? {operator} ?", one, other)
        row = installed.execute(
            f"SELECT n::float8, pgraduate_compat.typeof_number(n), n::text FROM "
            f"pgraduate_compat.{name}({number(one)}, {number(other)}) AS n".encode(),
            (one, other),
        ).fetchone()
        assert row is not None
        if isinstance(expected, int):
            assert row[1:] == ("integer", str(expected))
        elif expected is None:
            assert row[0] is None
        else:
            assert isinstance(expected, float)
            assert (row[1], row[0]) == ("real", pytest.approx(expected, rel=1e-15))


_DAYS = st.dates().map(str)
_TIMES = st.times().map(lambda t: t.isoformat(timespec="seconds"))
_NO_SUCH_DAYS = ("2024-02-30", "2023-02-31 10:00")
_MOMENTS = st.one_of(
    _DAYS,
    st.builds("{} {}".format, _DAYS, _TIMES),
    st.builds("{}T{}Z".format, _DAYS, _TIMES),
    st.builds("{} {}+05:30".format, _DAYS, _TIMES),
    _TIMES,
    st.floats(0, 5373484).map(lambda x: f"{x:.4f}"),
    st.sampled_from([*_NO_SUCH_DAYS, "2024-13-01", "bad", "", "24:00", "2024-01-31 24:00:00"]),
)
_MODIFIERS = st.one_of(
    st.builds("{:+d} {}".format, st.integers(-40, 40), st.sampled_from(["days", "month", "months", "years", "hours"])),
    st.builds("{:+.2f} {}".format, st.floats(-5, 5), st.sampled_from(["days", "seconds", "minutes", "months", "years"])),
    st.builds("weekday {}".format, st.integers(0, 6)),
    st.sampled_from(
        ["start of day", "start of month", "start of year", "subsec", "floor", "ceiling", "+01:30", "-00:00:01",
         "+0001-02-03", "-0000-11-30", "unixepoch", "auto", "julianday", "nonsense", "localtime", "utc"]
    ),
)  # fmt: skip


@settings(max_examples=250, derandomize=True, deadline=None)
@given(_MOMENTS, st.lists(_MODIFIERS, max_size=3))
def test_datetime(installed: psycopg.Connection, sqlite: apsw.Connection, value: str, modifiers: list[str]) -> None:
    # SQLite prints a day that does not exist as it is written if the only modifiers are these two; we print the real day.
    assume(not (value in _NO_SUCH_DAYS and modifiers and set(modifiers) <= {"start of day", "subsec"}))
    marks = "".join(", ?" for _ in modifiers)
    expected = ask_sqlite(sqlite, f"SELECT datetime(?{marks})", value, *modifiers)
    marks = "".join(", %s::text" for _ in modifiers)
    found = ask_postgres(installed, f"SELECT pgraduate_compat.fixed_datetime(%s::text{marks})", value, *modifiers)
    assert found == expected


@_BOUNDED
@given(st.builds("{} {}".format, _DAYS, _TIMES))
def test_strftime(installed: psycopg.Connection, sqlite: apsw.Connection, value: str) -> None:
    form = "%d %e %f %F %G %g %H %I %j %k %l %m %M %p %P %R %s %S %T %u %U %V %w %W %Y %% %J"
    expected = ask_sqlite(sqlite, "SELECT strftime(?, ?)", form, value)
    found = ask_postgres(installed, "SELECT pgraduate_compat.fixed_strftime(%s::text, %s::text)", form, value)
    assert found == expected


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), _TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXT, inner, max_size=3)),
    max_leaves=8,
)


@_BOUNDED
@given(_JSON, st.one_of(st.none(), st.text(" \t-", max_size=3)))
def test_json_over_several_lines(
    installed: psycopg.Connection, sqlite: apsw.Connection, value: object, indent: str | None
) -> None:
    document = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    expected = ask_sqlite(sqlite, "SELECT json_pretty(?, ?)", document, indent)
    asked = "SELECT pgraduate_compat.json_pretty(%s::text, coalesce(%s::text, '    '))"
    assert ask_postgres(installed, asked, document, indent) == expected
