"""Looking after a server: what is worn is renewed, what is old goes to an archive, and backups are proven.

The findings come from `health`; this room acts on them and on the rules in pgraduate.toml.  Invariant: it never
reports success for what it did not see succeed, and nothing of it needs a table to be locked against writes.
"""

from __future__ import annotations
