"""A server that speaks just enough of the protocol to announce an old version."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def announcing(version: str) -> Iterator[int]:
    """Listen on a loopback port and greet every client as a server of this version; give the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, version), daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _serve(listener: socket.socket, version: str) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            with client:
                _greet(client, version)


def _greet(client: socket.socket, version: str) -> None:
    while True:
        (length,) = struct.unpack("!i", client.recv(4))
        (code,) = struct.unpack("!i", client.recv(length - 4)[:4])
        if code not in (80877103, 80877104):  # SSLRequest, GSSENCRequest
            break
        client.sendall(b"N")
    parameters = {"server_version": version, "server_encoding": "UTF8", "client_encoding": "UTF8"}
    answer = b"R" + struct.pack("!ii", 8, 0)
    for name, value in parameters.items():
        body = name.encode() + b"\0" + value.encode() + b"\0"
        answer += b"S" + struct.pack("!i", len(body) + 4) + body
    answer += b"K" + struct.pack("!iii", 12, 1, 1) + b"Z" + struct.pack("!i", 5) + b"I"
    client.sendall(answer)
    with suppress(OSError):
        client.recv(1)
