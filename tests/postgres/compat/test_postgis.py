"""Where the target has PostGIS, it finds a GeoPackage's geometries by an index, and the application sees no difference."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from struct import pack

import psycopg
import pytest
from support.cli import pgraduate
from support.fidelity import carry, schemas
from support.restored import restored
from support.server import PrivateServer
from support.spatialite import make_spatialite, spatialite_blob, spatialite_point

POINTS = 400
ROWS = [(number, number % 20, number // 20) for number in range(POINTS)]


def _point(x: float, y: float, srs: int = 4326) -> bytes:
    return b"GP\0" + pack("<Bi", 1, srs) + pack("<BIdd", 1, 1, x, y)


def _with_postgis(server: PrivateServer, target: str, schema: str) -> None:
    """Make PostGIS in the target; the test is skipped where the server has no files of it."""
    with psycopg.connect(target.replace("user=owner", "user=postgres"), autocommit=True) as superuser:
        query = "SELECT FROM pg_available_extensions WHERE name = 'postgis'"
        if superuser.execute(query).fetchone() is None:
            pytest.skip("NO POSTGIS among the server's extensions: apt-get install postgresql-15-postgis-3")
        superuser.execute(
            f"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE EXTENSION postgis SCHEMA {schema}".encode()
        )
        superuser.execute(f"GRANT USAGE ON SCHEMA {schema} TO PUBLIC".encode())


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "app.gpkg"
    with closing(sqlite3.connect(path)) as source, source:
        source.execute(f"PRAGMA application_id = {0x47504B47}")
        source.execute("CREATE TABLE wells (id INTEGER PRIMARY KEY, geom POINT, photo BLOB)")
        source.executemany("INSERT INTO wells VALUES (?, ?, x'00')", [(id, _point(x, y)) for id, x, y in ROWS])
        broken = [None, b"", b"no geometry at all", _point(0, 0)[:-3], b"GP\0\1" + bytes(4) + b"\7" * 30]
        source.executemany("INSERT INTO wells (geom) VALUES (?)", [(geometry,) for geometry in broken])
        source.execute("INSERT INTO wells (geom) VALUES (?)", (_point(500, 500, -1),))
    return path


def test_postgis_finds_the_geometries_by_an_index(
    server: PrivateServer, target: str, package: Path, tmp_path: Path
) -> None:
    _with_postgis(server, target, "public")
    carried = carry(package, target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    question = (
        "SELECT id FROM app.wells WHERE ST_DWithin(pgraduate_compat.gpkg_geometry(geom),"
        " ST_SetSRID(ST_MakePoint(3, 4), 4326), 1.5) ORDER BY id"
    )
    near = [(id,) for id, x, y in ROWS if (x - 3) ** 2 + (y - 4) ** 2 <= 1.5**2]
    with restored(server, target, tmp_path, as_role="postgres") as fresh:
        for conninfo in (target, fresh):
            with psycopg.connect(conninfo, autocommit=True) as connection:
                connection.execute("SET enable_seqscan = off; SET search_path = app, public")
                assert connection.execute(question.encode()).fetchall() == near
                plan = "\n".join(line for (line,) in connection.execute(b"EXPLAIN " + question.encode()))
                assert "wells_geom_geometry" in plan
                # The application's write of any bytes is taken.
                connection.execute("INSERT INTO app.wells (geom) VALUES ('\\x475000'), (repeat('x', 5000)::bytea)")
                unknown = "SELECT count(*) FROM app.wells WHERE ST_SRID(pgraduate_compat.gpkg_geometry(geom)) = 0"
                assert connection.execute(unknown).fetchone() == (1,)


def test_postgis_reads_a_file_of_spatialite(server: PrivateServer, target: str, tmp_path: Path) -> None:
    _with_postgis(server, target, "public")
    collection = b"".join(
        (pack("<II", 7, 2), b"\x69", pack("<Idd", 1, 1, 2), b"\x69", pack("<II4d", 2, 2, 0, 0, 3, 4))
    )
    wells = [(id, spatialite_point(x, y)) for id, x, y in ROWS]
    wells += [(1001, spatialite_blob(collection)), (1002, b"no geometry"), (1003, spatialite_point(1, 2, srs=-1))]
    make_spatialite(tmp_path / "app.db", wells)
    carried = carry(tmp_path / "app.db", target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    with psycopg.connect(target) as connection:
        connection.execute("SET enable_seqscan = off; SET search_path = app, public")
        found = b"pgraduate_compat.spatialite_geometry(geom) && ST_MakeEnvelope(0, 0, 1, 1, 4326)"
        question = b"SELECT id FROM wells WHERE " + found
        near = {id for id, x, y in ROWS if x <= 1 and y <= 1} | {1001}
        assert {id for (id,) in connection.execute(question)} == near
        assert "wells_geom_geometry" in "\n".join(line for (line,) in connection.execute(b"EXPLAIN " + question))
        shown = connection.execute(
            "SELECT ST_AsEWKT(pgraduate_compat.spatialite_geometry(geom)) FROM wells WHERE id > 1000 ORDER BY id"
        ).fetchall()
    assert shown == [
        ("SRID=4326;GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,3 4))",),
        (None,),
        ("POINT(1 2)",),
    ]


def test_postgis_in_a_schema_that_a_restore_opens_too_late_gets_the_function_alone(
    server: PrivateServer, target: str, package: Path, tmp_path: Path
) -> None:
    _with_postgis(server, target, "gis")
    carried = carry(package, target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    assert not [item for item in carried.document["objects"] if "geometry" in item["name"]]
    with psycopg.connect(target) as connection:
        query = "SELECT gis.ST_AsText(pgraduate_compat.gpkg_geometry(geom)) FROM app.wells WHERE id = 5"
        assert connection.execute(query).fetchone() == ("POINT(5 0)",)


def test_a_database_without_postgis_has_no_such_index(target: str, package: Path, tmp_path: Path) -> None:
    carried = carry(package, target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    assert not [item for item in carried.document["objects"] if "geometry" in item["name"]]


def test_uninstall_leaves_what_the_index_calls_and_undo_takes_all_back(
    server: PrivateServer, target: str, package: Path, tmp_path: Path
) -> None:
    _with_postgis(server, target, "public")
    assert pgraduate("run", package, "--to", target, cwd=tmp_path).code == 0
    assert pgraduate("undo", "--to", target, cwd=tmp_path).code == 0
    with psycopg.connect(target) as connection:
        assert schemas(connection) == set()
    assert pgraduate("run", package, "--to", target, cwd=tmp_path).code == 0
    assert pgraduate("uninstall", "--yes", "--to", target, cwd=tmp_path).code == 0
    with psycopg.connect(target) as connection:
        assert schemas(connection) == {"app", "pgraduate_compat"}
        connection.execute("INSERT INTO app.wells (geom) VALUES (%s)", (_point(1, 2),))
