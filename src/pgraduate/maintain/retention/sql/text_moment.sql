-- The moment in UTC that an ISO 8601 text tells, NULL where it tells none.  No cast can fail: the form is looked at first,
-- and a day beyond its month's end counts on into the next month, as SQLite counts.
CASE WHEN {column} ~ '^(?!0000)\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{{1,9}})?)? ?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?)?$'
THEN (pg_catalog.substr({column}, 1, 7) || '-01')::pg_catalog.date
    + (pg_catalog.substr({column}, 9, 2)::pg_catalog.int4 - 1)
    + coalesce(substring({column} from '^.{{11}}(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)'), '00:00')::pg_catalog.time
    - coalesce(
        (substring({column} from '^.{{16}}.*([+-]\d\d)') || ' hours')::pg_catalog.interval
        + (substring({column} from '^.{{16}}.*([+-])\d\d')
            || coalesce(substring({column} from '^.{{16}}.*[+-]\d\d:?(\d\d)$'), '0') || ' minutes')::pg_catalog.interval,
        '0'::pg_catalog.interval
    )
END
