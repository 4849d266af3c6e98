"""The container's first-start script, run against a real server as the image runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from pgraduate.cluster import Embedded, write_compose

PASSWORD = 'it\'s \\ a $secret "quoted"'


@pytest.mark.skipif(shutil.which("psql") is None, reason="the script needs psql")
def test_the_first_start_makes_a_plain_owner_with_its_database(server_in: Embedded, tmp_path: Path) -> None:
    server_in.start()
    superuser = psycopg.conninfo.conninfo_to_dict(server_in.superuser_conninfo())
    script = write_compose(tmp_path / "compose")[2]
    done = subprocess.run(
        ["sh", str(script)],
        capture_output=True,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": str(superuser["host"]),
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": Path(str(superuser["passfile"])).read_text().strip().rsplit(":", 1)[1],
            "APP_OWNER": 'Shop "Owner"',
            "APP_OWNER_PASSWORD": PASSWORD,
            "APP_DATABASE": "my shop",
        },
    )
    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(
        host=str(superuser["host"]), dbname="my shop", user='Shop "Owner"', password=PASSWORD, passfile="/dev/null"
    ) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, datdba = r.oid FROM pg_roles AS r, pg_database"
            " WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
    assert row == (False, False, False, True)
