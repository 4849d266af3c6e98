"""What a script's own definitions leave of what was known of the file."""

from __future__ import annotations

from pgraduate.dialect.schema_view import DeclaredTable, SimpleSchema, TableView
from pgraduate.translate import Layered, Untranslated, split, translate_script

KNOWN = TableView("t", "app", "t", (), declared=DeclaredTable("CREATE TABLE t (a)"))


def outcomes(script: str) -> list[str]:
    schema = Layered(SimpleSchema({"t": KNOWN}, target_schema="app"), "app")
    found = translate_script(split(script), schema)
    return [item.construct if isinstance(item, Untranslated) else "translated" for item in found]


def test_a_definition_is_told_until_the_script_makes_another() -> None:
    asked = "SELECT sql FROM sqlite_master;"
    assert outcomes(asked) == ["translated"]
    assert outcomes(f"ANALYZE; {asked}")[-1] == "translated"
    assert outcomes(f"DROP TABLE IF EXISTS other; CREATE TABLE u (b); {asked}")[-1] == (
        "the column sql of sqlite_master"
    )
