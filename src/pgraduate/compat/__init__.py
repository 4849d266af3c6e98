"""The SQL functions that translated statements rely on, in a schema of their own.

Plain SQL and PL/pgSQL: an owner of the database installs them, no extension and no superuser is needed.  Bodies name
everything with its schema, so that they survive a dump and restore.
"""

from pgraduate.compat.install import ANY_VALUE_TYPE, SCHEMA, VERSION, as_file, check, install, is_older

__all__ = ["ANY_VALUE_TYPE", "SCHEMA", "VERSION", "as_file", "check", "install", "is_older"]
