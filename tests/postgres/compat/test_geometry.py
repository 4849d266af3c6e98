"""What PostGIS reads of a GeoPackage geometry: the well-known binary behind the header, and its reference system."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from struct import pack

import psycopg
import pytest
from support.fidelity import carry

WKB = pack("<BIdd", 1, 1, 2.5, -3.5)
_ENVELOPES = {0: 0, 1: 4, 2: 6, 3: 6, 4: 8}
"""How many doubles stand in the header by its envelope code."""


def geometry(*, little: bool = True, envelope: int = 0, srs: int = 4326) -> bytes:
    order = "<" if little else ">"
    doubles = _ENVELOPES[envelope]
    return b"GP\0" + pack(f"{order}Bi{doubles}d", (envelope << 1) | little, srs, *[1.0] * doubles) + WKB


@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("envelope", _ENVELOPES)
@pytest.mark.parametrize("srs", [4326, -1, 0, 2**31 - 1])
def test_the_binary_stands_behind_a_header_of_any_shape(
    installed: psycopg.Connection, little: bool, envelope: int, srs: int
) -> None:
    stored = geometry(little=little, envelope=envelope, srs=srs)
    question = "SELECT pgraduate_compat.gpkg_wkb(%(g)s), pgraduate_compat.gpkg_srs(%(g)s)"
    assert installed.execute(question, {"g": stored}).fetchone() == (WKB, srs)


@pytest.mark.parametrize("stored", [None, b"", b"GP", b"GP\0\1\0\0\0", b"\0\1 no geometry at all"])
def test_other_bytes_are_no_geometry(installed: psycopg.Connection, stored: bytes | None) -> None:
    question = "SELECT pgraduate_compat.gpkg_wkb(%(g)s::bytea), pgraduate_compat.gpkg_srs(%(g)s::bytea)"
    assert installed.execute(question, {"g": stored}).fetchone() == (None, None)


def test_a_geopackage_brings_the_functions_and_says_so(target: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as source, source:
        source.execute(f"PRAGMA application_id = {0x47504B47}")
        source.execute("CREATE TABLE wells (id INTEGER PRIMARY KEY, geom POINT)")
        source.execute("INSERT INTO wells VALUES (1, ?)", (geometry(envelope=1),))
    carried = carry(tmp_path / "app.db", target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    assert [item["code"] for item in carried.document["findings"] if item["code"] == "GEOPACKAGE"]
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT pgraduate_compat.gpkg_wkb(geom) FROM app.wells").fetchone()
    assert found == (WKB,)
