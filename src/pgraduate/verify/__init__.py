"""Verifying what arrived: value by value, class by class, with no code of the loader."""

from __future__ import annotations

from pgraduate.verify.verifier import Verification, judge, verify

__all__ = ["Verification", "judge", "verify"]
