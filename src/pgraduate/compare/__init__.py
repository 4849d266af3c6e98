"""Digests and diffs: the service that says whether two sides hold the same, sharing no code with what loads.

Imported module by module: the process that reads SQLite beside a comparison (`source_digests`) then begins without
PostgreSQL's driver, in a third of the time and half of the memory.
"""
