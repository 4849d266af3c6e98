-- Whether PostGIS stands in the database and the functions that read the geometries of a file for it do not.
SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'postgis')
   AND NOT EXISTS (
       SELECT FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
       WHERE n.nspname = %(schema)s AND p.proname = 'spatialite_geometry'
   )
