"""Digests and diffs: the service that says whether two sides hold the same, sharing no code with what loads."""

from __future__ import annotations

from pgraduate.compare.objects import compare_objects
from pgraduate.compare.table import compare_table, target_digest
from pgraduate.compare.view import compare_view

__all__ = ["compare_objects", "compare_table", "compare_view", "target_digest"]
