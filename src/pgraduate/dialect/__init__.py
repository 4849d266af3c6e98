"""SQLite's SQL in, PostgreSQL's SQL out, or a refusal by name.

Pure: no connection, no file.  A statement is parsed, rewritten as a tree with the schema in view, and printed by
the stock generator.  It fails closed: a construct that is not understood raises `NotTranslated`.

The names are loaded at their first use, so that the parser costs nothing where nothing is translated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pgraduate.dialect.api import (
        translate_default,
        translate_expression,
        translate_query,
        translate_view,
    )
    from pgraduate.dialect.ddl.statements import translate_ddl
    from pgraduate.dialect.pragmas import translate_pragma
    from pgraduate.dialect.transactions import parse_transaction, translate_transaction
    from pgraduate.dialect.triggers.creation import translate_trigger
    from pgraduate.dialect.triggers.order import trigger_names
    from pgraduate.dialect.writing.statements import translate_dml

__all__ = [
    "parse_transaction",
    "translate_ddl",
    "translate_default",
    "translate_dml",
    "translate_expression",
    "translate_pragma",
    "translate_query",
    "translate_transaction",
    "translate_trigger",
    "translate_view",
    "trigger_names",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pgraduate.dialect import api, pragmas, transactions
    from pgraduate.dialect.ddl import statements as ddl
    from pgraduate.dialect.triggers import creation, order
    from pgraduate.dialect.writing import statements

    homes = {
        "parse_transaction": transactions,
        "translate_transaction": transactions,
        "translate_ddl": ddl,
        "translate_dml": statements,
        "translate_pragma": pragmas,
        "translate_trigger": creation,
        "trigger_names": order,
    }
    return getattr(homes.get(name, api), name)
