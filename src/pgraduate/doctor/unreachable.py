"""No connection at all: what the message means, and what to look at from the nearest to the farthest.

libpq gives no code for these, only its English words or the server's; a message that is not known gets the whole ladder.
"""

from __future__ import annotations

from pgraduate.doctor.diagnosis import Diagnosis, NextStep
from pgraduate.errors import TargetUnusable
from pgraduate.health import HealthFinding
from pgraduate.model.finding import Severity

_LADDER = (
    NextStep("Is the server there", "pg_isready", "reads only; add -h and -p as the application has them"),
    NextStep("Do the same words work by hand", 'psql "$DATABASE_URL" -c "SELECT 1"', "reads only"),
    NextStep(
        "What does the server's log say of the same moment", "", "the server tells its log more than its clients"
    ),
)
_CASES: tuple[tuple[tuple[str, ...], str, str, tuple[NextStep, ...]], ...] = (
    (
        ("too many clients", "remaining connection slots", "too many connections"),
        "CONNECTIONS_RUN_OUT",
        "all connections of the server, the database or the role are taken",
        (
            NextStep(
                "End sessions that idle in a transaction, as a superuser, for whom some connections are kept",
                "SELECT pid, usename, state, now() - state_change FROM pg_stat_activity WHERE state LIKE 'idle%';",
                "reads only; pg_terminate_backend(pid) ends one and rolls its transaction back",
            ),
            NextStep(
                "Add up pool size × workers of everything that connects", "", "more than the limit is the cause"
            ),
        ),
    ),
    (
        ("password authentication failed", "no password supplied"),
        "PASSWORD_REFUSED",
        "the server knows the way and does not believe the password",
        (
            NextStep(
                "Which passfile is read, and is it 0600", "ls -l ~/.pgpass", "reads only; PGPASSFILE names another"
            ),
            NextStep(
                "Does the role have a password and is it valid still", "", r"an administrator sees it with \du"
            ),
        ),
    ),
    (
        ("no pg_hba.conf entry", "rejects connection"),
        "NOT_ALLOWED_IN",
        "no line of pg_hba.conf lets this host, role and database in",
        (
            NextStep(
                "Which lines are there, and is one of them wrong",
                "SELECT line_number, type, database, user_name, address, auth_method, error FROM pg_hba_file_rules;",
                "reads only, as a superuser; the first line that fits decides",
            ),
        ),
    ),
    (
        ("ssl", "certificate"),
        "TLS_FAILS",
        "client and server do not agree about TLS",
        (
            NextStep(
                "Does the server offer it", "psql -c 'SHOW ssl'", "reads only; from a connection that is let in"
            ),
            NextStep(
                "Is the certificate for this host name, and valid",
                "",
                "openssl s_client -starttls postgres shows it",
            ),
        ),
    ),
    (
        ("does not exist",),
        "NAME_UNKNOWN",
        "the server answers, and knows no such role or database",
        (NextStep("What is there", "psql -l", "reads only; a forgotten dbname means the role's name"),),
    ),
    (
        ("could not translate host name", "name or service not known"),
        "HOST_UNKNOWN",
        "the host's name does not resolve",
        (
            NextStep(
                "Ask the resolver",
                "getent hosts NAME",
                "reads only; in a container, names are those of its network",
            ),
        ),
    ),
    (
        ("connection refused", "no such file or directory", "is the server running"),
        "SERVER_DOWN",
        "nothing listens there: the server is down, or the address is another",
        (
            NextStep("Is it meant to be the embedded server", "pgraduate server status", "reads only"),
            NextStep(
                "Why did it stop", "", "its log says so: a full disk and a wrong setting are the usual reasons"
            ),
        ),
    ),
    (
        ("timeout", "timed out"),
        "NO_ANSWER",
        "packets get lost on the way: a firewall, or a server too busy to answer",
        (NextStep("Does the port answer at all", "nc -vz HOST PORT", "reads only"),),
    ),
)


def unreachable(error: TargetUnusable) -> Diagnosis:
    """Read what the connection attempt said."""
    said = error.what.lower()
    for words, code, meaning, steps in _CASES:
        if any(word in said for word in words):
            finding = HealthFinding(code, Severity.ERROR, error.where or "target", error.what, meaning, "", "")
            return Diagnosis(
                "connections", f"No connection: {meaning}.", findings=(finding,), steps=(*steps, *_LADDER)
            )
    finding = HealthFinding(
        "UNREACHABLE", Severity.ERROR, error.where or "target", error.what, "the reason is not known here", "", ""
    )
    return Diagnosis("connections", "No connection.", findings=(finding,), steps=_LADDER)
