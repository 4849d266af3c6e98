from __future__ import annotations

import pytest

from pgraduate.dialect.triggers.parser import Event, Timing, TriggerDefinition, parse_trigger
from pgraduate.errors import NotTranslated

DELETE_U = ("DELETE FROM u",)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "CREATE TRIGGER x DELETE ON t BEGIN DELETE FROM u; END",
            TriggerDefinition("x", Timing.BEFORE, Event.DELETE, "t", DELETE_U),
        ),
        (
            "create trigger if not exists main.x after insert on t for each row begin delete from u; end;",
            TriggerDefinition("x", Timing.AFTER, Event.INSERT, "t", ("delete from u",)),
        ),
        (
            "CREATE TRIGGER \"after\" INSTEAD OF UPDATE OF [a b], `c``d`, e ON 'my view' BEGIN DELETE FROM u; END",
            TriggerDefinition(
                "after", Timing.INSTEAD_OF, Event.UPDATE, "my view", DELETE_U, columns=("a b", "c`d", "e")
            ),
        ),
        (
            "CREATE TRIGGER x BEFORE UPDATE ON t WHEN new.begin > (SELECT begin FROM t) BEGIN DELETE FROM u; END",
            TriggerDefinition(
                "x", Timing.BEFORE, Event.UPDATE, "t", DELETE_U, when="new.begin > (SELECT begin FROM t)"
            ),
        ),
        (
            "CREATE TRIGGER x AFTER INSERT ON t WHEN new.begin BEGIN DELETE FROM u; END",
            TriggerDefinition("x", Timing.AFTER, Event.INSERT, "t", DELETE_U, when="new.begin"),
        ),
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN -- first;\n SELECT CASE WHEN 1 THEN 2 END;\n"
            " UPDATE u SET end = ';END;' /* ; */ WHERE end; END",
            TriggerDefinition(
                "x",
                Timing.AFTER,
                Event.INSERT,
                "t",
                ("SELECT CASE WHEN 1 THEN 2 END", "UPDATE u SET end = ';END;' /* ; */ WHERE end"),
            ),
        ),
    ],
)
def test_every_part_of_the_header_and_body_is_read(sql: str, expected: TriggerDefinition) -> None:
    assert parse_trigger(sql) == expected


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; END", "TEMP"),
        ("CREATE TRIGGER temp.x AFTER INSERT ON t BEGIN SELECT 1; END", "another database"),
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1 END", "does not close"),
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN END", "does not close"),
        ("CREATE TRIGGER x AFTER INSERT ON t WHEN 1", "incomplete"),
        ("CREATE TRIGGER x AFTER TRUNCATE ON t BEGIN SELECT 1; END", "unexpected text at character 24"),
        ("CREATE TRIGGER x AFTER INSERT ON t FOR EACH STATEMENT BEGIN SELECT 1; END", "unexpected text"),
        ("CREATE TABLE x (a)", "unexpected text"),
    ],
)
def test_what_is_no_trigger_of_the_database_is_refused_by_name(sql: str, construct: str) -> None:
    with pytest.raises(NotTranslated, match=construct):
        parse_trigger(sql)
