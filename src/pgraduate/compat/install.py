"""Install, upgrade and check the compat functions.

The schema's comment holds the version of what is in it.  The invariant: an installation is whole or absent, because
it is one transaction, and installing again changes nothing but what a newer version brings.
"""

from __future__ import annotations

from importlib.resources import files

import psycopg
from psycopg import sql

from pgraduate.errors import Refused
from pgraduate.postgres.identifiers import quote

SCHEMA = "pgraduate_compat"
ANY_VALUE_TYPE = f"{SCHEMA}.any_value"
"""The type of values of any storage class, as the server names it."""
VERSION = 7
_MARK = "pgraduate compat functions, version "


def install(connection: psycopg.Connection, schema: str = SCHEMA) -> None:
    """Bring the compat functions of this version into the database, in one transaction.

    Raise Refused where the schema exists and is not pgraduate's, or holds a newer version.
    """
    with connection.transaction():
        found = _installed(connection, schema)
        if found == VERSION and not (check(connection, schema) or _lacks_geometry(connection, schema)):
            return
        if found is not None and found > VERSION:
            raise Refused(
                f"the compat functions in the database are newer: version {found}, this program has {VERSION}",
                where=schema,
                hint="use the newer pgraduate",
            )
        if found is None:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        connection.execute("SET LOCAL check_function_bodies = off")
        for script in scripts(schema):
            connection.execute(script.encode())
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
            sql.Identifier(schema), sql.Literal(f"{_MARK}{VERSION}")
        )
        connection.execute(comment)
        connection.execute("SET LOCAL check_function_bodies = on")


def is_older(connection: psycopg.Connection, schema: str = SCHEMA) -> bool:
    """Whether functions of an older version stand there; False where none stand, or some of somebody else."""
    row = connection.execute(_read("version.sql"), {"schema": schema}).fetchone()
    comment = (row and row[0]) or ""
    return comment.startswith(_MARK) and int(comment.removeprefix(_MARK)) < VERSION


def check(connection: psycopg.Connection, schema: str = SCHEMA) -> tuple[str, ...]:
    """Give the functions that the database does not have, each with its types of arguments: `hex(bytea)`.

    An overload counts as a function, because a call that misses its own may find one with another meaning.
    """
    return tuple(sorted(set(signatures()) - installed_signatures(connection, schema)))


def signatures() -> tuple[str, ...]:
    """Give every function of this version as PostgreSQL names it, helpers of the others among them."""
    return tuple(_read("signatures.txt").decode().split("\n")[:-1])


def installed_signatures(connection: psycopg.Connection, schema: str = SCHEMA) -> set[str]:
    """Give every function of the schema."""
    return {signature for (signature,) in connection.execute(_read("functions.sql"), {"schema": schema})}


def scripts(schema: str = SCHEMA) -> tuple[str, ...]:
    """Give the statements that make the functions, written for a schema, in their order."""
    folder = files("pgraduate.compat").joinpath("sql")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name[0].isdigit())
    texts = (folder.joinpath(name).read_text("utf-8") for name in names)
    return tuple(text.replace(f"{SCHEMA}.", f"{quote(schema)}.") for text in texts)


def as_file() -> str:
    """Write the installation as one file for psql; it fails where the schema stands already."""
    parts = [
        f"-- Functions that behave as SQLite's do, version {VERSION}: translated statements call them.",
        f"CREATE SCHEMA {quote(SCHEMA)};",
        "SET check_function_bodies = off;",
        *scripts(),
        "RESET check_function_bodies;",
        f"COMMENT ON SCHEMA {quote(SCHEMA)} IS '{_MARK}{VERSION}';",
    ]
    return "\n\n".join(parts) + "\n"


def _installed(connection: psycopg.Connection, schema: str) -> int | None:
    """Give the version in the database, None where the schema does not exist; raise Refused for a foreign schema."""
    row = connection.execute(_read("version.sql"), {"schema": schema}).fetchone()
    if row is None:
        return None
    comment = row[0] or ""
    if not comment.startswith(_MARK):
        raise Refused(
            "the schema for the compat functions exists and was not made by pgraduate",
            where=schema,
            hint="rename that schema, or choose another name for the compat functions",
        )
    return int(comment.removeprefix(_MARK))


def _lacks_geometry(connection: psycopg.Connection, schema: str) -> bool:
    """Whether PostGIS came after the functions did: then one more can be made."""
    row = connection.execute(_read("lacks_geometry.sql"), {"schema": schema}).fetchone()
    return bool(row and row[0])


def _read(name: str) -> bytes:
    return files("pgraduate.compat").joinpath("sql", name).read_bytes()
