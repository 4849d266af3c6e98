"""Files and geometries in the form of SpatiaLite, made without its extension."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from struct import pack


def spatialite_blob(body: bytes, *, little: bool = True, srs: int = 4326) -> bytes:
    """Put the frame of SpatiaLite around a class and its points."""
    order = "<" if little else ">"
    return b"\0" + bytes([little]) + pack(f"{order}i4d", srs, 0, 0, 1, 1) + b"\x7c" + body + b"\xfe"


def spatialite_point(x: float, y: float, *, srs: int = 4326) -> bytes:
    return spatialite_blob(pack("<Idd", 1, x, y), srs=srs)


def make_spatialite(path: Path, wells: list[tuple[int, bytes]]) -> None:
    """Make a file with the tables by which SpatiaLite knows its own."""
    with closing(sqlite3.connect(path)) as source, source:
        source.execute("CREATE TABLE spatial_ref_sys (srid INTEGER PRIMARY KEY, auth_name TEXT, ref_sys_name TEXT)")
        source.execute(
            "CREATE TABLE geometry_columns (f_table_name TEXT NOT NULL, f_geometry_column TEXT NOT NULL,"
            " geometry_type INTEGER NOT NULL, srid INTEGER NOT NULL REFERENCES spatial_ref_sys,"
            " PRIMARY KEY (f_table_name, f_geometry_column))"
        )
        source.execute("INSERT INTO spatial_ref_sys VALUES (4326, 'epsg', 'WGS 84')")
        source.execute("INSERT INTO geometry_columns VALUES ('wells', 'geom', 1, 4326)")
        source.execute("CREATE TABLE wells (id INTEGER PRIMARY KEY, geom POINT)")
        source.executemany("INSERT INTO wells VALUES (?, ?)", wells)
