-- Geometries of a GeoPackage, which arrive as the bytes that they are: what PostGIS reads of them.
-- The header is that of GeoPackage 1.3, section 2.1.3: GP, version, flags, srs_id, envelope; behind it stands WKB.

CREATE OR REPLACE FUNCTION pgraduate_compat.gpkg_wkb(geometry bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
-- The well-known binary of a geometry; NULL for bytes that are no GeoPackage geometry.
AS $$
    SELECT CASE
        WHEN pg_catalog.length(geometry) >= 8 AND pg_catalog.substr(geometry, 1, 2) = '\x4750'
        THEN pg_catalog.substr(
            geometry,
            9 + CASE (pg_catalog.get_byte(geometry, 3) >> 1) & 7
                WHEN 1 THEN 32 WHEN 2 THEN 48 WHEN 3 THEN 48 WHEN 4 THEN 64 ELSE 0
            END
        )
    END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.gpkg_srs(geometry bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
-- The number of its reference system, from a header in either byte order.
AS $$
    SELECT CASE
        WHEN pg_catalog.length(geometry) >= 8 AND pg_catalog.substr(geometry, 1, 2) = '\x4750'
        THEN CASE pg_catalog.get_byte(geometry, 3) & 1
            WHEN 1 THEN (pg_catalog.get_byte(geometry, 7) << 24) | (pg_catalog.get_byte(geometry, 6) << 16)
                | (pg_catalog.get_byte(geometry, 5) << 8) | pg_catalog.get_byte(geometry, 4)
            ELSE (pg_catalog.get_byte(geometry, 4) << 24) | (pg_catalog.get_byte(geometry, 5) << 16)
                | (pg_catalog.get_byte(geometry, 6) << 8) | pg_catalog.get_byte(geometry, 7)
        END
    END
$$;
