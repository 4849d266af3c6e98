"""The statements of the suite with the schema that they speak of, ready to be translated."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pgraduate.dialect.schema_view import SchemaView
from pgraduate.events import Silence
from pgraduate.journey.statements import schema_of
from pgraduate.model.storage import StorageClass
from pgraduate.settings import load
from pgraduate.translate import Layered, Statement, Translated, split
from pgraduate.translate.lite import classes_of
from pgraduate.translate.translating import attempt

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))


@dataclass(frozen=True, slots=True)
class Work:
    """One statement with the classes of its parameters, and the schema that it speaks of."""

    statement: Statement
    parameters: tuple[StorageClass, ...] | None
    schema: SchemaView
    name: str

    def translate(self) -> tuple[str, ...]:
        """Give PostgreSQL's texts, or the construct that is refused."""
        found = attempt(self.statement, Layered(self.schema, self.name), parameters=self.parameters)
        return found.texts if isinstance(found, Translated) else (f"refused: {found.construct}",)


def works() -> tuple[Work, ...]:
    """Give every statement of the suite over the plan of its database under the policy `faithful`."""
    from support.translate_suite import FOLDERS, rows

    found: list[Work] = []
    for folder in FOLDERS:
        view, name = _schema(folder)
        cases = [case for row in rows(folder) for case in row.cases]
        found += [
            Work(split(case.text)[0], classes_of(case.values) if case.values else None, view, name)
            for case in cases
        ]
    return tuple(found)


def _schema(folder: Path) -> tuple[SchemaView, str]:
    from support.translate_suite import make_database

    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        path = make_database(Path(directory) / "suite.db", folder)
        return schema_of(path, load(path.parent, policy="faithful", environment={}), Silence())


def texts() -> Iterator[str]:
    """Give every translation, statement by statement."""
    for work in works():
        yield f"-- {work.statement.text}"
        yield from work.translate()
