"""What a column really holds: the figures that every choice of a type rests on.

A census is taken of a sealed copy and is exact, never sampled: a type is chosen because every stored value proves it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pgraduate.model.names import fold_name


@dataclass(frozen=True, slots=True)
class ColumnCensus:
    """One column's counts.  Lengths are characters for text, bytes for blobs."""

    column: str
    nulls: int = 0
    integers: int = 0
    reals: int = 0
    texts: int = 0
    blobs: int = 0
    integer_min: int | None = None
    integer_max: int | None = None
    text_longest: int = 0
    text_longest_bytes: int = 0
    blob_longest: int = 0
    nul_texts: int = 0
    """Texts that hold a NUL character."""
    bad_texts: int = 0
    """Texts whose bytes are not valid in the database's encoding."""
    infinities: int = 0
    negative_zeros: int = 0
    """Reals that are −0.0, which PostgreSQL's numeric does not have."""
    whole_reals: int = 0
    """Reals without a fraction, which a conversion would turn into integers."""
    conversions: dict[str, int] = field(default_factory=dict)
    """How many non-null values convert by a named representation and back to the same text and class.

    The keys are names from `model.representation`; a representation fits the column when its count equals
    `values`.  Only representations that the declaration or the policy could ask for are counted.
    """

    @property
    def values(self) -> int:
        return self.integers + self.reals + self.texts + self.blobs

    @property
    def classes(self) -> tuple[str, ...]:
        """The storage classes that occur, NULL aside."""
        counts = {"integer": self.integers, "real": self.reals, "text": self.texts, "blob": self.blobs}
        return tuple(name for name, count in counts.items() if count)


@dataclass(frozen=True, slots=True)
class TableCensus:
    """`bytes` is the size of all values as stored, without the pages' overhead."""

    table: str
    rows: int
    columns: tuple[ColumnCensus, ...]
    rowid_min: int | None = None
    rowid_max: int | None = None
    bytes: int = 0
    null_keys: int = 0
    """Rows with a NULL in the primary key."""
    orphans: tuple[int, ...] = ()
    """Per foreign key of the table, in the catalog's order: rows without a parent."""
    parent_duplicates: tuple[int, ...] = ()
    """Per foreign key: values of the parent's columns that stand in more than one parent row."""
    unmatched: tuple[int, ...] = ()
    """Per foreign key: rows whose parent PostgreSQL would not find, those without a parent among them."""
    collisions: dict[str, int] = field(default_factory=dict)
    """By the name of a unique index: forms in PostgreSQL that values of more than one row share, where columns of several
    classes stand as text or bytes; most have no entry."""
    collisions_in_class: dict[str, int] = field(default_factory=dict)
    """The same where such columns stand as any_value, which tells classes apart."""
    unmatched_in_class: tuple[int, ...] = ()
    """`unmatched` where columns of several classes stand as any_value on both sides."""
    widest_row: int | None = None
    """Bytes of values that PostgreSQL must hold within the row for the widest one, without padding and header; None where
    the table has so few columns that every row fits."""
    rows_left_out: int = 0
    """Rows that the selection's filter leaves in SQLite; all other counts speak of the rest, `bytes` and rowids of all."""

    @property
    def longest_row(self) -> int:
        """Bytes that a row takes at most: the longest text or blob of every column together."""
        return sum(max(column.text_longest_bytes, column.blob_longest, 8) for column in self.columns)

    def column(self, name: str) -> ColumnCensus:
        folded = fold_name(name)
        for column in self.columns:
            if fold_name(column.column) == folded:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Census:
    source: str
    tables: tuple[TableCensus, ...]

    def table(self, name: str) -> TableCensus:
        folded = fold_name(name)
        for table in self.tables:
            if fold_name(table.table) == folded:
                return table
        raise KeyError(name)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)
