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

CREATE OR REPLACE FUNCTION pgraduate_compat.number_at(stored bytea, place bigint, little boolean) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
-- The unsigned number of four bytes at a place counted from 0, the lowest byte first where `little`; NULL beyond the end.
AS $$
    SELECT CASE
        WHEN place < 0 OR place + 4 > pg_catalog.length(stored) THEN NULL
        WHEN little
        THEN pg_catalog.get_byte(stored, place::integer)::bigint
            + (pg_catalog.get_byte(stored, place::integer + 1)::bigint << 8)
            + (pg_catalog.get_byte(stored, place::integer + 2)::bigint << 16)
            + (pg_catalog.get_byte(stored, place::integer + 3)::bigint << 24)
        ELSE pg_catalog.get_byte(stored, place::integer + 3)::bigint
            + (pg_catalog.get_byte(stored, place::integer + 2)::bigint << 8)
            + (pg_catalog.get_byte(stored, place::integer + 1)::bigint << 16)
            + (pg_catalog.get_byte(stored, place::integer)::bigint << 24)
    END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.gpkg_srs(geometry bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
-- The number of its reference system, from a header in either byte order.
AS $$
    SELECT CASE
        WHEN pg_catalog.length(geometry) >= 8 AND pg_catalog.substr(geometry, 1, 2) = '\x4750'
        THEN pgraduate_compat.number_at(geometry, 4, pg_catalog.get_byte(geometry, 3) & 1 = 1)::bit(32)::integer
    END
$$;
