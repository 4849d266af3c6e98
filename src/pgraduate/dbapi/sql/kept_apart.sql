-- The migrated columns of which some cell's storage class is kept beside the column.
SELECT DISTINCT table_name, column_name
  FROM pgraduate.kept_class
 WHERE schema_name = $1
