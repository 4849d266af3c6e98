"""The geometries of a GeoPackage: they arrive as the bytes that they are, and PostGIS reads them where it stands.

The application sees the columns that it had.  Where the target has PostGIS in public, an index over what the bytes
mean serves its searches; the function behind it gives NULL for bytes that are no geometry, so that no write fails.
"""

from __future__ import annotations

from pgraduate.model.catalog import Catalog, Column
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ObjectPlan
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.schema.room import Room
from pgraduate.schema.view import COMPAT_SCHEMA

GEOPACKAGES = (0x47504B47, 0x47503130, 0x47503131)
"""The application_id of a GeoPackage: GPKG (GeoPackage 1.2 and later, requirement 2), GP10 and GP11 before."""

_TYPES = frozenset(
    {
        "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
        "geometrycollection", "geomcollection", "circularstring", "compoundcurve", "curvepolygon", "multicurve",
        "multisurface", "curve", "surface",
    }
)  # fmt: skip
"""The declared types of a column of geometries (GeoPackage 1.3, annex G)."""


def geometries(room: Room, *, postgis: bool) -> None:
    """Say how PostGIS reads the geometries of a GeoPackage, and plan an index over each column where it stands."""
    if not is_geopackage(room.catalog):
        return
    room.docket.compat = True
    reading = (
        "pgraduate_compat.gpkg_geometry(geom)"
        if postgis
        else ("ST_GeomFromWKB(pgraduate_compat.gpkg_wkb(geom), pgraduate_compat.gpkg_srs(geom))")
    )
    room.docket.find(
        "GEOPACKAGE",
        Severity.INFO,
        room.schema,
        "geometries arrive as the bytes that they are, header and all",
        f"PostGIS reads them by {reading}",
    )
    if postgis:
        for table in room.tables:
            for column in table.columns:
                if table.kind == "table" and _is_geometry(room, table.name, column):
                    _index(room, table.name, column)


def is_geopackage(catalog: Catalog) -> bool:
    return catalog.application_id in GEOPACKAGES


def _is_geometry(room: Room, table: str, column: Column) -> bool:
    return fold_name(column.declared) in _TYPES and room.column(table, column.name).type == "bytea"


def _index(room: Room, table: str, column: Column) -> None:
    stored = room.column(table, column.name).target
    name = room.names.relation(room.names.table(table), stored, "geometry")
    target = qualified(room.schema, name)
    room.docket.add(
        ObjectPlan(
            "index",
            f"{table}.{column.name} geometry",
            "translated",
            "GiST over the geometries that PostGIS reads in the bytes; it keeps itself current",
            "after rows",
            (
                f"CREATE INDEX {quote(name)} ON {room.qualified(table)}"
                f" USING gist ({qualified(COMPAT_SCHEMA)}.gpkg_geometry({quote(stored)}))",
            ),
            (f"DROP INDEX IF EXISTS {target} RESTRICT",),
            target=target,
        )
    )
