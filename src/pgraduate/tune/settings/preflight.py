"""Whether a server starts with certain settings: asked of a server that nobody uses.

ALTER SYSTEM accepts `shared_buffers = '500GB'` and libraries that do not exist; the server then does not start.  So an
empty cluster is made with the same programs and started with the same values, and asked what it made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg

from pgraduate.errors import Refused, TargetUnusable
from pgraduate.tune.settings.current import Setting, native_number
from pgraduate.tune.settings.formulas import Proposal
from pgraduate.tune.throwaway import throwaway


def require_in_range(proposals: Sequence[Proposal], current: Mapping[str, Setting]) -> None:
    """Raise Refused for a value that the server would not accept, by its own limits."""
    for item in proposals:
        setting = current[item.name]
        if setting.vartype == "enum" and item.value not in setting.choices:
            raise Refused(f"{item.name} cannot be '{item.value}' on this server", hint="leave it out of the plan")
        number = native_number(item.value, setting.unit)
        if number is None or setting.vartype not in ("integer", "real"):
            continue
        low, high = setting.min_val, setting.max_val
        if (low is not None and number < float(low)) or (high is not None and number > float(high)):
            raise Refused(
                f"{item.name} = {item.value} is out of the server's range",
                where=f"{low} to {high} {setting.unit}".strip(),
                hint="leave it out of the plan",
            )


def boot(settings: Mapping[str, str]) -> None:
    """Start an empty server with these settings and stop it again; raise Refused where it does not start with them."""
    with throwaway("test boot", settings) as server:
        try:
            server.start()
        except TargetUnusable as error:
            raise Refused(
                f"a server does not start with these settings: {error.what}",
                hint="nothing was changed; leave the setting that the server names out of the plan",
            ) from error
        with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
            wrong = connection.execute(
                "SELECT name FROM pg_catalog.pg_file_settings WHERE error IS NOT NULL AND name = ANY (%s)",
                (list(settings),),
            ).fetchall()
        if wrong:
            raise Refused(
                "a server cannot apply these settings: " + ", ".join(name for (name,) in wrong),
                hint="leave them out of the plan",
            )
