"""The translate stage: an application's statements as PostgreSQL, and the proof that both engines answer alike."""

from __future__ import annotations

from pgraduate.translate.compare import Comparison, Outcome, Twins
from pgraduate.translate.lite import open_working_copy
from pgraduate.translate.prepare import Refusal, prepare
from pgraduate.translate.script import read_script
from pgraduate.translate.statements import Kind, Statement, split
from pgraduate.translate.translating import (
    Layered,
    Translated,
    Untranslated,
    attempt,
    translate_script,
    translate_statement,
)

__all__ = [
    "Comparison",
    "Kind",
    "Layered",
    "Outcome",
    "Refusal",
    "Statement",
    "Translated",
    "Twins",
    "Untranslated",
    "attempt",
    "open_working_copy",
    "prepare",
    "read_script",
    "split",
    "translate_script",
    "translate_statement",
]
