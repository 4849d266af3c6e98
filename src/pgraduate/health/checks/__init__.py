"""One module per check, each with its question in a .sql file of the same room."""
