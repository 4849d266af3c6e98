-- A row that has no cell of the kind back yet: where nothing but its content names a row, this keeps it from being taken twice.
NOT EXISTS (SELECT FROM pgraduate.restored AS r
             WHERE r.schema_name = {schema} AND r.table_name = {table} AND r.row_key COLLATE "C" = {key} AND ({holds}))
