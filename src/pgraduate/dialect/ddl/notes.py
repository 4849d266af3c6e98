"""What the parts of a definition have to say, gathered for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pgraduate.dialect.schema_view import TableView
from pgraduate.dialect.translation import StatementKind, Translation
from pgraduate.model.finding import Finding


@dataclass(slots=True)
class Notes:
    rules: dict[str, None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    uses_compat: bool = False

    def add(self, found: Translation) -> None:
        self.rules.update(dict.fromkeys(found.rules))
        self.findings.extend(found.findings)
        self.uses_compat = self.uses_compat or found.uses_compat

    def translation(
        self,
        texts: Sequence[str],
        *,
        writes: tuple[str, ...] = (),
        makes: TableView | None = None,
        removes: str = "",
    ) -> Translation:
        """Close the translation of a definition whose texts run in their order."""
        *before, text = texts
        return Translation(
            text,
            rules=tuple(self.rules),
            findings=tuple(self.findings),
            uses_compat=self.uses_compat,
            before=tuple(before),
            kind=StatementKind.DDL,
            writes=writes,
            makes=makes,
            removes=removes,
        )
