-- The settings of a loading session; any role may make them, and they end with the session.
SELECT
    set_config('synchronous_commit', 'off', false),
    set_config('TimeZone', 'UTC', false),
    set_config('DateStyle', 'ISO, YMD', false),
    set_config('IntervalStyle', 'postgres', false),
    set_config('extra_float_digits', '1', false),
    set_config('bytea_output', 'hex', false),
    set_config('client_encoding', 'UTF8', false),
    set_config('statement_timeout', '0', false),
    set_config('idle_in_transaction_session_timeout', '0', false),
    set_config('idle_session_timeout', '0', false),
    set_config('lock_timeout', '10s', false),
    (
        SELECT set_config('default_toast_compression', 'lz4', false)
        FROM pg_catalog.pg_settings
        WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
    )
