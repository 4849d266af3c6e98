"""What translations may call exists, and nothing else can be called."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from pgraduate import dialect
from pgraduate.dialect.api import new_context
from pgraduate.dialect.functions import COMPAT
from pgraduate.dialect.reading.parsing import parse
from pgraduate.dialect.schema_view import SimpleSchema


def names_in_sources() -> set[str]:
    """Give every name that stands in a literal call of Context.compat in the room."""
    found: set[str] = set()
    for module in Path(dialect.__file__).parent.rglob("*.py"):
        found |= set(re.findall(r"compat\(\s*\"(\w+)\"", module.read_text("utf-8")))
    return found


def test_every_function_named_in_the_room_is_registered() -> None:
    assert names_in_sources() <= set(COMPAT)


def test_every_registered_function_is_defined_in_the_scripts() -> None:
    folder = files("pgraduate.compat").joinpath("sql")
    text = "".join(entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    defined = set(re.findall(r"CREATE OR REPLACE (?:FUNCTION|AGGREGATE) pgraduate_compat\.(\w+)", text))
    assert set(COMPAT) <= defined


def test_unregistered_function_cannot_be_called() -> None:
    context = new_context(parse("SELECT 1"), SimpleSchema())
    with pytest.raises(KeyError):
        context.compat("no_such_function")
