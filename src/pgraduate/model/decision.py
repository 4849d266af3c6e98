"""A choice that the data forces and that a tool must not make in silence.

A decision with a safe option takes it and says so (exit code 3); one without stops the run before anything is
written (exit code 5) and prints the lines of pgraduate.toml that answer it.  An answer is given by a person, in
the file: no flag answers a decision that can lose data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pgraduate.errors import Refused, UsageError


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    effect: str
    leaves_behind: bool = False
    """True where this option leaves an object or a cell out of the target: the exit code is then 3 even when
    a person chose it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`id` is stable between runs over the same schema: `kind:schema.table(columns)`."""

    id: str
    question: str
    options: tuple[Option, ...]
    evidence: str
    safe: str | None = None
    answer: str | None = None
    answered_by: Literal["pgraduate.toml", "safe option"] | None = None

    def option(self, key: str) -> Option:
        for option in self.options:
            if option.key == key:
                return option
        raise UsageError(
            f"'{key}' is not an answer to decision '{self.id}'",
            where="pgraduate.toml [decisions]",
            hint="one of: " + ", ".join(option.key for option in self.options),
        )

    @property
    def counts_against_zero(self) -> bool:
        """Whether this decision, as answered, turns exit code 0 into 3."""
        if self.answer is None:
            return True
        return self.answered_by == "safe option" or self.option(self.answer).leaves_behind

    def toml(self) -> str:
        """Give the line that answers this decision, with its options as comments."""
        lines = [self.question, f"evidence: {self.evidence}"]
        lines += [f"  {toml_text(option.key)}: {option.effect}" for option in self.options]
        # A comment ends with its line, and TOML forbids control characters in it.
        comments = [f"# {line}".translate(_SPACES) for line in lines]
        answer = f"{toml_text(self.id)} = {toml_text(self.safe or self.options[0].key)}"
        return "\n".join([*comments, answer])


_SPACES = dict.fromkeys((*range(0x20), 0x7F), " ")


def toml_text(text: str) -> str:
    """Write a TOML basic string: JSON's escapes are TOML's, but for DEL, which only TOML escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class OpenDecisions(Refused):
    """The data asks questions that nobody has answered."""

    code = "OPEN_DECISIONS"

    def __init__(self, decisions: tuple[Decision, ...]) -> None:
        count = len(decisions)
        super().__init__(
            f"{count} decision{'s' if count > 1 else ''} must be answered before anything is written",
            where=", ".join(decision.id for decision in decisions),
            hint="put the answers into pgraduate.toml:\n\n[decisions]\n"
            + "\n".join(decision.toml() for decision in decisions),
        )
        self.decisions = decisions


def resolve(decisions: Iterable[Decision], answers: Mapping[str, str]) -> tuple[Decision, ...]:
    """Answer each decision from the file or by its safe option; leave the others open.

    Raises UsageError for an answer that is not one of a decision's options.
    """
    resolved = []
    for decision in decisions:
        if decision.id in answers:
            key = answers[decision.id]
            decision.option(key)
            resolved.append(replace(decision, answer=key, answered_by="pgraduate.toml"))
        elif decision.safe is not None:
            resolved.append(replace(decision, answer=decision.safe, answered_by="safe option"))
        else:
            resolved.append(decision)
    return tuple(resolved)


def require_answers(decisions: Iterable[Decision]) -> None:
    """Raise OpenDecisions if one of the decisions has no answer."""
    open_decisions = tuple(decision for decision in decisions if decision.answer is None)
    if open_decisions:
        raise OpenDecisions(open_decisions)
