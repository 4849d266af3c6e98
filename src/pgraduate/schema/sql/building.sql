-- The settings of a session that makes keys and indexes behind the rows; any role may make them.
-- maintenance_work_mem is raised to what sorts most tables without a spill, and never lowered; a commit need not wait
-- for the log, since what it made is looked for in the catalog and the verdict's commit waits for all before it.
SELECT
    set_config('synchronous_commit', 'off', false),
    (
        SELECT set_config('maintenance_work_mem', '256MB', false)
        FROM pg_catalog.pg_settings
        WHERE name = 'maintenance_work_mem' AND setting::bigint < 256 * 1024
    )
