"""The tables of a merge before any row is written: how a column is declared, what names a row, what follows whose keys.

The invariant: the sources are only read.  A declaration is taken only if it changes no file's values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import apsw

from pgraduate.merge.questions import Questions
from pgraduate.merge.reading import Settled
from pgraduate.merge.references import in_order, links_of, looks_like, roots_of
from pgraduate.merge.search import holds_rows
from pgraduate.merge.shape import Shape, shares_of, unify
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.sqlite.names import quote


def settle_tables(
    connection: apsw.Connection, catalogs: Sequence[Catalog], questions: Questions, references: Mapping[str, str]
) -> dict[str, Settled]:
    """Unify the tables of one name, and give all by folded name, parents first where rows follow their keys.

    Works on a connection with the sources attached as s0, s1 …; raises Refused for what cannot be one table.
    """
    return _Settling(connection, catalogs, questions).settle(references)


class _Settling:
    def __init__(self, connection: apsw.Connection, catalogs: Sequence[Catalog], questions: Questions) -> None:
        self._connection = connection
        self._catalogs = catalogs
        self._questions = questions

    def settle(self, references: Mapping[str, str]) -> dict[str, Settled]:
        names = dict.fromkeys(
            fold_name(table.name)
            for catalog in self._catalogs
            for table in catalog.tables
            if table.kind != "shadow"
        )
        shapes = {name: self._fitted(unify(shares_of(name, self._catalogs), self._questions)) for name in names}
        return self._settled(shapes, references)

    def _fitted(self, shape: Shape) -> Shape:
        """Declare each column so that no file's values change their class, and write the fills as they are stored."""
        if shape.as_is:
            return shape
        declared = {column.name: self._declaration(shape, number) for number, column in enumerate(shape.loaded)}
        columns = tuple(
            replace(column, declared=declared.get(column.name, column.declared)) for column in shape.table.columns
        )
        fills = [self._stored(declared[column.name], number, shape) for number, column in enumerate(shape.loaded)]
        origins = tuple(
            replace(origin, fills=tuple(fill[place] for fill in fills))
            for place, origin in enumerate(shape.origins)
        )
        return replace(shape, table=replace(shape.table, columns=columns), origins=origins)

    def _declaration(self, shape: Shape, number: int) -> str:
        column = shape.loaded[number]
        held = [
            (share.place, origin.table, name, share.table.column(name))
            for share, origin in zip(shape.shares, shape.origins, strict=True)
            if (name := origin.columns[number]) is not None
        ]
        if len({item.affinity for *_, item in held}) == 1:
            return column.declared
        for declared in dict.fromkeys([column.declared, *(item.declared for *_, item in held)]):
            if not any(self._changes(declared, place, table, name) for place, table, name, _ in held):
                return declared
        self._questions.find(
            "MERGE_COLUMN",
            Severity.NOTICE,
            f"{self._questions.schema}.{shape.table.name}",
            f"no declared type of {column.name} keeps every file's values as they are: it has none",
        )
        return ""

    def _changes(self, declared: str, place: int, table: str, column: str) -> bool:
        """Whether a column declared so would store some value of a file in another class."""
        self._connection.execute(f"DROP TABLE IF EXISTS temp.probe; CREATE TEMP TABLE probe (raw, v {declared})")
        item = f"x.{quote(column)}"
        self._connection.execute(
            f"INSERT INTO temp.probe SELECT typeof({item}), {item} FROM s{place}.{quote(table)} AS x NOT INDEXED"
        )
        return bool(self._connection.execute("SELECT EXISTS (SELECT 1 FROM temp.probe WHERE raw <> typeof(v))").get)

    def _stored(self, declared: str, number: int, shape: Shape) -> list[str]:
        self._connection.execute(f"DROP TABLE IF EXISTS temp.probe; CREATE TEMP TABLE probe (v {declared})")
        stored = []
        for origin in shape.origins:
            self._connection.execute(
                f"DELETE FROM temp.probe; INSERT INTO temp.probe SELECT {origin.fills[number]}"
            )
            stored.append(str(self._connection.execute("SELECT quote(v) FROM temp.probe").get))
        return stored

    def _settled(self, shapes: Mapping[str, Shape], references: Mapping[str, str]) -> dict[str, Settled]:
        """Find each table's identity and which of its columns follow which keys."""
        plain = {name: shape for name, shape in shapes.items() if holds_rows(shape.table)}
        keys = {
            name: fold_name(shape.table.primary_key[0])
            for name, shape in plain.items()
            if len(shape.table.primary_key) == 1 and len(shape.shares) > 1
        }
        declared = links_of([shape.table for shape in plain.values()], references)
        wishes = dict(references) | self._guessed(plain, keys, set(declared))
        wishes |= self._numbered(plain, keys, set(declared))
        links = links_of([shape.table for shape in plain.values()], wishes)
        roots = roots_of(links, keys.items())
        settled = {}
        for name in in_order(shapes, roots):
            shape = shapes[name]
            identity = tuple(shape.table.primary_key)
            if not identity and shape.natural_keys:
                identity = tuple(key.column or "" for key in shape.natural_keys[0].keys)
            own = roots.get((name, keys.get(name, ""))) == (name, keys.get(name))
            follows = {column: parent for (table, column), (parent, _) in roots.items() if table == name}
            integers = own and self._integers(shape, keys[name])
            settled[name] = Settled(name, shape, identity if name in plain else (), own, integers, follows)
        return settled

    def _integers(self, shape: Shape, key: str) -> bool:
        for share, origin in zip(shape.shares, shape.origins, strict=True):
            name = quote(share.table.column(key).name)
            query = (
                f"SELECT EXISTS (SELECT 1 FROM s{share.place}.{quote(origin.table)} NOT INDEXED"
                f" WHERE typeof({name}) <> 'integer')"
            )
            if self._connection.execute(query).get:
                return False
        return True

    def _guessed(
        self, shapes: Mapping[str, Shape], keys: Mapping[str, str], known: set[tuple[str, str]]
    ) -> dict[str, str]:
        """Ask about columns that look like references to keys that may change, and hold nothing but such keys."""
        wishes = {}
        for parent, key in keys.items():
            if not self._may_change(shapes[parent], key):
                continue
            for name, shape in shapes.items():
                if shape.table.kind == "virtual":
                    continue
                for column in shape.loaded:
                    which = (name, fold_name(column.name))
                    if which in known or which == (parent, key) or not looks_like(column.name, parent):
                        continue
                    held = self._held(shape, column.name, shapes[parent], key)
                    if held and self._follow(shape.table, column.name, shapes[parent].table, held):
                        wishes[f"{shape.table.name}.{column.name}"] = f"{shapes[parent].table.name}.{key}"
        return wishes

    def _numbered(
        self, shapes: Mapping[str, Shape], keys: Mapping[str, str], known: set[tuple[str, str]]
    ) -> dict[str, str]:
        """Ask whose keys the row numbers of a search table are, among the tables that have them all."""
        wishes = {}
        for name, shape in shapes.items():
            if shape.table.kind == "table" or (name, fold_name(shape.table.primary_key[0])) in known:
                continue
            number = shape.table.primary_key[0]
            held = {
                parent: count
                for parent, key in keys.items()
                if shapes[parent].table.kind == "table"
                and self._may_change(shapes[parent], key)
                and (count := self._held(shape, number, shapes[parent], key))
            }
            if not held:
                continue
            answers = {"follow:" + shapes[parent].table.name: parent for parent in held}
            answer = self._questions.ask(
                "merge_search",
                f"{shape.table.name}({number})",
                f"The rows of the search table {shape.table.name} have numbers. Whose keys are they?",
                f"all {max(held.values()):,} are keys of {', '.join(shapes[parent].table.name for parent in held)}",
                (
                    *(
                        Option(key, f"they change as the keys of {shapes[answers[key]].table.name} do")
                        for key in answers
                    ),
                    Option("own", "no other table's: they stay, or change on their own where files share some"),
                ),
            )
            if answer in answers:
                parent = answers[answer]
                wishes[f"{shape.table.name}.{number}"] = f"{shapes[parent].table.name}.{keys[parent]}"
        return wishes

    def _follow(self, table: Table, column: str, parent: Table, held: int) -> bool:
        answer = self._questions.ask(
            "merge_reference",
            f"{table.name}({column})",
            f"{table.name}.{column} looks like a reference to {parent.name}, whose keys may change. Does it follow?",
            f"no foreign key is declared; all {held:,} values are keys of {parent.name} in their own file",
            (
                Option("follow", f"it changes as the keys of {parent.name} do"),
                Option("leave", "its values stay as they are"),
            ),
        )
        return answer == "follow"

    def _may_change(self, shape: Shape, key: str) -> bool:
        """Whether two files use one key, and nobody has said that such rows keep it."""
        asked = f"merge_key:{self._questions.schema}.{shape.table.name}({shape.table.primary_key[0]})"
        if self._questions.answers.get(asked) in ("first", "last") and not (shape.uniques or shape.made):
            return False
        for later in range(len(shape.shares)):
            for earlier in range(later):
                sides = [
                    f"SELECT {quote(shape.shares[place].table.column(key).name)}"
                    f" FROM s{shape.shares[place].place}.{quote(shape.origins[place].table)} NOT INDEXED"
                    for place in (earlier, later)
                ]
                if self._connection.execute(f"SELECT EXISTS ({sides[0]} INTERSECT {sides[1]})").get:
                    return True
        return False

    def _held(self, shape: Shape, column: str, parent: Shape, key: str) -> int:
        """Count the values of a column if every one of them is a key of the parent in its own file, else 0."""
        held = 0
        for share, origin in zip(shape.shares, shape.origins, strict=True):
            if fold_name(column) not in {fold_name(item.name) for item in share.table.columns}:
                continue
            name = f"x.{quote(share.table.column(column).name)}"
            other = next((item for item in parent.shares if item.place == share.place), None)
            inside = (
                f"{name} IN (SELECT {quote(other.table.column(key).name)} FROM s{other.place}.{quote(other.table.name)})"
                if other
                else "0"
            )
            count, strange = self._connection.execute(
                f"SELECT count({name}), sum({name} IS NOT NULL AND NOT {inside})"
                f" FROM s{share.place}.{quote(origin.table)} AS x NOT INDEXED"
            ).fetchone() or (0, 0)
            if strange:
                return 0
            held += int(count or 0)
        return held
