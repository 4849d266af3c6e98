"""Looking after a server: what is worn is renewed, backups are proven, and the machine does it regularly.

The findings come from `health`; this room acts on them.  Invariant: it never
reports success for what it did not see succeed, and nothing of it needs a table to be locked against writes.
"""

from __future__ import annotations
