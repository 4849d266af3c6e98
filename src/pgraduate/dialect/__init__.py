"""SQLite's SQL in, PostgreSQL's SQL out, or a refusal by name.

Pure: no connection, no file.  A statement is parsed, rewritten as a tree with the schema in view, and printed by
the stock generator.  It fails closed: a construct that is not understood raises `NotTranslated`.
"""
