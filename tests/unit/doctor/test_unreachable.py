"""What libpq and servers say when they let nobody in, in their own words."""

from __future__ import annotations

import pytest

from pgraduate.doctor import unreachable
from pgraduate.errors import TargetUnusable

SAID = {
    'connection to server at "127.0.0.1", port 1 failed: Connection refused': "SERVER_DOWN",
    'connection to server on socket "/run/x/.s.PGSQL.5432" failed: No such file or directory': "SERVER_DOWN",
    'FATAL:  password authentication failed for user "app"': "PASSWORD_REFUSED",
    "fe_sendauth: no password supplied": "PASSWORD_REFUSED",
    "FATAL:  sorry, too many clients already": "CONNECTIONS_RUN_OUT",
    'FATAL:  too many connections for role "app"': "CONNECTIONS_RUN_OUT",
    "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute": "CONNECTIONS_RUN_OUT",
    'FATAL:  no pg_hba.conf entry for host "10.0.0.7", user "app", database "app", no encryption': "NOT_ALLOWED_IN",
    'FATAL:  database "shop" does not exist': "NAME_UNKNOWN",
    'FATAL:  role "app" does not exist': "NAME_UNKNOWN",
    'could not translate host name "db" to address: Name or service not known': "HOST_UNKNOWN",
    "server does not support SSL, but SSL was required": "TLS_FAILS",
    "connection to server failed: Connection timed out": "NO_ANSWER",
    "something that nobody has seen": "UNREACHABLE",
}


@pytest.mark.parametrize("said", SAID)
def test_it_is_read(said: str) -> None:
    diagnosis = unreachable(TargetUnusable(f"the target does not answer: {said}", where="host=db"))
    assert [finding.code for finding in diagnosis.findings] == [SAID[said]]
    assert diagnosis.steps[-1].risk


def test_the_first_steps_only_read() -> None:
    for said in SAID:
        for step in unreachable(TargetUnusable(said)).steps:
            assert not step.command or "reads only" in step.risk
