-- What the runtime keeps of the databases that it serves.  Every statement can run again.
CREATE SCHEMA IF NOT EXISTS pgraduate;

-- Which schema stands for the file of a path, how often its definitions have changed, and the run that migrated it: none
-- where the runtime made the schema.
CREATE TABLE IF NOT EXISTS pgraduate.place (
    path           text PRIMARY KEY,
    schema_name    text NOT NULL UNIQUE,
    version        bigint NOT NULL DEFAULT 1,
    run_id         text,
    user_version   integer NOT NULL DEFAULT 0,
    application_id integer NOT NULL DEFAULT 0,
    made           timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- SQLite's definition of each object of such a schema; `shape` is the table or view as the translator sees it.
CREATE TABLE IF NOT EXISTS pgraduate.declared (
    schema_name text NOT NULL REFERENCES pgraduate.place (schema_name) ON DELETE CASCADE,
    position    bigint GENERATED ALWAYS AS IDENTITY,
    kind        text NOT NULL,
    name        text NOT NULL,
    table_name  text NOT NULL,
    definition  text NOT NULL,
    shape       json,
    PRIMARY KEY (schema_name, kind, name)
);
