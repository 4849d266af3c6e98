"""The digests of the sealed copy's tables, taken while the target is being read.

For a file of some size they come from a process of their own: reading SQLite and reading PostgreSQL then share no
interpreter, and a comparison takes as long as the slower side.  A small file is read where it is asked for, which is
sooner than starting a process, and so is one with rows of many megabytes, of which memory should hold one at a time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import apsw

from pgraduate.compare.canonical import Digest
from pgraduate.compare.digesting import Form, take_digest
from pgraduate.compare.source import SourceRows
from pgraduate.errors import PgraduateError
from pgraduate.model.plan import TablePlan
from pgraduate.model.wire import from_json, to_json
from pgraduate.sqlite import open_sealed
from pgraduate.sqlite.process import child

WORTH_A_PROCESS = 16 * 1024 * 1024
"""Bytes of a sealed copy from which on the start of a process (some 0.3 s) is won back."""

LONG_ROW = 8 * 1024 * 1024
"""Bytes of a row of which two processes would each hold several copies at once: those are read one after the other."""

NextDigest = Callable[[], Digest]
"""Gives the digest of the next table, in the order in which they were asked for."""


@contextmanager
def source_digests(
    sealed: Path, source: apsw.Connection, tables: Sequence[tuple[TablePlan, Form]]
) -> Iterator[NextDigest]:
    """Begin to digest tables of the sealed copy; each in the form of its target's rows.

    `source` is an open connection to the same copy.  Raises SourceUnusable for a copy that cannot be read.
    """
    small = sealed.stat().st_size < WORTH_A_PROCESS
    if small or any(table.longest > LONG_ROW for table, _ in tables):
        rest = iter(tables)
        yield lambda: _digest(source, *next(rest))
        return
    request = {"path": str(sealed), "tables": [[to_json(table), to_json(form)] for table, form in tables]}
    with child(__name__, request, sealed) as messages:
        yield lambda: Digest(**next(messages)["digest"])


def _digest(source: apsw.Connection, table: TablePlan, form: Form) -> Digest:
    return take_digest(SourceRows(source, table), table, form)


def _answer(request: dict[str, Any]) -> None:
    """Write one message per table, or the error that ends them."""
    try:
        with closing(open_sealed(Path(request["path"]))) as source:
            for table, form in request["tables"]:
                _say({"digest": to_json(_digest(source, from_json(TablePlan, table), from_json(Form, form)))})
    except PgraduateError as error:
        _say({"error": error.to_json()})


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    _answer(json.load(sys.stdin))
