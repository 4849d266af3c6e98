"""Verifying what arrived: value by value, class by class, with no code of the loader."""

from __future__ import annotations

from pgraduate.verify.role import Right, RoleReport, RowSecurity, prove_role
from pgraduate.verify.verifier import Verification, judge, verify

__all__ = ["Right", "RoleReport", "RowSecurity", "Verification", "judge", "prove_role", "verify"]
