"""Copying rows: sealed SQLite file in, PostgreSQL tables out, exactly once and nothing coerced."""

from __future__ import annotations

from pgraduate.copy.connections import Jobs
from pgraduate.copy.loader import TableCopied, load
from pgraduate.copy.rehearsal import rehearse
from pgraduate.copy.rows import CellRefused

__all__ = ["CellRefused", "Jobs", "TableCopied", "load", "rehearse"]
