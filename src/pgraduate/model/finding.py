"""Something worth knowing that needs no answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is stable and in UPPER_SNAKE; `where` names an object, never a row's value."""

    code: str
    severity: Severity
    where: str
    what: str
    hint: str | None = None
