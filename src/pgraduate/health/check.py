"""The contract of a check."""

from __future__ import annotations

from typing import ClassVar, Protocol

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination


class Check(Protocol):
    """One question about a server.  `run` reads only, in the transaction that the caller holds open."""

    name: ClassVar[str]
    title: ClassVar[str]
    on_demand: ClassVar[bool]
    """True for a check that is too heavy to run unasked."""

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination: ...
