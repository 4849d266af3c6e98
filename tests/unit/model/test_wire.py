from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pgraduate.model
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.operation import Plan
from pgraduate.model.wire import from_json, to_json


def model_classes() -> list[type]:
    """All dataclasses of the model; one added tomorrow is tested tomorrow."""
    modules = [
        importlib.import_module(f"pgraduate.model.{module.name}")
        for module in pkgutil.iter_modules(pgraduate.model.__path__)
    ]
    found = {
        item
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and dataclasses.is_dataclass(item) and item.__module__ == module.__name__
    }
    return sorted(found, key=lambda kind: kind.__qualname__)


NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
PLANS = st.builds(Plan, facts=st.dictionaries(st.text(max_size=8), JSON, max_size=3))
st.register_type_strategy(Plan, PLANS)


def test_the_model_is_found() -> None:
    assert {"Catalog", "SchemaPlan", "TableResult", "Plan"} <= {kind.__name__ for kind in model_classes()}


@pytest.mark.parametrize("kind", model_classes(), ids=lambda kind: kind.__name__)
def test_every_model_class_comes_back_from_json_as_it_was(kind: type) -> None:
    @settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_type(kind))
    def round_trip(value: Any) -> None:
        assert from_json(kind, json.loads(json.dumps(to_json(value)))) == value

    round_trip()


@pytest.mark.parametrize("kind", model_classes(), ids=lambda kind: kind.__name__)
def test_every_model_class_is_frozen_and_slotted(kind: Any) -> None:
    assert kind.__dataclass_params__.frozen
    assert "__slots__" in vars(kind)


def test_a_key_of_a_later_version_is_ignored() -> None:
    data = to_json(Figure("rows", 1, "rows", "copy-1")) | {"confidence": "high"}
    assert from_json(Figure, data) == Figure("rows", 1, "rows", "copy-1")


def test_a_missing_key_without_a_default_is_an_error() -> None:
    with pytest.raises(TypeError):
        from_json(Figure, {"name": "rows"})


def test_an_unknown_word_of_an_enumeration_is_an_error() -> None:
    with pytest.raises(ValueError):
        from_json(Finding, to_json(Finding("C", Severity.INFO, "t", "w")) | {"severity": "grave"})


@given(st.frozensets(st.text(max_size=4), max_size=4), st.dictionaries(st.integers(), st.text(max_size=4)))
@settings(max_examples=50, derandomize=True, deadline=None)
def test_sets_and_mappings_become_what_json_knows(items: frozenset[str], mapping: Mapping[int, str]) -> None:
    data = json.loads(json.dumps(to_json({"items": items, "mapping": mapping})))
    assert set(data["items"]) == items
    assert data["mapping"] == {str(key): text for key, text in mapping.items()}
