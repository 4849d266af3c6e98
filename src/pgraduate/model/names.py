"""How SQLite compares names."""

from __future__ import annotations

_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def fold_name(name: str) -> str:
    """Give the form by which two names are one: only ASCII letters lose their case, `É` and `é` stay apart."""
    return name.translate(_ASCII_LOWER)
