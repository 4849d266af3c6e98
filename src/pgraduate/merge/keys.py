"""Keys that several files use: found, asked about, and settled for every row.

All keys of a table, from all files, stand in one register with what they become.  The files are taken in order (the
last first, where the last wins); a row whose place is taken by an earlier one leaves a line that says by whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from pgraduate.errors import UsageError
from pgraduate.merge.questions import Questions
from pgraduate.merge.reading import Reading, Settled, literal, text_literal
from pgraduate.merge.shape import UniqueKey
from pgraduate.model.decision import Option
from pgraduate.model.names import fold_name
from pgraduate.sqlite.names import quote

_GREATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Unique:
    columns: tuple[str, ...]
    collations: tuple[str, ...]
    is_primary: bool = False

    @property
    def name(self) -> str:
        parts = zip(self.columns, self.collations, strict=True)
        return ",".join(name if how == "BINARY" else f"{name} COLLATE {how}" for name, how in parts)

    @property
    def key(self) -> UniqueKey:
        return tuple(zip(map(fold_name, self.columns), self.collations, strict=True))


class Keys:
    """Works on a connection with the sources attached as s0, s1 … and the lines in `maps.line`."""

    def __init__(self, connection: apsw.Connection, questions: Questions, reading: Reading) -> None:
        self._connection = connection
        self._questions = questions
        self._reading = reading

    def settle(self, table: Settled) -> None:
        """Decide for every row of the table whether it stays, and under which key."""
        if len(table.shape.shares) < 2 or not table.identity:
            return
        constraints = self._constraints(table)
        self._register(table, constraints)
        order = "first"
        asked: dict[str, str] = {}
        matching: list[int] = []
        for number, unique in enumerate(constraints):
            if unique.is_primary:
                answer = self._ask_key(table, number, unique.columns)
                if answer == "rekey":
                    self._shift(table)
                    self._register(table, constraints)
            else:
                answer = self._ask_unique(table, number, constraints, matching)
                if answer == "drop":
                    table.dropped.append(unique.key)
            if answer in ("first", "last"):
                matching.append(number)
                asked[", ".join(unique.columns)] = order = answer
        if len(set(asked.values())) > 1:
            raise UsageError(
                f"the answers about {table.shape.table.name} differ: one file's rows cannot win by one key and lose"
                " by another",
                where="pgraduate.toml [decisions]",
                hint="answer 'first' or 'last' for all keys of the table",
            )
        self._match(table, matching, reverse=order == "last")

    def _constraints(self, table: Settled) -> list[_Unique]:
        """List what must be unique in the merge, the primary key first."""
        shape = table.shape
        collations = {column.name: column.collation for column in shape.table.columns}
        primary = tuple(shape.table.primary_key)
        found = [_Unique(primary, tuple(collations[name] for name in primary), True)] if primary else []
        for index in shape.natural_keys:
            columns = tuple(key.column or "" for key in index.keys)
            unique = _Unique(columns, tuple(key.collation for key in index.keys))
            if unique.key not in [other.key for other in found]:
                found.append(unique)
        return found

    def _register(self, table: Settled, constraints: Sequence[_Unique]) -> None:
        """Write the keys of all files: raw identity (o), constraint columns as they become (c), and whose they are."""
        columns = [f"o{place}" for place in range(len(table.identity))]
        columns += [
            f"c{number}_{place} COLLATE {quote(collation)}"
            for number, unique in enumerate(constraints)
            for place, collation in enumerate(unique.collations)
        ]
        self._connection.execute("DROP TABLE IF EXISTS temp.reg")
        self._connection.execute(
            f"CREATE TEMP TABLE reg (place INTEGER, alive INTEGER DEFAULT 1, {', '.join(columns)})"
        )
        for share, origin in enumerate(table.shape.origins):
            raw = [self._reading.raw(table, share, name) for name in table.identity]
            items = [
                self._reading.expression(table, share, name) for unique in constraints for name in unique.columns
            ]
            place = table.shape.shares[share].place
            self._connection.execute(
                f"INSERT INTO temp.reg SELECT {place}, 1, {', '.join([*raw, *items])}"
                f" FROM s{place}.{quote(origin.table)} AS x NOT INDEXED"
            )
        for number, unique in enumerate(constraints):
            keys = ", ".join(f"c{number}_{place}" for place in range(len(unique.columns)))
            self._connection.execute(f"CREATE INDEX temp.reg_{number} ON reg ({keys})")

    def _same(self, number: int, width: int) -> str:
        return " AND ".join(f"a.c{number}_{place} = b.c{number}_{place}" for place in range(width))

    def _ask_key(self, table: Settled, number: int, columns: Sequence[str]) -> str:
        same = self._same(number, len(columns))
        both, alike = self._collisions(table, same, ())
        own = table.single and table.follows.get(fold_name(columns[0])) == table.name
        strays = self._strays(table, columns[0]) if own else 0
        if not both and not strays:
            return "none"
        name = table.shape.table.name
        differ = both - alike
        options = []
        if own and table.integers and self._fits():
            options.append(
                Option("rekey", "the rows of the later files get new keys, and every reference to them follows")
            )
        options += [
            Option("first", "the first file's row stays, the others stay in their files", leaves_behind=differ > 0),
            Option("last", "the last file's row stays, the others stay in their files", leaves_behind=differ > 0),
            Option("separate", "nothing is merged: every file becomes a schema of its own"),
        ]
        return self._questions.ask(
            "merge_key",
            f"{name}({','.join(columns)})",
            f"The same keys of {name} stand in several files. What becomes of their rows?",
            f"{both:,} keys in more than one file: {alike:,} with rows alike in every column, {differ:,} with others"
            + (
                f"; {strays:,} references that lead nowhere in their own file would lead to a row here"
                if strays
                else ""
            ),
            tuple(options),
            "first" if differ == 0 and not strays else None,
        )

    def _strays(self, table: Settled, key: str) -> int:
        """Count the references without a row in their own file that another file's key would give one."""
        shape, strays = table.shape, 0
        keys = {
            share.place: f"SELECT {quote(share.table.column(key).name)} AS k FROM s{share.place}.{quote(origin.table)}"
            " NOT INDEXED WHERE k IS NOT NULL"
            for share, origin in zip(shape.shares, shape.origins, strict=True)
        }
        for place, name, referring in self._reading.references(table):
            if place not in keys or len(keys) < 2:
                continue
            others = " UNION ALL ".join(query for other, query in keys.items() if other != place)
            strays += _count(
                self._connection,
                f"SELECT count(*) FROM s{place}.{quote(referring)} AS x NOT INDEXED"
                f" WHERE x.{quote(name)} NOT IN ({keys[place]}) AND x.{quote(name)} IN ({others})",
            )
        return strays

    def _ask_unique(
        self, table: Settled, number: int, constraints: Sequence[_Unique], matching: Sequence[int]
    ) -> str:
        columns = constraints[number].columns
        same = self._same(number, len(columns))
        again = any(other.columns == columns for other in constraints[:number])
        matched = [self._same(other, len(constraints[other].columns)) for other in matching]
        both, alike = self._collisions(table, same, matched)
        if not both:
            return "none"
        name = table.shape.table.name
        joined = table.single or not table.shape.table.primary_key
        options = []
        if joined:
            differ = both > alike
            options += [
                Option("first", "they are one: the first file's row stays, references lead to it", differ),
                Option("last", "they are one: the last file's row stays, references lead to it", differ),
            ]
        options.append(Option("drop", "all rows stay, and the constraint is not carried", leaves_behind=True))
        return self._questions.ask(
            "merge_unique",
            f"{name}({constraints[number].name if again else ','.join(columns)})",
            f"Rows of several files have the same {', '.join(columns)} in {name}, which is unique. Are they one?",
            f"{both:,} values in more than one file; {alike:,} of those rows are alike but for their key",
            tuple(options),
        )

    def _collisions(self, table: Settled, same: str, matched: Sequence[str]) -> tuple[int, int]:
        """Count the pairs of rows of two files that meet in a key, and those that are alike besides their own key."""
        apart = "".join(f" AND NOT coalesce({condition}, 0)" for condition in matched)
        both = alike = 0
        shares = table.shape.shares
        for later in range(len(shares)):
            for earlier in range(later):
                pair = f"a.place = {shares[earlier].place} AND b.place = {shares[later].place} AND {same}{apart}"
                both += _count(self._connection, f"SELECT count(*) FROM temp.reg AS a JOIN temp.reg AS b ON {pair}")
                alike += _count(
                    self._connection,
                    f"SELECT count(*) FROM temp.reg AS a JOIN temp.reg AS b ON {pair}"
                    f" JOIN ({self._reading.rows(table, earlier)}) AS p ON {self._joined('p', 'a', table)}"
                    f" JOIN ({self._reading.rows(table, later)}) AS q ON {self._joined('q', 'b', table)}"
                    f" WHERE {self._reading.alike(table, 'p', 'q')}",
                )
        return both, alike

    def _joined(self, row: str, register: str, table: Settled) -> str:
        return " AND ".join(f"{row}.o{place} IS {register}.o{place}" for place in range(len(table.identity)))

    def _fits(self) -> bool:
        """Whether the numbers of all files together stay within 64 bits."""
        low, high, files = self._connection.execute(
            "SELECT min(o0), max(o0), count(DISTINCT place) FROM temp.reg"
        ).fetchone() or (0, 0, 1)
        return (abs(int(high or 0)) + abs(int(low or 0)) + 1) * int(files) < _GREATEST

    def _shift(self, table: Settled) -> None:
        """Move the numbers of each later file behind all that an earlier one gave or referred to."""
        highest: int | None = None
        for share, held in enumerate(table.shape.shares):
            low, high = self._span(table, share)
            shift = 0 if highest is None else highest + 1 - min(low, 1)
            table.shifts[held.place] = shift
            highest = max(highest or 0, high + shift)
            if highest > _GREATEST:
                raise UsageError(
                    f"the keys of {table.shape.table.name} and the references to them do not fit 64 bits one file"
                    " behind the other",
                    where="pgraduate.toml [decisions]",
                    hint="answer 'first', 'last' or 'separate'",
                )

    def _span(self, table: Settled, share: int) -> tuple[int, int]:
        """Give the least and greatest number of a table in one file: its keys, its sequence, references to it."""
        held = table.shape.shares[share]
        lows, highs = [1], [held.table.sequence or 0]
        for place, name, referring in self._reading.references(table):
            if place != held.place:
                continue
            low, high = self._connection.execute(
                f"SELECT min({quote(name)}), max({quote(name)}) FROM s{held.place}.{quote(referring)}"
                f" NOT INDEXED WHERE typeof({quote(name)}) = 'integer'"
            ).fetchone() or (None, None)
            lows.append(int(low if low is not None else 1))
            highs.append(int(high if high is not None else 0))
        return min(lows), max(highs)

    def _match(self, table: Settled, matching: Sequence[int], *, reverse: bool) -> None:
        """Write a line for each row whose place an earlier file's row has."""
        constraints = self._constraints(table)
        places = [share.place for share in table.shape.shares]
        width = len(table.identity)
        old, new_key = literal(_columns("b", "o", width)), literal(_columns("a", "c0_", width))
        new = "a.c0_0" if table.single else "NULL"
        for place in reversed(places) if reverse else places:
            for number in matching:
                self._connection.execute(
                    "INSERT OR IGNORE INTO maps.line (place, tbl, old_value, new_value, old_key, new_key)"
                    f" SELECT {place}, {text_literal(table.name)}, {'b.o0' if table.single else 'NULL'}, {new},"
                    f" {old},"
                    f" {new_key}"
                    f" FROM temp.reg AS b JOIN temp.reg AS a ON {self._same(number, len(constraints[number].columns))}"
                    f" WHERE b.place = {place} AND a.alive = 2"
                )
            self._connection.execute(
                f"UPDATE temp.reg AS b SET alive = CASE WHEN EXISTS (SELECT 1 FROM maps.line AS l"
                f" WHERE l.place = {place} AND l.tbl = {text_literal(table.name)}"
                f" AND l.old_key = {old}) THEN 0 ELSE 2 END"
                f" WHERE b.place = {place}"
            )


def _columns(row: str, prefix: str, width: int) -> list[str]:
    return [f"{row}.{prefix}{place}" for place in range(width)]


def _count(connection: apsw.Connection, query: str) -> int:
    return int(str(connection.execute(query).get))
