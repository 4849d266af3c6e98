-- A geometry of a GeoPackage or of SpatiaLite as PostGIS has it, made only where that extension stands.

DO $do$
DECLARE
    home CONSTANT text := (
        SELECT n.nspname FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
        WHERE e.extname = 'postgis'
    );
    form text;
BEGIN
    IF home IS NULL THEN
        RETURN;
    END IF;
    FOREACH form IN ARRAY ARRAY['gpkg', 'spatialite'] LOOP
        EXECUTE pg_catalog.format($make$
            CREATE OR REPLACE FUNCTION pgraduate_compat.%2$I(geometry bytea) RETURNS %1$I.geometry
            -- A block with an exception runs in no parallel worker.
            LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE STRICT AS $body$
            -- NULL for bytes that PostGIS cannot read: an index over it makes no write fail.
            DECLARE
                srs CONSTANT integer := pgraduate_compat.%3$I(geometry);
            BEGIN
                RETURN %1$I.st_setsrid(
                    %1$I.st_geomfromwkb(pgraduate_compat.%4$I(geometry)),
                    -- 0 and -1 are the undefined systems of both forms; PostGIS keeps the numbers from 999000 on.
                    CASE WHEN srs BETWEEN 1 AND 998999 THEN srs ELSE 0 END
                );
            EXCEPTION
                WHEN internal_error OR data_exception THEN RETURN NULL;
            END
            $body$
        $make$, home, form || '_geometry', form || '_srs', form || '_wkb');
    END LOOP;
END
$do$;
