"""An index that does not stand yet: its keys, what it carries along, which rows it holds.

Two candidates are the same exactly when these values are equal; the name follows from them, so that the leftovers of
a killed build are found again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from pgraduate.postgres.identifiers import qualified, quote, shorten


@dataclass(frozen=True, slots=True)
class Key:
    """`sql` is a quoted column or an expression in parentheses; `column` is None for an expression."""

    sql: str
    column: str | None
    descending: bool = False
    nulls_swapped: bool = False
    """NULLS LAST where descending, NULLS FIRST where ascending: not what an index does by itself."""
    opclass: str | None = None

    def text(self) -> str:
        words = [self.sql]
        if self.opclass:
            words.append(self.opclass)
        if self.descending:
            words.append("DESC")
        if self.nulls_swapped:
            words.append("NULLS LAST" if self.descending else "NULLS FIRST")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Definition:
    """`where` is a condition without parameters, None for an index of all rows; `rows` is the share that it holds."""

    schema: str
    table: str
    keys: tuple[Key, ...]
    include: tuple[str, ...] = ()
    where: str | None = None
    method: str = "btree"
    rows: float = 1.0

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(key.column for key in self.keys if key.column is not None)

    @property
    def name(self) -> str:
        """A name that people can read, with a digest of the whole definition."""
        digest = hashlib.sha256(self.body().encode()).hexdigest()[:6]
        parts = [key.column or _word(key.sql) for key in self.keys]
        readable = re.sub(r"[^a-z0-9_]+", "_", "_".join([self.table, *parts]).lower())
        return shorten(readable, limit=50).rstrip("_") + f"_{digest}_tuned"

    def body(self) -> str:
        """Give what follows CREATE INDEX name."""
        using = "" if self.method == "btree" else f"USING {self.method} "
        text = f"ON {qualified(self.schema, self.table)} {using}({', '.join(key.text() for key in self.keys)})"
        if self.include:
            text += f" INCLUDE ({', '.join(map(quote, self.include))})"
        if self.where:
            text += f" WHERE {self.where}"
        return text

    def statement(self, *, concurrently: bool = False, name: str | None = None) -> str:
        how = "CONCURRENTLY " if concurrently else ""
        return f"CREATE INDEX {how}{quote(name or self.name)} {self.body()}"

    def extends(self, other: Definition) -> bool:
        """Tell whether this one is the other with more behind it: more keys, or columns carried along."""
        return (
            self != other
            and (self.schema, self.table, self.method, self.where)
            == (other.schema, other.table, other.method, other.where)
            and self.keys[: len(other.keys)] == other.keys
            and set(other.include) <= {*self.include, *self.columns}
        )


def column_key(
    name: str, *, descending: bool = False, nulls_swapped: bool = False, opclass: str | None = None
) -> Key:
    return Key(quote(name), name, descending, nulls_swapped, opclass)


def _word(sql: str) -> str:
    words = re.findall(r"[A-Za-z_]\w*", re.sub(r"'(?:[^']|'')*'", "", sql))
    return "_".join(words[:3]) or "expr"
