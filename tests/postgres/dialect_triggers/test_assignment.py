"""A value on its way into a column arrives as in SQLite, or the statement is refused or fails: never otherwise.

Every source (a literal, or a column of every type) meets every column type.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
import pytest
from support.twins import SCHEMA, TYPES, CreateTwins, Twins

from pgraduate.dialect import translate_dml
from pgraduate.errors import NotTranslated

NAMES = {declared: f"c{place}" for place, declared in enumerate(TYPES)}
LITERALS = (
    "NULL", "0", "1", "2", "-7", "9007199254740993", "1.0", "1.5", "1e300", "''", "'1'", "' 12 '", "'1.0'", "'1e2'",
    "'word'", "'true'", "'yes'", "'no'", "'2024-02-29'", "'2024-02-30'", "'2024-01-01 10:00:00'",
    "'2024-01-01T10:00:00'", "'123e4567-e89b-12d3-a456-426614174000'", "'{\"a\": 1}'", "'[1,  2]'", "x'0aff'",
    "1 < 2", "'a' || 'b'", "CAST('3' AS INTEGER)", "CAST(2 AS TEXT)", "1 + 0.5", "datetime('2024-01-01')",
    "date('2024-01-01 10:00:00')", "CASE WHEN 1 THEN 'yes' END",
)  # fmt: skip
STORED: dict[str, Sequence[str]] = {
    "INTEGER": ("0", "1", "-7", "9007199254740993"),
    "REAL": ("1.0", "1.5", "1e300", "-0.1"),
    "TEXT": ("''", "'1'", "'12.50'", "'word'", "'yes'", "'2024-02-29'", "'2024-01-01 10:00:00'"),
    "VARCHAR(20)": ("'7'", "'word'"),
    "JSON": ("'{\"b\":  1}'",),
    "BLOB": ("x'00ff'",),
    "BOOLEAN": ("0", "1"),
    "YESNO": ("'yes'", "'no'"),
    "DATE": ("'2024-02-29'",),
    "DATETIME": ("'2024-01-01 10:00:00'",),
    "EPOCH INTEGER": ("1700000000",),
    "DECIMAL": ("1", "12.5", "0.1"),
    "UUID TEXT": ("'123e4567-e89b-12d3-a456-426614174000'",),
    "": ("1", "1.5", "'word'"),
}
ANNOUNCED = {"TEXT_FORM_ASSUMED", "CLASS_NOT_KEPT"}


@pytest.fixture
def twins(create_twins: CreateTwins) -> Twins:
    declared = ", ".join(f"{name} {type}" for type, name in NAMES.items())
    tables = "".join(f"CREATE TABLE into_{name}(v {type});" for type, name in NAMES.items())
    return create_twins(f"CREATE TABLE source(id INTEGER PRIMARY KEY, {declared}); {tables}")


def outcome(twins: Twins, type: str, value: str, source: str = "") -> str:
    """Store one value in both engines; give what became of it, and fail where they differ unannounced."""
    table = f"into_{NAMES[type]}"
    statement = (
        f"INSERT INTO {table} SELECT {value} FROM {source}" if source else f"INSERT INTO {table} VALUES ({value})"
    )
    twins.lite.execute(statement)
    lite = twins.lite.execute(f"SELECT v, typeof(v) FROM {table}").fetchall()
    twins.lite.execute(f"DELETE FROM {table}")
    try:
        translation = translate_dml(statement, twins.schema)
    except NotTranslated:
        return "refused"
    twins.bring_functions(translation.uses_compat)
    twins.post.execute(f"DELETE FROM {SCHEMA}.{table}".encode())
    try:
        twins.post.execute(translation.sql.encode())
    except psycopg.DataError:
        return "failed"
    post = [(v, _class(v)) for (v,) in twins.contents()[1][table]]
    if any(finding.code in ANNOUNCED for finding in translation.findings):
        return "announced"
    assert post == lite, f"{value} into {type}: {translation.sql}"
    return "equal"


def _class(value: object) -> str:
    names = {int: "integer", float: "real", str: "text", bytes: "blob"}
    return "null" if value is None else names[type(value)]


@pytest.mark.parametrize("type", TYPES, ids=lambda type: type or "untyped")
def test_no_literal_changes_in_silence(type: str, twins: Twins) -> None:
    outcomes = [outcome(twins, type, literal) for literal in LITERALS]
    assert outcomes[0] == "equal"
    assert outcomes.count("equal") >= 2


@pytest.mark.parametrize("type", TYPES, ids=lambda type: type or "untyped")
def test_no_column_changes_in_silence(type: str, twins: Twins) -> None:
    outcomes = []
    for stored, values in STORED.items():
        name = NAMES[stored]
        for value in values:
            twins.run("DELETE FROM source")
            assert twins.run(f"INSERT INTO source({name}) VALUES ({value})") == (None, None)
            outcomes.append((stored, outcome(twins, type, name, "source")))
    same = {result for stored, result in outcomes if stored == type}
    assert same <= {"equal", "announced"}
