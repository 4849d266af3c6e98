"""The sealed copy with only the rows that a run's filters carry, for what cannot be asked of a table alone.

A view over a filtered table shows other rows in SQLite than in the target.  So it is asked of a private copy from which
the rows that stayed behind are deleted; triggers and foreign keys do not act there.  The invariant: all filters are
evaluated before the first row goes, since one may read another's table.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw

from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.plan import SchemaPlan
from pgraduate.sqlite import read_catalog
from pgraduate.sqlite.names import file_uri, fold, quote
from pgraduate.sqlite.sealed import harden

_ROWID_NAMES = ("rowid", "_rowid_", "oid")


@contextmanager
def selected_rows(source: apsw.Connection, sealed: Path, plan: SchemaPlan) -> Iterator[apsw.Connection]:
    """Give a connection whose tables hold the selected rows only: `source` itself where the plan filters nothing.

    Raises SourceUnusable where SQLite cannot delete the other rows.
    """
    filters = {table.source: table.filter for table in plan.tables if table.filter is not None}
    if not filters:
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        path = Path(directory) / "selected.db"
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        with closing(apsw.Connection(file_uri(path, mode="rwc"), flags=flags)) as copy:
            with copy.backup("main", source, "main") as backup:
                backup.step()
            _prepare(copy)
            catalog = read_catalog(sealed)
            try:
                _delete(copy, catalog, filters)
            except apsw.Error as error:
                raise SourceUnusable(
                    f"the rows that stayed behind cannot be taken out of a copy: {error}",
                    where=", ".join(filters),
                    hint="leave out the views over filtered tables, or carry all rows",
                ) from error
            yield copy


def _prepare(copy: apsw.Connection) -> None:
    harden(copy)
    copy.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    copy.config(apsw.SQLITE_DBCONFIG_ENABLE_FKEY, 0)
    # The copy is thrown away: nothing in it has to survive a power cut.
    copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").fetchall()


def _delete(copy: apsw.Connection, catalog: Catalog, filters: dict[str, str]) -> None:
    keys = {name: _key(catalog.table(name)) for name in filters}
    for number, (name, condition) in enumerate(filters.items()):
        copy.execute(
            f"CREATE TEMP TABLE pgraduate_left_{number} AS SELECT {keys[name]} FROM main.{quote(name)}"
            f" WHERE (\n{condition}\n) IS NOT TRUE"
        )
    for number, name in enumerate(filters):
        copy.execute(
            f"DELETE FROM main.{quote(name)} WHERE ({keys[name]}) IN (SELECT * FROM temp.pgraduate_left_{number})"
        )
    for table in catalog.tables:
        if table.kind == "virtual" and table.options.get("content") and table.module in ("fts4", "fts5"):
            copy.execute(f"INSERT INTO {quote(table.name)} ({quote(table.name)}) VALUES ('rebuild')")


def _key(table: Table) -> str:
    """Name what tells a table's rows apart in SQLite itself: its primary key, or a name of the rowid."""
    if table.without_rowid:
        return ", ".join(quote(name) for name in table.primary_key)
    if table.rowid_alias is not None:
        return quote(table.rowid_alias)
    taken = {fold(column.name) for column in table.columns}
    free = next((name for name in _ROWID_NAMES if name not in taken), None)
    if free is None:
        raise SourceUnusable(
            "a filtered table hides its rowid behind columns of that name, so its views cannot be compared",
            where=f"table {table.name}",
            hint="leave out the views over it, or carry all of its rows",
        )
    return free
