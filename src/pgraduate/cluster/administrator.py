"""The hands of a server's administrator: sessions that may change the server itself, and its restart.

On an embedded server it is the superuser that otherwise stays inside; elsewhere it is the role that the user named,
with whatever rights that role has.  The invariant: only a server of ours is ever restarted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from pgraduate.cluster.embedded import Embedded
from pgraduate.errors import Refused


@dataclass(frozen=True, slots=True)
class Administrator:
    """`connect` opens a session in the database of the run; `embedded` is None where the server is not ours."""

    connect: Callable[[], psycopg.Connection]
    embedded: Embedded | None = None

    def restart(self) -> None:
        """Stop the embedded server in fast mode and start it again; open sessions end.

        Raises Refused where the server is somebody else's, TargetUnusable where it does not come back.
        """
        if self.embedded is None:
            raise Refused(
                "this server is not pgraduate's to restart",
                hint="restart it in the way it is run; the settings that wait for it are listed as pending",
            )
        self.embedded.stop()
        self.embedded.start()
