"""What can go wrong, said once.

Every error carries what happened, where, and what to try next, and it knows the exit code of the process that
it ends.  The invariant: an error of this family means that pgraduate stopped on purpose; anything else that
reaches the command line is a defect and is reported as one (exit code 1).
"""

from __future__ import annotations

from typing import ClassVar


class PgraduateError(Exception):
    """An error that a user can act on.

    `what` is one sentence, `where` names the file, table, statement or server, `hint` is the next thing to try.
    None of the three ever holds a row's value or a secret.
    """

    code: ClassVar[str] = "ERROR"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def to_json(self) -> dict[str, str | None]:
        return {"code": self.code, "message": self.what, "where": self.where, "hint": self.hint}


class UsageError(PgraduateError):
    """The command, an option or pgraduate.toml asks for something that does not exist."""

    code = "USAGE"
    exit_code = 2


class Different(PgraduateError):
    """A comparison found that the target does not hold what the source holds."""

    code = "DIFFERENT"
    exit_code = 4


class Refused(PgraduateError):
    """A condition for a safe step is not met; nothing was written."""

    code = "REFUSED"
    exit_code = 5


class SourceUnusable(PgraduateError):
    """The SQLite source cannot be read whole."""

    code = "SOURCE_UNUSABLE"
    exit_code = 6


class TargetUnusable(PgraduateError):
    """The PostgreSQL server cannot be reached, or cannot hold the result."""

    code = "TARGET_UNUSABLE"
    exit_code = 7


class Interrupted(PgraduateError):
    """The work stopped half-way, and the same command resumes it."""

    code = "INTERRUPTED"
    exit_code = 8


class ConnectionLost(Interrupted):
    """The connection to the target ended in the middle of the work."""

    code = "CONNECTION_LOST"


class Locked(TargetUnusable):
    """Another session held a lock for longer than a step waits."""

    code = "LOCKED"


class NotTranslated(PgraduateError):
    """A SQL construct has no translation that is known to mean the same."""

    code = "NOT_TRANSLATED"

    def __init__(self, statement: str, construct: str, hint: str | None = None) -> None:
        super().__init__(f"{construct} is not translated", where=statement, hint=hint)
        self.statement = statement
        self.construct = construct
