"""The statements of the suite with the schema that they speak of, ready to be translated."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pgraduate.dialect.schema_view import SchemaView
from pgraduate.events import Silence
from pgraduate.journey.statements import _schema_of
from pgraduate.model.storage import StorageClass
from pgraduate.settings import load
from pgraduate.translate import Layered, Statement, Translated, split
from pgraduate.translate.lite import classes_of
from pgraduate.translate.translating import attempt

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))


@dataclass(frozen=True, slots=True)
class Work:
    """One statement with the classes of its parameters."""

    statement: Statement
    parameters: tuple[StorageClass, ...] | None

    def translate(self, schema: SchemaView, name: str) -> tuple[str, ...]:
        """Give PostgreSQL's texts, or the construct that is refused."""
        found = attempt(self.statement, Layered(schema, name), parameters=self.parameters)
        return found.texts if isinstance(found, Translated) else (f"refused: {found.construct}",)


def works() -> tuple[Work, ...]:
    from support.translate_suite import rows

    return tuple(_works(case.text, case.values) for row in rows() for case in row.cases)


def _works(text: str, values: tuple[int | float | str | bytes | None, ...]) -> Work:
    return Work(split(text)[0], classes_of(values) if values else None)


def schema() -> tuple[SchemaView, str]:
    """Plan the suite's database under the policy `faithful`."""
    from support.translate_suite import make_database

    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        path = make_database(Path(directory) / "suite.db")
        return _schema_of(path, load(path.parent, policy="faithful", environment={}), Silence())


def texts() -> Iterator[str]:
    """Give every translation, statement by statement."""
    view, name = schema()
    for work in works():
        yield f"-- {work.statement.text}"
        yield from work.translate(view, name)
