-- The settings on which the text form of a value depends: those that are not as the runtime reads them.
-- Behind a pooler (the parameter) the style of intervals matters only where a column holds some: it cannot be set there.
SELECT name, wanted
  FROM (VALUES ('TimeZone', 'UTC', ARRAY['UTC', 'Etc/UTC']),
               ('DateStyle', 'ISO, YMD', ARRAY['ISO, YMD', 'ISO, MDY', 'ISO, DMY']),
               ('IntervalStyle', 'iso_8601', ARRAY['iso_8601']),
               ('extra_float_digits', '1', ARRAY['1', '2', '3']),
               ('bytea_output', 'hex', ARRAY['hex']),
               ('default_transaction_isolation', 'read committed', ARRAY['read committed']),
               ('standard_conforming_strings', 'on', ARRAY['on'])) AS needed (name, wanted, accepted)
 WHERE current_setting(name) <> ALL (accepted)
   AND (name <> 'IntervalStyle'
        OR NOT %s
        OR EXISTS (SELECT
                     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                    WHERE atttypid = 'interval'::regtype
                      AND attnum > 0
                      AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)))
