"""Forms of values: true only where the text and the storage class come back."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.model.representation import TIMESTAMP_FORMATS, Representation
from pgraduate.model.storage import affinity_of
from pgraduate.sqlite.forms import check, integer_range
from pgraduate.sqlite.forms.candidates import candidates, precision
from pgraduate.sqlite.forms.documents import JSON_DEPTH
from pgraduate.sqlite.forms.values import Value


def render(moment: datetime, form: str) -> str | None:
    """Write a moment in one of the formats, independently of the room's own reading; None where it does not fit."""
    text = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    clock = f"{moment.hour:02}:{moment.minute:02}"
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        whole = f"{text} {clock}:{moment.second:02}"
        return None if moment.microsecond else (text if whole.endswith("00:00:00") else whole)
    rest = form[len("YYYY-MM-DD") :]
    text += rest[0] + clock
    rest = rest[len(" HH:MM") :]
    if not rest.startswith(":SS"):
        return None if moment.second or moment.microsecond else text + rest
    text += f":{moment.second:02}"
    rest = rest[len(":SS") :]
    for part, digits in (("[.ffffff]", 6), (".ffffff", 6), (".fff", 3)):
        if rest.startswith(part):
            rest = rest[len(part) :]
            if moment.microsecond % 10 ** (6 - digits):
                return None
            if moment.microsecond or not part.startswith("["):
                text += "." + f"{moment.microsecond:06}"[:digits]
            return text + rest
    return None if moment.microsecond else text + rest


MOMENTS = st.one_of(
    st.datetimes(),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    st.datetimes().map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)),
    st.dates().map(lambda day: datetime(day.year, day.month, day.day)),
)


@settings(derandomize=True, max_examples=300)
@given(MOMENTS, st.sampled_from(TIMESTAMP_FORMATS))
def test_a_rendered_moment_fits_exactly_the_formats_that_render_it_so(moment: datetime, form: str) -> None:
    text = render(moment, form)
    if text is None:
        return
    for other in TIMESTAMP_FORMATS:
        assert check(f"timestamp:{other}")(text) == (render(moment, other) == text), other


@settings(derandomize=True, max_examples=300)
@given(MOMENTS, st.sampled_from(TIMESTAMP_FORMATS), st.integers(0, 40), st.sampled_from("0159 T:-+.Zzx\u0661\n"))
def test_a_changed_character_never_fits_unless_it_is_another_moment(
    moment: datetime, form: str, position: int, character: str
) -> None:
    text = render(moment, form)
    if text is None:
        return
    changed = text[:position] + character + text[position + 1 :]
    if check(f"timestamp:{form}")(changed):
        assert date(int(changed[:4]), int(changed[5:7]), int(changed[8:10])).isoformat() == changed[:10]
        assert set(changed) - set("0123456789 T:-+.Z") == set()


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30 10:00:00",
        "2023-02-29 10:00:00",
        "0000-01-01 10:00:00",
        "2024-01-01 24:00:00",
        "2024-01-01 23:59:60",
        "2024-01-01 10:60:00",
        "2024-1-1 10:00:00",
        "2024-01-01 10:00:00 ",
        " 2024-01-01 10:00:00",
        "2024-01-01  10:00:00",
        "2024-01-01t10:00:00",
        "2024-01-01 10:00:00z",
        "2024-01-01 10:00:00+01:00",
        "2024-01-01 10:00:00+00",
        "2024-01-01 10:00:00-00:00",
        "2024-01-01 10:00:00.1",
        "2024-01-01 10:00:00.1234567",
        "20240101T100000",
        "2024-W01-1 10:00:00",
        "-2024-01-01 10:00:00",
        "12024-01-01 10:00:00",
        "2024-01-01\n10:00:00",
        "now",
        "infinity",
        "today",
        "",
        "２024-01-01 10:00:00",
    ],
)
def test_a_text_that_is_no_timestamp_fits_no_format(text: str) -> None:
    assert [form for form in TIMESTAMP_FORMATS if check(f"timestamp:{form}")(text)] == []


@pytest.mark.parametrize("value", [20240101, 20240101.0])
def test_a_number_fits_no_format_of_text(value: Value) -> None:
    assert not any(check(f"timestamp:{form}")(value) for form in TIMESTAMP_FORMATS)
    assert not check("date")(value)


@settings(derandomize=True)
@given(st.dates())
def test_every_day_is_a_date(day: date) -> None:
    assert check("date")(f"{day.year:04}-{day.month:02}-{day.day:02}")


@pytest.mark.parametrize(
    "text", ["2024-02-30", "20240101", "2024-W01-1", "2024-1-1", "2024-01-01 ", "0000-00-00", "0000-01-01", ""]
)
def test_a_text_that_is_no_day_is_no_date(text: str) -> None:
    assert not check("date")(text)


@settings(derandomize=True)
@given(st.uuids())
def test_only_the_canonical_form_is_a_uuid(value: uuid.UUID) -> None:
    text = str(value)
    fits = check("uuid")
    assert fits(text)
    assert not fits(text.replace("-", ""))
    assert not fits("{" + text + "}")
    assert not fits(text + "\n")
    assert fits(text.upper()) == (text.upper() == text)


@pytest.mark.parametrize(
    ("value", "fits"), [(0, True), (1, True), (2, False), (-1, False), (1.0, False), ("1", False)]
)
def test_a_boolean_is_the_integer_0_or_1(value: Value, fits: bool) -> None:
    assert check("boolean")(value) is fits


@pytest.mark.parametrize(("value", "fits"), [("no", True), ("yes", True), ("Yes", False), ("", False), (1, False)])
def test_boolean_words_are_exact(value: Value, fits: bool) -> None:
    assert check("boolean_text:no/yes")(value) is fits


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_an_epoch_lies_in_the_years_1_to_9999(unit: str) -> None:
    fits = check(f"epoch:{unit}")
    scale = {"s": timedelta(seconds=1), "ms": timedelta(milliseconds=1), "us": timedelta(microseconds=1)}[unit]
    zero = datetime(1970, 1, 1)
    first, last = (datetime.min - zero) // scale, (datetime.max - zero) // scale
    assert [fits(first - 1), fits(first), fits(0), fits(last), fits(last + 1)] == [False, True, True, True, False]
    assert not fits("0")


@pytest.mark.parametrize(
    "name", ["boolean", "epoch:s", "epoch:ms", "epoch:us", "number", "number:5,2", "number:3,3"]
)
@pytest.mark.parametrize("beyond", [0, 1])
def test_the_range_of_integers_is_what_the_check_accepts(name: str, beyond: int) -> None:
    limits = integer_range(name)
    assert limits is not None
    accepted = beyond == 0 or name == "number"
    assert check(name)(limits[0] - beyond) is check(name)(limits[1] + beyond) is accepted


@pytest.mark.parametrize("name", ["json", "uuid", "date", "timestamp:YYYY-MM-DD HH:MM", "boolean_text:no/yes"])
def test_a_form_of_text_takes_no_integer(name: str) -> None:
    assert integer_range(name) is None


@settings(derandomize=True, max_examples=300)
@given(st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)))
def test_a_number_comes_back_by_numeric_affinity(value: int | float) -> None:
    """Through PostgreSQL's numeric: a whole number that fits 64 bits reads back as INTEGER, any other as REAL."""
    exact = Decimal(repr(value))
    whole = exact.is_finite() and exact == exact.to_integral_value() and -(2**63) <= exact < 2**63
    assert check("number")(value) == ((type(value) is int) == whole)


@settings(derandomize=True, max_examples=500)
@given(
    st.one_of(st.integers(-(10**7), 10**7), st.floats(), st.decimals(-1000, 1000, places=2).map(float)),
    st.integers(1, 12).flatmap(lambda digits: st.tuples(st.just(digits), st.integers(0, digits))),
)
def test_a_number_fits_a_precision_as_decimal_arithmetic_says(value: int | float, limits: tuple[int, int]) -> None:
    digits, scale = limits
    exact = Decimal(repr(value))
    fits = (
        exact.is_finite()
        and abs(exact) < Decimal(10) ** (digits - scale)
        and exact == round(exact, scale)
        and check("number")(value)
    )
    assert check(f"number:{digits},{scale}")(value) == fits


@settings(derandomize=True, max_examples=200)
@given(
    st.recursive(
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
        ),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
        max_leaves=10,
    ),
    st.booleans(),
)
def test_what_a_json_library_writes_is_json_unless_it_holds_a_nul(tree: object, ascii_only: bool) -> None:
    text = json.dumps(tree, ensure_ascii=ascii_only)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    surrogates = any("\ud800" <= letter <= "\udfff" for letter in json.dumps(tree, ensure_ascii=False))
    nul = "\x00" in "".join(_texts(tree))
    assert check("json")(text) == (not surrogates and not nul)


def _texts(tree: object) -> list[str]:
    if isinstance(tree, dict):
        return [*tree, *(text for item in tree.values() for text in _texts(item))]
    if isinstance(tree, list):
        return [text for item in tree for text in _texts(item)]
    return [tree] if isinstance(tree, str) else []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "[Infinity]",
        "-Infinity",
        "{'a': 1}",
        "{a: 1}",
        "[1,]",
        '{"a": 1,}',
        "01",
        "+1",
        ".5",
        "1.",
        "0x10",
        '"a\tb"',
        '"\\x41"',
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '["\\u0000"]',
        '{"\\u0000": 1}',
        "[1] // no",
        "\ufeff{}",
        "[1][2]",
        "nul",
        "[" * (JSON_DEPTH + 1) + "]" * (JSON_DEPTH + 1),
        "[" * 100_000,
    ],
)
def test_what_postgresql_would_refuse_or_fail_on_is_not_json(text: str) -> None:
    assert not check("json")(text)


@pytest.mark.parametrize(
    "text",
    [
        "null",
        " [ ] \r\n\t",
        '"\\ud83d\\ude00"',
        '"\\\\u0000"',
        '{"a": 1, "a": 2}',
        "1e400",
        "9" * 10_000,
        json.dumps("[" * 2000),
        "[" * JSON_DEPTH + "]" * JSON_DEPTH,
        json.dumps([[]] * 1000),
    ],
)
def test_unusual_but_valid_json_is_json(text: str) -> None:
    assert check("json")(text)


@pytest.mark.parametrize("value", [1, 1.5])
def test_a_number_is_not_json_text(value: Value) -> None:
    assert not check("json")(value)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("BOOLEAN", {"boolean", "boolean_text:no/yes", "number"}),
        ("datetime", {"date", "timestamp:YYYY-MM-DD HH:MM:SS", "epoch:ms", "number"}),
        ("guid", {"uuid"}),
        ("JSON", {"json"}),
        ("DECIMAL(10,2)", {"number", "number:10,2"}),
        ("numeric ( 5 )", {"number", "number:5,0"}),
        ("MONEY", {"number"}),
        ("INTEGER", {"number"}),
    ],
)
def test_the_declared_words_name_the_candidates(declared: str, expected: set[str]) -> None:
    assert expected <= set(candidates(declared, affinity_of(declared)))


@pytest.mark.parametrize("declared", ["TEXT", "", "BLOB", "REAL", "VARCHAR(20)", "DOUBLE"])
def test_a_plain_type_asks_for_nothing(declared: str) -> None:
    assert candidates(declared, affinity_of(declared)) == {}


DOCUMENTS = [
    ("{}", True),
    (' \n[1, {"a": -0, "b": 1e300}] ', True),
    ('{"a": 1, "b": {"a": 2}}', True),
    ('{"a": 1, "a": 1}', False),
    ('[{"a": 1, "\\u0061": 2}]', False),
    ("[1e1001]", False),
    ("[1e-99999999999]", False),
    (f"[{'9' * 1001}]", False),
    ('["\\u0000"]', False),
    ('["\\ud800"]', False),
    ("5", False),
    ('"text"', False),
    ("[NaN]", False),
    ("", False),
    (b"{}", False),
]


@pytest.mark.parametrize(("value", "expected"), DOCUMENTS)
def test_a_document_is_json_of_which_jsonb_loses_nothing(value: Value, expected: bool) -> None:
    assert check("json_value")(value) is expected


@settings(derandomize=True, max_examples=300)
@given(value=st.floats(2_444_239.5, 2_488_069.5, exclude_max=True))
def test_every_julian_day_of_these_centuries_comes_back_from_its_microsecond(value: float) -> None:
    assert check("julian")(value)


@pytest.mark.parametrize("value", [2_444_239.0, 2_488_069.5, 0.5, -1.0, float("inf"), 2_460_311, "2460311.5"])
def test_what_is_no_julian_day_of_these_centuries_is_none(value: Value) -> None:
    assert not check("julian")(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(5.0, True), (19.99, True), (-0.01, True), (0.0, True), (-0.0, False), (0.001, False), (0.1 + 0.2, False),
     (1e13, False), (9_999_999_999_999.99, True), (float("inf"), False), (5, False)],
)  # fmt: skip
def test_money_is_a_double_of_two_decimals(value: Value, expected: bool) -> None:
    assert check("decimal:15,2")(value) is expected


def test_every_candidate_is_a_named_representation() -> None:
    names = set(candidates("BOOL DATETIME UUID JSON DECIMAL(4,1)", affinity_of("DECIMAL(4,1)"))) - {"json"}
    assert all(str(Representation.parse(name)) == name for name in names)


@pytest.mark.parametrize(
    ("declared", "limits"),
    [
        ("DECIMAL(10,2)", (10, 2)),
        ("decimal( 10 , 2 )", (10, 2)),
        ("NUMBER(4)", (4, 0)),
        ("DECIMAL", None),
        ("DECIMAL(0,0)", None),
        ("DECIMAL(2,5)", None),
        ("DECIMAL(1001,0)", None),
        ("VARCHAR(10)", None),
    ],
)
def test_precision_is_read_from_the_declaration(declared: str, limits: tuple[int, int] | None) -> None:
    assert precision(declared) == limits
