"""Automated workflows: their history, queue, tools, costs and patterns, kept in two SQLite files."""
