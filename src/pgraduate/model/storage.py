"""SQLite's two notions of type: the storage class of a value and the affinity of a column.

Source: "Datatypes In SQLite", sections 2 and 3.1 (the five affinity rules, in their order).
"""

from __future__ import annotations

from enum import StrEnum


class StorageClass(StrEnum):
    NULL = "null"
    INTEGER = "integer"
    REAL = "real"
    TEXT = "text"
    BLOB = "blob"


class Affinity(StrEnum):
    INTEGER = "INTEGER"
    TEXT = "TEXT"
    BLOB = "BLOB"
    REAL = "REAL"
    NUMERIC = "NUMERIC"


def affinity_of(declared: str, *, strict: bool = False) -> Affinity:
    """Give the affinity that SQLite derives from a declared type; any text is a type name."""
    name = declared.upper()
    if strict and name == "ANY":
        return Affinity.BLOB
    if "INT" in name:
        return Affinity.INTEGER
    if "CHAR" in name or "CLOB" in name or "TEXT" in name:
        return Affinity.TEXT
    if "BLOB" in name or not name:
        return Affinity.BLOB
    if "REAL" in name or "FLOA" in name or "DOUB" in name:
        return Affinity.REAL
    return Affinity.NUMERIC
