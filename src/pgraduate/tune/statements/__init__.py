"""Statements: which take the time, and why their plans do."""
