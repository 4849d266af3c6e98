"""Every call that the dialect can make is one that the server resolves, whatever the kinds of the arguments are.

PostgreSQL prefers double precision for arguments of an unknown type and finds no function at all for some pairs of types;
so each function is translated over values of every kind and prepared.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import psycopg
import pytest
from support.server import PrivateServer
from support.translate_suite import make_database, twins_of

from pgraduate.dialect.binding import positional
from pgraduate.dialect.values.calls import FUNCTIONS
from pgraduate.model.storage import StorageClass
from pgraduate.translate import Layered, Translated, Twins, attempt, split

KINDS = {
    "int4": "1",
    "int8": "age",
    "numeric": "coalesce(age, score)",
    "float8": "score",
    "text": "name",
    "mixed": "json_extract(doc, '$.a')",
    "blob": "data",
    "unknown": "'7'",
    "null": "NULL",
    "parameter": "?",
    "predicate": "(age > 1)",
    "moment": "born",
}
BESIDE = tuple(KINDS[kind] for kind in ("int8", "float8", "text", "unknown", "null"))
CLASSES = (StorageClass.INTEGER, StorageClass.REAL, StorageClass.TEXT, StorageClass.NULL)
NOT_CALLS = ("plus", "blob", "arrow", "double_arrow", "current_date", "current_time", "current_timestamp")
AGGREGATES = ("count", "sum", "total", "avg", "min", "max", "group_concat", "json_group_array")
OPERATORS = ("+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>", "=", "<", "IS", "LIKE", "GLOB", "->", "->>")


@pytest.fixture(scope="module")
def twins(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    path = make_database(Path(tmp_path_factory.mktemp("overloads")) / "suite.db")
    with server.database() as conninfo, twins_of(path, conninfo, "declared") as made:
        yield made


def _expressions(name: str) -> Iterator[str]:
    function = FUNCTIONS[name]
    most = function.most if function.most is not None else function.least + 2
    for count in range(function.least, min(most, 4) + 1):
        pairs = product(KINDS.values(), BESIDE) if count == 2 else ([kind] * count for kind in KINDS.values())
        for values in pairs:
            yield f"{name}({', '.join(values)})"


def _refused(twins: Twins, expressions: Iterator[str]) -> list[str]:
    """Prepare each expression that is translated, with a parameter of every class, and give what the server refuses."""
    failed = []
    connection = twins._postgres
    for expression in expressions:
        (statement,) = split(f"SELECT {expression} FROM people")
        for storage in CLASSES if "?" in expression else CLASSES[:1]:
            classes = (storage,) * expression.count("?")
            found = attempt(statement, Layered(twins._schema, "pgraduate_scratch"), parameters=classes)
            if not isinstance(found, Translated):
                continue
            text = positional(found.texts[-1]).sql
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(f"PREPARE overload AS {text}".encode(), prepare=False)
                    connection.execute("DEALLOCATE overload", prepare=False)
            except psycopg.Error as error:
                failed.append(f"{expression} {storage}: {error.diag.message_primary}")
    return failed


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - set(NOT_CALLS)))
def test_a_function_is_found_for_every_kind_of_argument(name: str, twins: Twins) -> None:
    assert _refused(twins, _expressions(name)) == []


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_is_found_for_every_kind_of_operand(operator: str, twins: Twins) -> None:
    pairs = product(KINDS.values(), BESIDE)
    assert _refused(twins, (f"{left} {operator} {right}" for left, right in pairs)) == []


@pytest.mark.parametrize("name", AGGREGATES)
def test_an_aggregate_is_found_for_every_kind_of_argument(name: str, twins: Twins) -> None:
    windows = ("", " FILTER (WHERE id > 1)", " OVER (ORDER BY id)")
    assert _refused(twins, (f"{name}({kind}){window}" for kind, window in product(KINDS.values(), windows))) == []
