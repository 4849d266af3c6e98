"""Two ways to send blocks: in the thread that reads, and in one of its own; failures go both ways."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from pgraduate.copy.sending import ENOUGH_BUFFER, sender


class FakeCopy:
    """Takes blocks, and fails at one of them."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.taken: list[bytes] = []
        self.threads: set[str] = set()
        self.fails_at = fails_at

    def write(self, block: Any) -> None:
        self.threads.add(threading.current_thread().name)
        if len(self.taken) == self.fails_at:
            raise ConnectionError("gone")
        self.taken.append(bytes(block))


def send_all(copy: FakeCopy, buffer: int, blocks: int) -> None:
    with sender(copying(copy), buffer) as out:
        for number in range(blocks):
            out.send(bytearray([number]))


def break_off(buffer: int) -> None:
    with sender(copying(FakeCopy()), buffer) as out:
        out.send(bytearray(b"x"))
        raise KeyError


def copying(copy: FakeCopy) -> Any:
    return copy


@pytest.mark.parametrize("buffer", [ENOUGH_BUFFER, ENOUGH_BUFFER - 1])
def test_blocks_arrive_in_their_order(buffer: int) -> None:
    copy = FakeCopy()
    send_all(copy, buffer, 100)
    assert copy.taken == [bytes([number]) for number in range(100)]


def test_a_small_buffer_gets_a_thread_of_its_own() -> None:
    copy = FakeCopy()
    with sender(copying(copy), 208 * 1024) as out:
        out.send(bytearray(b"x"))
    assert copy.threads == {"pgraduate-copy"}


@pytest.mark.parametrize("buffer", [ENOUGH_BUFFER, 0])
@pytest.mark.parametrize("fails_at", [0, 50, 99])
def test_a_failure_of_the_connection_reaches_the_reader(buffer: int, fails_at: int) -> None:
    copy = FakeCopy(fails_at)
    with pytest.raises(ConnectionError):
        send_all(copy, buffer, 100)
    assert len(copy.taken) == fails_at


@pytest.mark.parametrize("buffer", [ENOUGH_BUFFER, 0])
def test_a_failure_of_the_reader_leaves_no_thread(buffer: int) -> None:
    before = threading.active_count()
    with pytest.raises(KeyError):
        break_off(buffer)
    assert threading.active_count() == before
