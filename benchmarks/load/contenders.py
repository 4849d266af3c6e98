"""The limit, pgraduate and its peers: each loads one case into an empty database and makes the same keys and indexes.

Every contender's timed part begins with an empty database and ends when rows, keys and indexes are committed.
A peer gets the options and casts that make its result equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import psycopg

from benchmarks.load.case import SCHEMA, Case
from benchmarks.load.measuring import Measured, measure, measure_program
from pgraduate.postgres.identifiers import qualified, quote

SESSION = """\
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';
SET default_toast_compression = 'lz4';
"""
"""What any client may set, the same for all that take settings."""


@dataclass(frozen=True, slots=True)
class Contender:
    """`schema` is where its tables stand afterwards; `present` says why it cannot run here, '' where it can."""

    name: str
    run: Callable[[Case, str, Path], Measured]
    schema: str = SCHEMA
    present: Callable[[], str] = lambda: ""


def _limit(case: Case, conninfo: str, work: Path) -> Measured:
    """psql's \\copy of prepared binary files with FREEZE, then the same keys and indexes."""
    script = [SESSION, f"CREATE SCHEMA {quote(SCHEMA)};", "BEGIN;", *_ended(case.tables_sql)]
    for table in case.plan.tables:
        columns = ", ".join(quote(column.target) for column in table.columns if not column.generated)
        file = str(work / f"{table.name}.copy").replace("'", "''")
        name = qualified(table.schema, table.name)
        script.append(f"\\copy {name} ({columns}) from '{file}' with (format binary, freeze)")
    script += ["COMMIT;", *_ended(case.keys_sql)]
    return measure(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", conninfo], stdin="\n".join(script))


def prepare_limit(case: Case, conninfo: str, work: Path) -> None:
    """Write the binary files that the limit loads, from a database that holds the case."""
    with psycopg.connect(conninfo) as connection:
        for table in case.plan.tables:
            columns = ", ".join(quote(column.target) for column in table.columns if not column.generated)
            query = f"COPY {qualified(table.schema, table.name)} ({columns}) TO STDOUT (FORMAT BINARY)"
            with (
                (work / f"{table.name}.copy").open("wb") as file,
                connection.cursor() as cursor,
                cursor.copy(query.encode()) as copy,
            ):
                for block in copy:
                    file.write(block)


def _pgraduate(case: Case, conninfo: str, work: Path) -> Measured:
    return run_program("load", case, conninfo, work)


def _plain(case: Case, conninfo: str, work: Path) -> Measured:
    return run_program("plain", case, conninfo, work)


def _duckdb(case: Case, conninfo: str, work: Path) -> Measured:
    return run_program("duck", case, conninfo, work)


def run_program(name: str, case: Case, conninfo: str, work: Path) -> Measured:
    description = work / "case.json"
    if not description.exists():
        case.save(description)
    return measure_program(f"benchmarks.load.programs.{name}", description, conninfo)


def _pgloader(case: Case, conninfo: str, work: Path) -> Measured:
    """pgloader with casts that keep 64-bit numbers, doubles and texts; it makes tables, keys and indexes itself."""
    parameters = psycopg.conninfo.conninfo_to_dict(conninfo)
    place = f"unix:{parameters['host']}:{parameters.get('port', 5432)}"
    target = f"postgresql://{parameters['user']}@{place}/{parameters['dbname']}"
    orders = work / "pgloader.load"
    orders.write_text(
        f"LOAD DATABASE FROM sqlite://{case.live} INTO {target}\n"
        # With as many rows read ahead as it does by default, long rows exhaust its heap.
        "WITH create tables, create indexes, reset sequences, workers = 2, concurrency = 1, prefetch rows = 1000\n"
        "SET synchronous_commit TO 'off', maintenance_work_mem TO '256MB', default_toast_compression TO 'lz4'\n"
        "CAST type real to float8 using float-to-string;\n"
    )
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(work)}
    if passfile := parameters.get("passfile"):
        environment["PGPASSFILE"] = str(passfile)
    return measure(["pgloader", "--root-dir", work, orders], environment=environment)


def _ended(statements: list[str]) -> list[str]:
    return [f"{statement.rstrip().rstrip(';')};" for statement in statements]


def _missing_program(name: str) -> Callable[[], str]:
    return lambda: "" if which(name) else f"{name} is not installed"


def _missing_duckdb() -> str:
    try:
        import duckdb_extension_postgres_scanner  # noqa: F401
    except ImportError:
        return "duckdb and its extensions are not installed"
    return ""


LIMIT = Contender("limit", _limit)
PGRADUATE = Contender("pgraduate", _pgraduate)
PEERS = (
    Contender("plain psycopg", _plain),
    Contender("DuckDB", _duckdb, present=_missing_duckdb),
    Contender("pgloader", _pgloader, schema="public", present=_missing_program("pgloader")),
)
