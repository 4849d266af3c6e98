"""What a translation gives back: the text, the shape of its result, and what there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass

from pgraduate.model.finding import Finding
from pgraduate.model.storage import StorageClass


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """`name` is the column name that SQLite would report; `storage_class` is None where it depends on the data."""

    name: str
    storage_class: StorageClass | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """`rules` names each rewrite that fired, in order; `uses_compat` says whether a compat function is called."""

    sql: str
    columns: tuple[OutputColumn, ...] = ()
    ordered: bool = False
    rules: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    uses_compat: bool = False


@dataclass(frozen=True, slots=True)
class TriggerTranslation:
    """A trigger becomes a function and the trigger that calls it; both are complete statements."""

    function: str
    trigger: str
    drop: tuple[str, ...]
    rules: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    uses_compat: bool = False
