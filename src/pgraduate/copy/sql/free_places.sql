-- How many more connections this role may open: by the server's limit, the database's and its own.
SELECT least(
    current_setting('max_connections')::integer
    - current_setting('superuser_reserved_connections')::integer
    - (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database)::integer,
    (
        SELECT CASE WHEN d.datconnlimit >= 0 THEN d.datconnlimit - s.numbackends END
        FROM pg_catalog.pg_database AS d
        JOIN pg_catalog.pg_stat_database AS s ON s.datid = d.oid
        WHERE d.datname = current_database()
    ),
    (
        SELECT CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit - (
            SELECT count(*) FROM pg_catalog.pg_stat_activity AS a WHERE a.usesysid = r.oid
        )::integer END
        FROM pg_catalog.pg_roles AS r
        WHERE r.rolname = session_user
    )
)
