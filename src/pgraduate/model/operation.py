"""A change to a target that can be taken back: plan, apply, check, undo.

The plan is data: it can be read, edited, saved and executed later, and it holds its own undo.  `journal.perform`
writes it to the journal before the first statement runs.  The invariant that one generic kill test holds over
every registered operation: killed anywhere, `apply` again completes it, and `undo` gives back the catalog as it
was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable


@dataclass(frozen=True, slots=True)
class Plan:
    """`operation` is the registered kind, `subject` names what it changes, `statements` and `undo` are SQL for
    the reader and the executor alike, `facts` is what the operation needs to find its way back."""

    operation: str
    subject: str
    statements: tuple[str, ...]
    undo: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the target stands as the plan wants it; `why` says what is missing."""

    holds: bool
    why: str = ""


class Reach(StrEnum):
    """What an operation works on, and so what it is handed as its context."""

    DATABASE = "database"
    """A psycopg connection of the role that the target names."""
    ADMINISTRATOR = "administrator"
    """A `cluster.Administrator`: the server itself, its settings and its restart."""
    PROJECT = "project"
    """The Path of the project's directory: files beside pgraduate.toml."""


Context = TypeVar("Context", contravariant=True)


@runtime_checkable
class Operation(Protocol[Context]):
    """`Context` is what the operation works on, for almost all of them a psycopg connection.

    `apply` and `undo` are idempotent: they look at the target, never at a record of what was done.
    """

    kind: ClassVar[str]

    def apply(self, context: Context, plan: Plan, /) -> None: ...

    def check(self, context: Context, plan: Plan, /) -> Check: ...

    def undo(self, context: Context, plan: Plan, /) -> None: ...
