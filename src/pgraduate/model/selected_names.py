"""Which tables, views and columns of a catalog the words of a selection mean.

A word means a table or view where one is called so, or fits its pattern, and columns otherwise: names may hold dots
themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from pgraduate.model.catalog import Catalog
from pgraduate.model.names import fold_name

ObjectId = tuple[str, str | None]
"""A table's or view's folded name, with a column's or None."""


class Finder:
    """Finds what words mean; `unused` grows with the words that mean nothing in this catalog."""

    def __init__(self, catalog: Catalog, schema: str) -> None:
        self.unused: list[str] = []
        self._prefix = fold_name(f"{schema}.")
        relations = [table.name for table in catalog.tables if table.kind != "shadow"]
        relations += [view.name for view in catalog.views]
        self._relations: dict[str, ObjectId] = {fold_name(name): (fold_name(name), None) for name in relations}
        self._columns: dict[str, ObjectId] = {
            f"{fold_name(table.name)}.{fold_name(column.name)}": (fold_name(table.name), fold_name(column.name))
            for table in catalog.tables
            if table.kind != "shadow"
            for column in table.columns
        }

    def matching(self, patterns: Iterable[str]) -> set[ObjectId]:
        """Find everything that fits one of the patterns."""
        found: set[ObjectId] = set()
        for pattern in patterns:
            fitting = next((hits for word in self._spellings(pattern) if (hits := self._fitting(word))), None)
            if fitting is None:
                self.unused.append(pattern)
            else:
                found |= fitting
        return found

    def named(self, wishes: Mapping[str, str], what: str, *, columns: bool = True) -> dict[ObjectId, str]:
        """Find what each key names; `what` says in `unused` what the key was for."""
        found: dict[ObjectId, str] = {}
        for key, wish in wishes.items():
            items = (self._called(word, columns) for word in self._spellings(key))
            item = next((item for item in items if item is not None), None)
            if item is None:
                self.unused.append(f"{what} {key}")
            else:
                found[item] = wish
        return found

    def _spellings(self, word: str) -> Iterator[str]:
        folded = fold_name(word)
        yield folded
        if folded.startswith(self._prefix):
            yield folded[len(self._prefix) :]

    def _called(self, word: str, columns: bool) -> ObjectId | None:
        return self._relations.get(word) or (self._columns.get(word) if columns else None)

    def _fitting(self, word: str) -> set[ObjectId]:
        for names in (self._relations, self._columns):
            if word in names:
                return {names[word]}
        for names in (self._relations, self._columns):
            if hits := {item for name, item in names.items() if fnmatchcase(name, word)}:
                return hits
        return set()
