"""Reading SQLite: the only room that opens a source, and it does so in a child process of its own."""

from __future__ import annotations

from pgraduate.sqlite.catalog import read_catalog, read_schema
from pgraduate.sqlite.census import take_census
from pgraduate.sqlite.divisions import divisions
from pgraduate.sqlite.filters import require_filters
from pgraduate.sqlite.fits import count_fits, count_key_faults, read_texts, stream_values
from pgraduate.sqlite.library import library
from pgraduate.sqlite.retiring import State, remove_companions, swap
from pgraduate.sqlite.sealed import open_sealed
from pgraduate.sqlite.source import Sealed, SourceFacts, digest, inspect, retire, seal, state

__all__ = [
    "Sealed",
    "SourceFacts",
    "State",
    "count_fits",
    "count_key_faults",
    "digest",
    "divisions",
    "inspect",
    "library",
    "open_sealed",
    "read_catalog",
    "read_schema",
    "read_texts",
    "remove_companions",
    "require_filters",
    "retire",
    "seal",
    "state",
    "stream_values",
    "swap",
    "take_census",
]
