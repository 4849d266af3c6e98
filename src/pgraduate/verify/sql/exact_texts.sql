-- The settings under which a key's text was written into the records, until the transaction ends; and the patience for locks.
SELECT set_config(name, value, true)
  FROM (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'), ('extra_float_digits', '1'), ('bytea_output', 'hex'),
               ('lock_timeout', '10s')) AS wanted (name, value)
