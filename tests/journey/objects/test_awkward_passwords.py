"""Passwords that are not made for URLs: libpq reads the words, and nobody else takes them apart."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql
from support.cli import pgraduate
from support.server import PrivateServer
from support.sources import make_shop

PASSWORD = "p@$s:/%?# w'ö\\rd"


def test_a_password_of_awkward_characters_opens_the_target(server: PrivateServer, tmp_path: Path) -> None:
    with server.database() as conninfo, psycopg.connect(server.superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE awkward LOGIN PASSWORD {}").format(sql.Literal(PASSWORD)))
        name = str(psycopg.conninfo.conninfo_to_dict(conninfo)["dbname"])
        connection.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO awkward").format(sql.Identifier(name)))
        try:
            with server.asking_for_passwords("awkward"):
                url = f"postgresql://awkward:{quote(PASSWORD, safe='')}@/{name}?host={server.directory}"
                shop = make_shop(tmp_path / "shop.db", purchases=3)
                result = pgraduate("run", shop, "--to", "env", "--json", cwd=tmp_path, env={"DATABASE_URL": url})
                assert result.code == 0, result.err.replace(PASSWORD, "********")
                assert PASSWORD not in result.out + result.err
        finally:
            with psycopg.connect(conninfo.replace("user=owner", "user=postgres"), autocommit=True) as own:
                own.execute("DROP OWNED BY awkward CASCADE")
            connection.execute("DROP ROLE awkward")
