"""Verifying what arrived: value by value, class by class, with no code of the loader."""

from __future__ import annotations

from pgraduate.verify.quarantine import Quarantine, QuarantinedCell, QuarantinedColumn, key_columns, list_quarantine
from pgraduate.verify.restore import RestoreQuarantine, plan_restore, plan_take_back
from pgraduate.verify.restore_sql import Move, TableMoves
from pgraduate.verify.role import Right, RoleReport, RowSecurity, prove_role
from pgraduate.verify.verifier import Verification, judge, verify

__all__ = [
    "Move",
    "Quarantine",
    "QuarantinedCell",
    "QuarantinedColumn",
    "RestoreQuarantine",
    "Right",
    "RoleReport",
    "RowSecurity",
    "TableMoves",
    "Verification",
    "judge",
    "key_columns",
    "list_quarantine",
    "plan_restore",
    "plan_take_back",
    "prove_role",
    "verify",
]
