"""Rules of retention are read strictly: one that could be read in two ways is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgraduate.errors import UsageError
from pgraduate.model.retention import Destination, Unit, read_rules
from pgraduate.settings import load

RULE = {"table": "shop.orders", "age": "placed", "keep": "90 days", "to": "archive"}


def test_a_whole_rule_is_read(tmp_path: Path) -> None:
    (tmp_path / "pgraduate.toml").write_text(
        '[maintain]\nwindow = "01:00-05:00"\n[[maintain.retention]]\ntable = "shop.orders"\nage = "placed"\n'
        'keep = "1 year"\nto = "csv"\nunit = "ms"\ndirectory = "old"\nchildren = ["shop.lines"]\nbatch = 7\n'
    )
    (rule,) = load(tmp_path, environment={}).maintenance.retention
    assert (rule.name, rule.keep, rule.to, rule.unit) == (
        "shop.orders",
        "1 year",
        Destination.CSV,
        Unit.MILLISECONDS,
    )
    assert (rule.directory, rule.children, rule.batch) == ("old", ("shop.lines",), 7)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"table": "orders"}, "no table with its schema"),
        ({"table": 3}, "must be a text"),
        ({"keep": "a while"}, "no length of time"),
        ({"keep": "0 days"}, "no length of time"),
        ({"keep": "90"}, "no length of time"),
        ({"to": "parquet"}, "not known as 'to'"),
        ({"unit": "minutes"}, "not known as 'unit'"),
        ({"archive": ""}, "must be a text"),
        ({"directory": "old"}, "where segments go"),
        ({"to": "csv", "archive": "old"}, "schema of archive tables"),
        ({"children": "shop.lines"}, "must be a list"),
        ({"children": [3]}, "must be a list"),
        ({"batch": 0}, "from 1 to 10000"),
        ({"batch": True}, "from 1 to 10000"),
        ({"colour": "red"}, "unknown key 'colour'"),
    ],
)
def test_what_is_not_understood_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_rules([RULE | change])


@pytest.mark.parametrize("key", RULE)
def test_what_a_rule_needs_is_asked_for(key: str) -> None:
    with pytest.raises(UsageError, match=f"has no '{key}'"):
        read_rules([{name: value for name, value in RULE.items() if name != key}])


def test_two_rules_for_a_table_are_refused() -> None:
    with pytest.raises(UsageError, match=r"two rules are about shop\.orders"):
        read_rules([RULE, RULE | {"to": "drop"}])


def test_a_table_in_the_place_of_a_list_is_refused() -> None:
    with pytest.raises(UsageError, match="list of rules"):
        read_rules(RULE)
