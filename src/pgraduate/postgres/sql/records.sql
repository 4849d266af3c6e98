-- pgraduate's own records in a target: what decides a resume, and what cannot stand in the user's tables.
-- Version 1.  Every statement can run again.
CREATE SCHEMA IF NOT EXISTS pgraduate;
COMMENT ON SCHEMA pgraduate IS 'Records of pgraduate, version 1. `pgraduate uninstall` lists and removes them.';

CREATE TABLE IF NOT EXISTS pgraduate.run (
    run_id      text PRIMARY KEY,
    started     timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished    timestamptz,
    verdict     text,
    version     text NOT NULL
);

CREATE TABLE IF NOT EXISTS pgraduate.source (
    run_id      text NOT NULL REFERENCES pgraduate.run ON DELETE CASCADE,
    position    integer NOT NULL,
    name        text NOT NULL,
    path        text NOT NULL,
    schema_name text NOT NULL,
    digest      text NOT NULL,
    bytes       bigint NOT NULL,
    sealed      text NOT NULL,
    plan        json NOT NULL,
    PRIMARY KEY (run_id, name)
);

-- A chunk's rows and its line here commit together: what stands here was copied, exactly once.
CREATE TABLE IF NOT EXISTS pgraduate.chunk (
    run_id      text NOT NULL REFERENCES pgraduate.run ON DELETE CASCADE,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    chunk       integer NOT NULL,
    low         bigint,
    high        bigint,
    row_count   bigint NOT NULL,
    byte_count  bigint NOT NULL,
    done        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, schema_name, table_name, chunk)
);

-- An object's statements and its line here commit together.
CREATE TABLE IF NOT EXISTS pgraduate.object (
    run_id      text NOT NULL REFERENCES pgraduate.run ON DELETE CASCADE,
    ordinal     integer NOT NULL,
    source_name text NOT NULL,
    kind        text NOT NULL,
    name        text NOT NULL,
    done        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, source_name, ordinal)
);

-- An object that PostgreSQL refused although its statements were planned, and why: without values of rows.
CREATE TABLE IF NOT EXISTS pgraduate.refused_object (
    run_id      text NOT NULL REFERENCES pgraduate.run ON DELETE CASCADE,
    ordinal     integer NOT NULL,
    source_name text NOT NULL,
    kind        text NOT NULL,
    name        text NOT NULL,
    reason      text NOT NULL,
    PRIMARY KEY (run_id, source_name, ordinal)
);

-- The storage class of a cell, where the column's representation alone would give back another one.
-- row_key is `column::text` of the key columns (TimeZone UTC, DateStyle ISO, extra_float_digits 1, bytea_output hex);
-- for a table without a key, of all loaded columns, and source_rowid then says which lines belong to one row.
CREATE TABLE IF NOT EXISTS pgraduate.kept_class (
    schema_name  text NOT NULL,
    table_name   text NOT NULL,
    column_name  text NOT NULL,
    row_key      text[] NOT NULL,
    class        text NOT NULL,
    source_rowid bigint
);
CREATE INDEX IF NOT EXISTS kept_class_table ON pgraduate.kept_class (schema_name, table_name);

-- The bytes of a cell that cannot stand in its column.
CREATE TABLE IF NOT EXISTS pgraduate.quarantine (
    schema_name  text NOT NULL,
    table_name   text NOT NULL,
    column_name  text NOT NULL,
    row_key      text[] NOT NULL,
    class        text NOT NULL,
    value        bytea NOT NULL,
    reason       text NOT NULL,
    source_rowid bigint
);
CREATE INDEX IF NOT EXISTS quarantine_table ON pgraduate.quarantine (schema_name, table_name);

-- A quarantined cell that was given back to the application, in another column: its line moved here in the transaction
-- that wrote the cell.  `before` is what the cell held, so that the restore can be taken back.
CREATE TABLE IF NOT EXISTS pgraduate.restored (
    schema_name  text NOT NULL,
    table_name   text NOT NULL,
    column_name  text NOT NULL,
    row_key      text[] NOT NULL,
    class        text NOT NULL,
    value        bytea NOT NULL,
    reason       text NOT NULL,
    source_rowid bigint,
    into_column  text NOT NULL,
    before       bytea
);
CREATE INDEX IF NOT EXISTS restored_table ON pgraduate.restored (schema_name, table_name);

-- A row of a merged source whose place another file's row has: `same` where both are alike, else `left_behind`.
-- The keys are SQL literals as SQLite's quote() writes them, separated by commas; references to old_key lead to new_key.
-- The keys of all other rows are moved by the `shift` that the plan in pgraduate.source gives for their table.
CREATE TABLE IF NOT EXISTS pgraduate.merged_row (
    run_id      text NOT NULL REFERENCES pgraduate.run ON DELETE CASCADE,
    source_name text NOT NULL,
    table_name  text NOT NULL,
    old_key     text NOT NULL,
    new_key     text NOT NULL,
    fate        text NOT NULL
);
CREATE INDEX IF NOT EXISTS merged_row_table ON pgraduate.merged_row (run_id, source_name, table_name);

-- What a verification found; the digest tells an undo whether rows were written since.
CREATE TABLE IF NOT EXISTS pgraduate.verdict (
    run_id      text NOT NULL REFERENCES pgraduate.run ON DELETE CASCADE,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    row_count   bigint NOT NULL,
    digest      text NOT NULL,
    differing   bigint NOT NULL,
    checked     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, schema_name, table_name)
);

-- What a run did for a role: the statement and its line here commit together, so an undo takes back this and nothing
-- else.  No line goes with its run: a role that could not be dropped is still known to be pgraduate's.
CREATE TABLE IF NOT EXISTS pgraduate.role_act (
    act_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id      text NOT NULL,
    role_name   text NOT NULL,
    kind        text NOT NULL,
    privileges  text[] NOT NULL,
    objects     text[] NOT NULL,
    owner_name  text
);

-- What one batch of retention took from one table: the rows' way and its line here commit together.  `place` is the
-- archive table, or the segment relative to the project; `restored` rows of `row_count` were brought back since.  `low`
-- and `high` are the moments, by the rule's age column, of the oldest and the newest root of the batch.
CREATE SEQUENCE IF NOT EXISTS pgraduate.retention_number;
CREATE TABLE IF NOT EXISTS pgraduate.retention_batch (
    batch       bigint NOT NULL,
    root_schema text NOT NULL,
    root_table  text NOT NULL,
    age_column  text NOT NULL,
    age_unit    text,
    low         timestamp NOT NULL,
    high        timestamp NOT NULL,
    schema_name text NOT NULL,
    table_name  text NOT NULL,
    destination text NOT NULL,
    place       text,
    checksum    text,
    row_count   bigint NOT NULL,
    restored    bigint NOT NULL DEFAULT 0,
    moved       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (batch, schema_name, table_name)
);
CREATE INDEX IF NOT EXISTS retention_batch_root ON pgraduate.retention_batch (root_schema, root_table);
