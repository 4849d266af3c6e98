-- Every setting as it is, with its limits, and what a restart still has to bring.
SELECT name, setting, coalesce(unit, '') AS unit, context, vartype, source, boot_val, min_val, max_val,
       coalesce(enumvals, '{}') AS choices, pending_restart
  FROM pg_catalog.pg_settings
