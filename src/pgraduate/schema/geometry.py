"""The geometries of a spatial file: they arrive as the bytes that they are, and PostGIS reads them where it stands.

A GeoPackage and SpatiaLite have a form of their own each.  The application sees the columns that it had.  Where the
target has PostGIS in public, an index over what the bytes mean serves its searches; the function behind it gives NULL
for bytes that are no geometry, so that no write fails.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of file writes its geometries: the prefix of the compat functions that read them."""

    name: str
    prefix: str
    code: str


_GEOPACKAGE = Form("GeoPackage", "gpkg", "GEOPACKAGE")
_SPATIALITE = Form("SpatiaLite", "spatialite", "SPATIALITE")
_CATALOG_OF_SPATIALITE = frozenset({"geometry_columns", "spatial_ref_sys"})
"""The tables that SpatiaLite makes in every file before it takes a geometry (InitSpatialMetadata)."""


def geometries(room: Room, *, postgis: bool) -> None:
    """Say how PostGIS reads the geometries of the file, and plan an index over each column where it stands."""
    form = form_of(room.catalog)
    if form is None:
        return
    room.docket.compat = True
    functions = f"{COMPAT_SCHEMA}.{form.prefix}"
    reading = (
        f"{functions}_geometry(geom)"
        if postgis
        else f"ST_GeomFromWKB({functions}_wkb(geom), {functions}_srs(geom))"
    )
    room.docket.find(
        form.code,
        Severity.INFO,
        room.schema,
        "geometries arrive as the bytes that they are, header and all",
        f"PostGIS reads them by {reading}",
    )
    if postgis:
        for table in room.tables:
            for column in table.columns:
                if table.kind == "table" and _is_geometry(room, table.name, column):
                    _index(room, form, table.name, column)


def form_of(catalog: Catalog) -> Form | None:
    """Give the form of the geometries of a file; None where it is neither a GeoPackage nor one of SpatiaLite."""
    if catalog.application_id in GEOPACKAGES:
        return _GEOPACKAGE
    names = {fold_name(table.name) for table in catalog.tables}
    return _SPATIALITE if names >= _CATALOG_OF_SPATIALITE else None


def _is_geometry(room: Room, table: str, column: Column) -> bool:
    return fold_name(column.declared) in _TYPES and room.column(table, column.name).type == "bytea"


def _index(room: Room, form: Form, table: str, column: Column) -> None:
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
                f" USING gist ({qualified(COMPAT_SCHEMA, f'{form.prefix}_geometry')}({quote(stored)}))",
            ),
            (f"DROP INDEX IF EXISTS {target} RESTRICT",),
            target=target,
        )
    )
