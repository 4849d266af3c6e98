"""Indexes on a partitioned table: not built from here, but written down as the script that builds them safely.

PostgreSQL makes no index on a partitioned table concurrently.  The way that locks nobody out is an index on the parent
ONLY, which is invalid at first, one on each partition CONCURRENTLY, and each attached: the last one makes the parent's
valid (Dexter #64).
"""

from __future__ import annotations

from collections.abc import Iterable

from pgraduate.postgres.identifiers import qualified, quote, shorten
from pgraduate.tune.indexes.candidates import Refusal
from pgraduate.tune.indexes.catalog import Table
from pgraduate.tune.indexes.definition import Definition


def refuse_partitioned(table: Table, definitions: Iterable[Definition]) -> Refusal | None:
    """Refuse an index on a partitioned table with the script that makes it; None where there is no candidate.

    Of the candidates for one access the one with the most keys is taken: nothing of it was measured.
    """
    plain = [item for item in definitions if not item.include and item.where is None and item.method == "btree"]
    if not plain:
        return None
    chosen = max(plain, key=lambda item: len(item.keys))
    keys = ", ".join(key.text() for key in chosen.keys)
    return Refusal(
        f"{table.schema}.{table.name}",
        f"an index on ({keys}) of a partitioned table",
        "PostgreSQL builds no index on a partitioned table concurrently, and whether this one pays was not measured",
        script(table, chosen),
    )


def script(table: Table, definition: Definition) -> str:
    """Give the statements, in their order, that build an index on all partitions without locking anybody out."""
    parent = definition.name
    keys = ", ".join(key.text() for key in definition.keys)
    lines = [f"CREATE INDEX {quote(parent)} ON ONLY {qualified(table.schema, table.name)} ({keys});"]
    for number, (schema, leaf) in enumerate(table.partitions, start=1):
        name = f"{shorten(parent, limit=54)}_{number}"
        lines.append(f"CREATE INDEX CONCURRENTLY {quote(name)} ON {qualified(schema, leaf)} ({keys});")
        attached = qualified(schema, name)
        lines.append(f"ALTER INDEX {qualified(table.schema, parent)} ATTACH PARTITION {attached};")
    return "\n".join(lines)
