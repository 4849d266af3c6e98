"""Every object of a real database arrives or stands in the result with its reason, and survives a dump and a restore."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.applied import apply_files, catalog_of
from support.cli import pgraduate
from support.fidelity import carry, last_plan
from support.restored import restored
from support.server import PrivateServer
from support.soak import SOAK, Tally, tallied
from support.source_objects import source_objects

from pgraduate.compare.objects import compare_objects
from pgraduate.model.result import Verdict
from pgraduate.postgres.runs import known_runs
from pgraduate.verify import verify

_BESIDE = Path(__file__).parents[4] / "shared" / "databases"
FOLDER = Path(os.environ.get("PGRADUATE_DATABASES") or _BESIDE)
FILES = tuple(sorted(file for file in FOLDER.glob("*") if file.suffix in (".db", ".gpkg")))
POLICIES = ("faithful", "declared", "rich") if SOAK else ("declared",)
TRIED = FILES if SOAK else FILES[1 :: max(1, len(FILES) // 3)]
ROLES = {"app": "clerk", "readonly": "reader"}

pytestmark = pytest.mark.skipif(not FILES, reason="the sample databases are not beside the checkout")


@pytest.fixture(scope="module")
def restores() -> Iterator[Tally]:
    with tallied("Real databases, dumped, restored and verified") as counting:
        yield counting


@pytest.fixture(scope="module")
def files() -> Iterator[Tally]:
    with tallied("Real databases, made by psql from the files of schema and compared") as counting:
        yield counting


@pytest.fixture
def with_roles(server: PrivateServer) -> Iterator[str]:
    """An empty database of an owner who may make roles."""
    with server.roles(created_by_owner=True), server.database() as conninfo:
        yield conninfo


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("file", TRIED, ids=lambda file: file.name)
def test_every_object_is_accounted_for_and_survives_a_restore(
    file: Path, policy: str, server: PrivateServer, target: str, tmp_path: Path, restores: Tally
) -> None:
    path = Path(shutil.copyfile(file, tmp_path / file.name))
    carried = carry(path, target, tmp_path, policy=policy)
    assert carried.error is None, carried.why
    objects = carried.document["objects"]
    assert _missing(source_objects(path), objects) == {}
    assert [item for item in objects if item["outcome"] == "not_carried" and not item["reason"]] == []
    assert [view for view in carried.document["views"] if view["differing"] or view["error"]] == []
    with psycopg.connect(target) as connection:
        record = known_runs(connection)[-1]
        plan = last_plan(connection)
        before = compare_objects(connection, plan)
    with (
        restores.trying(),
        restored(server, target, tmp_path) as fresh,
        closing(psycopg.connect(fresh, autocommit=True)) as connection,
    ):
        found = verify(connection, Path(record.sources[0].sealed), plan, record.run_id)
        assert found.verdict is Verdict.EQUAL, [table for table in found.tables if table.differing]
        assert compare_objects(connection, plan) == before


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("file", TRIED if SOAK else TRIED[:1], ids=lambda file: file.name)
def test_psql_alone_makes_the_catalog_and_the_rights_of_a_run(
    file: Path, policy: str, with_roles: str, tmp_path: Path, files: Tally
) -> None:
    target = with_roles
    path = Path(shutil.copyfile(file, tmp_path / file.name))
    lines = "\n".join(f'{right} = "{role}"' for right, role in ROLES.items())
    (tmp_path / "pgraduate.toml").write_text(f"[roles]\n{lines}\n", "utf-8")
    written = pgraduate("schema", path, "--policy", policy, "-o", "ddl", cwd=tmp_path)
    assert written.code in (0, 3), written.err
    carried = carry(path, target, tmp_path, policy=policy)
    assert carried.error is None, carried.why
    schema = carried.document["sources"][0]["schema"]
    by_run = catalog_of(target, schema)
    with files.trying():
        with psycopg.connect(target.replace("user=owner", "user=postgres"), autocommit=True) as administrator:
            administrator.execute(f'DROP SCHEMA "{schema}", pgraduate CASCADE'.encode())
            administrator.execute("DROP SCHEMA IF EXISTS pgraduate_compat CASCADE")
            roles = ", ".join(ROLES.values())
            administrator.execute(f"DROP OWNED BY {roles}; DROP ROLE {roles}".encode())
        apply_files(tmp_path / "ddl", target)
        assert catalog_of(target, schema) == by_run


def _missing(declared: Counter[tuple[str, str]], objects: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    """Give what the file declares and the result does not name."""
    named: Counter[tuple[str, str]] = Counter()
    # The longest first: a table's name may begin with another's and a point.
    tables = sorted((name for kind, name in declared if kind == "table"), key=len, reverse=True)
    for item in objects:
        name = item["name"]
        if item["kind"] in ("foreign key", "unique"):
            name = name.rpartition("(")[0]
        elif item["kind"] in ("check", "default", "identity"):
            name = next((table for table in tables if name.startswith(f"{table}.")), name)
        named[item["kind"], name] += 1
    return Counter({key: count for key, count in declared.items() if named[key] < count})
