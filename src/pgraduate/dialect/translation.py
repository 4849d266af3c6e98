"""What a translation gives back: the text, the shape of its result, and what there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgraduate.dialect.binding import Bound, positional
from pgraduate.dialect.schema_view import TableView
from pgraduate.model.finding import Finding
from pgraduate.model.representation import Representation
from pgraduate.model.storage import Affinity, StorageClass


class StatementKind(StrEnum):
    """What a statement does, as a driver must know it: whether there are rows, and whether a transaction begins."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    DDL = "ddl"
    TRANSACTION = "transaction"
    PRAGMA = "pragma"


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """`name` is the column name that SQLite would report; `storage_class` is None where it depends on the data.

    `representation` is how SQLite's value stands in the result, and `type` PostgreSQL's type of it where known.
    `affinity` and `collation` are what SQLite gives the column when another query reads it.
    """

    name: str
    storage_class: StorageClass | None = None
    representation: Representation | None = None
    type: str | None = None
    affinity: Affinity | None = None
    collation: str = "BINARY"


@dataclass(frozen=True, slots=True)
class Translation:
    """`rules` names each rewrite that fired, in order; `uses_compat` says whether a compat function is called.

    `parameters` gives for `$1`, `$2` … SQLite's name of the parameter, `?N` where it has none; `bound` gives the
    texts as a driver binds them.  `before` holds statements that belong to it and run first, in the same transaction.
    `reads` and `writes` are SQLite's names of tables and views, in lower case; what triggers and foreign keys touch
    is not among them.
    """

    sql: str
    columns: tuple[OutputColumn, ...] = ()
    ordered: bool = False
    rules: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    uses_compat: bool = False
    parameters: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    kind: StatementKind = StatementKind.SELECT
    returning: bool = False
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    makes: TableView | None = None
    """The table, as it is afterwards, of a statement that makes or changes one."""
    session: tuple[str, ...] = ()
    """The numbers of the connection that the text reads (last_insert_rowid, changes, total_changes), each from a
    setting `pgraduate.<name>` that the driver gives before; the statement fails where it does not."""
    removes: str = ""
    """The lower-case name of a table or view that is gone afterwards."""

    @property
    def bound(self) -> tuple[Bound, ...]:
        """The texts in the order in which they run, each with the parameters that it uses."""
        return tuple(map(positional, (*self.before, self.sql)))


@dataclass(frozen=True, slots=True)
class TriggerTranslation:
    """A trigger becomes a function and the trigger that calls it; both are complete statements."""

    function: str
    trigger: str
    drop: tuple[str, ...]
    rules: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    uses_compat: bool = False
