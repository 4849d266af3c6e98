"""Rows that have reached their age leave the live tables: to archive tables, to segments, or for good.

Invariant: at every moment, however a run ends, each row is live or archived, and exactly once.  What a row takes with
it follows from the declared foreign keys alone.
"""

from __future__ import annotations
