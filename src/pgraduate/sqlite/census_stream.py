"""The part of the census that needs Python: whether texts are valid, and which forms all values share.

Only the columns concerned are read, in batches bounded by bytes.  A form is dropped at its first failure: its
count then stays below the number of values, which is all that a choice of a type asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import apsw

from pgraduate.model.catalog import Column, Table
from pgraduate.model.representation import Rule
from pgraduate.sqlite.census_counts import Counts
from pgraduate.sqlite.filters import rows_of
from pgraduate.sqlite.forms import check, integer_range
from pgraduate.sqlite.forms.candidates import candidates, hinted
from pgraduate.sqlite.forms.values import Check, Takes, Value
from pgraduate.sqlite.names import quote

_BATCH_ROWS = 2000
_BATCH_BYTES = 16 << 20


@dataclass(slots=True)
class Streamed:
    """`longest` counts characters of texts with a NUL, which SQLite's length() does not see whole; in a database
    that is not UTF-8, `longest_bytes` counts the UTF-8 bytes of every text."""

    nul_texts: int = 0
    bad_texts: int = 0
    longest: int = 0
    longest_bytes: int = 0
    conversions: dict[str, int] = field(default_factory=dict)


def stream(
    connection: apsw.Connection,
    table: Table,
    columns: Sequence[Column],
    counts: dict[str, Counts],
    codec: str,
    tell: Callable[[int], None],
) -> dict[str, Streamed]:
    """Read what SQL could not judge and give each column's findings by its name; `tell` hears of the rows read."""
    readers = {column.name: _Reader(column, counts[column.name], codec) for column in columns}
    wanted = {name: reader for name, reader in readers.items() if reader.needed}
    if wanted:
        select = ", ".join(reader.sql for reader in wanted.values())
        cursor = connection.execute(f"SELECT {select} FROM {rows_of(table)}")
        size = sum(max(counts[name].text_longest_bytes, 16) for name in wanted)
        rows = 0
        while batch := list(islice(cursor, max(1, min(_BATCH_ROWS, _BATCH_BYTES // size)))):
            for reader, values in zip(wanted.values(), zip(*batch, strict=True), strict=True):
                reader.read(values)
            rows += len(batch)
            tell(rows)
    return {name: reader.finish(counts[name].values) for name, reader in readers.items()}


class _Reader:
    """One column's values, batch by batch; texts arrive as the bytes that the file has."""

    def __init__(self, column: Column, counts: Counts, codec: str) -> None:
        self.found = Streamed()
        self.codec = codec
        self.checks: dict[str, Check] = {}
        self.has_texts = counts.texts > 0
        asked = candidates(column.declared, column.affinity)
        if counts.values:
            asked |= hinted(column.name, column.declared)
        for name, takes in asked.items():
            if counts.values == 0:
                self.found.conversions[name] = 0
            elif counts.integers == counts.values:
                self._decide_integers(name, counts)
            else:
                self._add(name, takes, counts)
        self.needed = self.has_texts or bool(self.checks)
        self.sql = _expression(column.name, counts, bool(self.checks))

    def _decide_integers(self, name: str, counts: Counts) -> None:
        """The lowest and the highest integer decide for all."""
        limits = integer_range(name)
        assert counts.integer_min is not None
        assert counts.integer_max is not None
        if limits and limits[0] <= counts.integer_min and counts.integer_max <= limits[1]:
            self.found.conversions[name] = counts.values

    def _add(self, name: str, takes: Takes, counts: Counts) -> None:
        """Count at once what the class counts already decide; stream what they leave possible."""
        numbers = counts.integers + counts.reals
        possible = {"integer": 0, "real": counts.reals, "number": numbers, "text": counts.texts}
        if name == Rule.NUMBER:
            self.found.conversions[name] = numbers - counts.small_whole_reals
        elif possible[takes] == counts.values:
            self.checks[name] = check(name)
            self.found.conversions[name] = 0

    def read(self, values: Sequence[object]) -> None:
        if self.has_texts:
            plain: Sequence[Value | None] = self._decode([value for value in values if isinstance(value, bytes)])
        else:
            plain = [value for value in values if isinstance(value, (int, float))]
        for name, fits in list(self.checks.items()):
            good = _until_first_failure(fits, plain)
            self.found.conversions[name] += good
            if good < len(plain):
                del self.checks[name]

    def finish(self, values: int) -> Streamed:
        """Leave out the forms that no value has; in a column without values every form holds."""
        conversions = self.found.conversions
        self.found.conversions = {name: count for name, count in conversions.items() if count or not values}
        return self.found

    def _decode(self, raw: Sequence[bytes]) -> Sequence[str | None]:
        """Decode a batch at once: joined by NULs, it is valid exactly if each of its texts is."""
        separator = "\0".encode(self.codec)
        aligned = len(separator) == 1 or not any(len(item) % len(separator) for item in raw)
        try:
            texts = separator.join(raw).decode(self.codec).split("\0") if aligned else []
        except UnicodeDecodeError:
            texts = []
        if len(texts) != len(raw):
            return [self._decode_one(item) for item in raw]
        if self.codec != "utf-8":
            self._measure_bytes(texts)
        return texts

    def _decode_one(self, raw: bytes) -> str | None:
        """Decode one text, None where it has bad bytes; it is then measured with replacement characters."""
        try:
            text = raw.decode(self.codec)
            valid = True
        except UnicodeDecodeError:
            text = raw.decode(self.codec, errors="replace")
            valid = False
            self.found.bad_texts += 1
        if "\0" in text:
            self.found.nul_texts += 1
            self.found.longest = max(self.found.longest, len(text))
        self._measure_bytes([text])
        return text if valid else None

    def _measure_bytes(self, texts: Sequence[str]) -> None:
        longest = max((len(text.encode()) for text in texts), default=0)
        self.found.longest_bytes = max(self.found.longest_bytes, longest)


def _until_first_failure(fits: Check, values: Sequence[Value | None]) -> int:
    """Count the values before the first that does not fit; None, a text with bad bytes, never fits."""
    for number, value in enumerate(values):
        if value is None or not fits(value):
            return number
    return len(values)


def _expression(name: str, counts: Counts, checked: bool) -> str:
    column = quote(name)
    if counts.texts == 0:
        return column
    if counts.texts == counts.values or checked:
        return f"CAST({column} AS BLOB)"
    return f"CASE typeof({column}) WHEN 'text' THEN CAST({column} AS BLOB) END"
