"""Private PostgreSQL servers: find the binaries, make a cluster, start and stop it, take it away again.

A server of this room listens on a Unix socket in a private directory and nowhere else.  It serves rehearsals,
demonstrations and tests; for production there is `write_compose` or a server that somebody looks after.
"""

from __future__ import annotations

from pgraduate.cluster.administrator import Administrator
from pgraduate.cluster.binaries import Binaries, find_binaries
from pgraduate.cluster.compose import write_compose
from pgraduate.cluster.embedded import Embedded
from pgraduate.cluster.status import ServerStatus

__all__ = ["Administrator", "Binaries", "Embedded", "ServerStatus", "find_binaries", "write_compose"]
