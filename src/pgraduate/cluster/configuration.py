"""server.conf: the settings that an embedded server must have, laid over the cluster's own postgresql.conf.

What a user writes into postgresql.conf keeps its effect, except for the few settings that the server's privacy
and whereabouts depend on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pgraduate.errors import UsageError

DEFAULT_PORT = 5432
_LOCATIONS = {"config_file", "data_directory", "external_pid_file", "hba_file", "ident_file"}
_OWN = _LOCATIONS | {"fsync", "unix_socket_directories"}
_NAME = re.compile(r"[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)?", re.IGNORECASE)


def port_of(settings: Mapping[str, str]) -> int:
    """Give the port, which is part of the socket's name; raise UsageError for one that cannot be."""
    text = settings.get("port", str(DEFAULT_PORT))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise UsageError(f"'{text}' is not a port", hint="a number from 1 to 65535")
    return int(text)


def checked(settings: Mapping[str, str]) -> dict[str, str]:
    """Give the settings, names in lower case; raise UsageError for one that the embedded server decides itself."""
    for name in settings:
        if name.lower() in _OWN or not _NAME.fullmatch(name):
            raise UsageError(f"'{name}' cannot be set for the embedded server", hint="leave it out")
    lowered = {name.lower(): value for name, value in settings.items()}
    port_of(lowered)
    return lowered


def render(sockets: Path, settings: Mapping[str, str], *, fsync: bool) -> str:
    """Write server.conf from settings that were checked."""
    chosen = {
        "listen_addresses": "",
        "port": str(port_of(settings)),
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "fsync": "on" if fsync else "off",
    } | dict(settings)
    lines = [f"{name} = {_quoted(value)}" for name, value in chosen.items()]
    return "# Written at each start; change data/postgresql.conf instead.\ninclude 'data/postgresql.conf'\n" + (
        "\n".join(lines) + "\n"
    )


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return f"'{escaped}'"
