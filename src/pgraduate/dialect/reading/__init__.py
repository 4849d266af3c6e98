"""Reading SQLite's SQL: tokens, numbered parameters, SQLite's precedence, and the tree that holds what it reads."""
