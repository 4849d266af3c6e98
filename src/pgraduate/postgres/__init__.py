"""Speaking to PostgreSQL: connections, identity of the server, names, the catalog, pgraduate's own records."""
