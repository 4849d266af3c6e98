"""sqlite3's module on the engine that the environment chose; so far its connections to the server, see `pool`."""
