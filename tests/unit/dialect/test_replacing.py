"""UPDATE OR IGNORE and OR REPLACE: what is computed beforehand, and what is refused."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_dml
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

COLUMNS = (
    ColumnView("id", "id", "bigint", Affinity.INTEGER, Representation(Rule.INTEGER)),
    ColumnView("login", "login", "text", Affinity.TEXT, Representation(Rule.TEXT)),
    ColumnView("hits", "hits", "bigint", Affinity.INTEGER, Representation(Rule.INTEGER), not_null=True),
)
SCHEMA = SimpleSchema.of(TableView("account", "app", "account", COLUMNS, "id", (("id",), ("login",))))


def test_what_no_key_and_no_constraint_can_stop_stays_a_plain_update() -> None:
    found = translate_dml("UPDATE OR IGNORE account SET hits = 1 WHERE id = 2", SCHEMA)
    assert found.sql.endswith('WHERE "account"."id" = 2')
    assert found.before == ()


def test_a_null_for_a_key_collides_with_nothing() -> None:
    assert translate_dml("UPDATE OR REPLACE account SET login = NULL", SCHEMA).before == ()


def test_replace_removes_what_is_in_the_way_first() -> None:
    found = translate_dml("UPDATE OR REPLACE account SET login = 'x' WHERE id = 2", SCHEMA)
    assert len(found.before) == 1
    assert found.before[0].startswith('DELETE FROM "app"."account"')
    assert [finding.code for finding in found.findings] == ["REPLACE_FIRES_OTHERWISE"]


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("UPDATE OR IGNORE account SET id = id + 1", "computed from the row"),
        ("UPDATE OR REPLACE account SET login = lower(login)", "computed from the row"),
        ("UPDATE OR REPLACE account SET id = 3, login = 'x'", "several unique keys"),
        ("UPDATE OR REPLACE account SET hits = NULL", "which is NOT NULL"),
        ("UPDATE OR REPLACE account SET login = 'x' WHERE id = (SELECT max(id) FROM account)", "holds a query"),
    ],
)
def test_an_outcome_that_depends_on_the_rows_before_is_refused(sql: str, construct: str) -> None:
    with pytest.raises(NotTranslated, match=construct):
        translate_dml(sql, SCHEMA)
