"""Statements that make, change and remove tables and indexes while an application runs.

A migration plans tables from what their columns hold; a statement at run time has only the declaration, so that
types follow SQLite's affinity, as they do under the policy `faithful` for a column without values.
"""
