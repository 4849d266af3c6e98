-- The settings under which PostgreSQL writes values as text; they end with the transaction.
-- row_security off turns rows that a policy would hide into an error.
SELECT
    set_config('TimeZone', 'UTC', true),
    set_config('DateStyle', 'ISO, YMD', true),
    set_config('IntervalStyle', 'postgres', true),
    set_config('extra_float_digits', '1', true),
    set_config('bytea_output', 'hex', true),
    set_config('client_encoding', 'UTF8', true),
    set_config('row_security', 'off', true),
    set_config('statement_timeout', '0', true),
    set_config('lock_timeout', '10s', true)
