"""What PostGIS reads of a SpatiaLite geometry: well-known binary and its reference system; other bytes are none."""

from __future__ import annotations

import random
from pathlib import Path
from struct import pack

import psycopg
import pytest
from support.fidelity import carry
from support.spatialite import make_spatialite, spatialite_blob, spatialite_point

POINT, LINE, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION = range(1, 8)
MEMBERS = {MULTIPOINT: (POINT,), MULTILINE: (LINE,), MULTIPOLYGON: (POLYGON,), COLLECTION: (POINT, LINE, POLYGON)}
DOUBLES = {0: 2, 1: 3, 2: 3, 3: 4}
"""How many numbers a point has by the thousands of its class: XY, XYZ, XYM, XYZM."""


class Draw:
    """A geometry drawn at random, written in both forms at once."""

    def __init__(self, seed: int, *, little: bool, thousands: int) -> None:
        self._random = random.Random(seed)
        self._order = "<" if little else ">"
        self._byte = bytes([little])
        self._thousands = thousands

    def geometry(self, kind: int, *, at_least: int = 0) -> tuple[bytes, bytes]:
        """Give the class and what follows it, as SpatiaLite writes it and as well-known binary."""
        head = self._number(1000 * self._thousands + kind)
        if kind not in MEMBERS:
            body = self._body(kind)
            return head + body, head + body
        members = [self._random.choice(MEMBERS[kind]) for _ in range(self._random.randrange(at_least, 4))]
        drawn = [self.geometry(member)[0] for member in members]
        count = self._number(len(members))
        marked, known = (b"".join(mark + one for one in drawn) for mark in (b"\x69", self._byte))
        return head + count + marked, head + count + known

    def _body(self, kind: int) -> bytes:
        if kind == POINT:
            return self._points(1)
        if kind == LINE:
            return self._counted()
        rings = [self._counted() for _ in range(self._random.randrange(1, 4))]
        return self._number(len(rings)) + b"".join(rings)

    def _counted(self) -> bytes:
        count = self._random.randrange(5)
        return self._number(count) + self._points(count)

    def _points(self, count: int) -> bytes:
        numbers = count * DOUBLES[self._thousands]
        return pack(f"{self._order}{numbers}d", *(self._random.uniform(-180, 180) for _ in range(numbers)))

    def _number(self, value: int) -> bytes:
        return pack(f"{self._order}I", value)


def _read(connection: psycopg.Connection, stored: bytes | None) -> object:
    question = "SELECT pgraduate_compat.spatialite_wkb(%(g)s::bytea), pgraduate_compat.spatialite_srs(%(g)s::bytea)"
    return connection.execute(question, {"g": stored}).fetchone()


@pytest.mark.parametrize("little", [True, False])
@pytest.mark.parametrize("thousands", DOUBLES)
@pytest.mark.parametrize("kind", range(1, 8))
def test_every_class_is_well_known_binary(
    installed: psycopg.Connection, kind: int, thousands: int, little: bool
) -> None:
    for seed in range(5):
        own, known = Draw(seed, little=little, thousands=thousands).geometry(kind)
        srs = (4326, -1, 0, 2**31 - 1, 3857)[seed]
        assert _read(installed, spatialite_blob(own, little=little, srs=srs)) == (bytes([little]) + known, srs), (
            f"seed {seed}"
        )


COLLECTED = spatialite_blob(Draw(3, little=True, thousands=0).geometry(COLLECTION, at_least=3)[0])


WHOLE = spatialite_point(1, 2)


@pytest.mark.parametrize("stored", [None, b"", b"\0\1", WHOLE[:-1], WHOLE[1:], b"GP\0\1" + bytes(60)])
def test_other_bytes_are_no_geometry(installed: psycopg.Connection, stored: bytes | None) -> None:
    assert _read(installed, stored) == (None, None)


def test_a_collection_cut_short_anywhere_is_none_and_raises_nothing(installed: psycopg.Connection) -> None:
    for length in range(47, len(COLLECTED) - 1):
        own = COLLECTED[:length] + b"\xfe"
        wkb = installed.execute("SELECT pgraduate_compat.spatialite_wkb(%s)", (own,)).fetchone()
        assert wkb == (None,), f"cut at {length}"


@pytest.mark.parametrize("counts", [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"])
def test_a_count_beyond_the_bytes_is_none(installed: psycopg.Connection, counts: bytes) -> None:
    for kind, place in ((COLLECTION, 43), (MULTIPOLYGON, 52)):
        own = bytearray(
            spatialite_blob(Draw(1, little=True, thousands=0).geometry(kind, at_least=1)[0] + bytes(60))
        )
        own[place : place + 4] = counts
        assert _read(installed, bytes(own)) == (None, 4326)


def test_a_compressed_line_is_none(installed: psycopg.Connection) -> None:
    assert _read(installed, spatialite_blob(pack("<II4d", 1_000_002, 2, 0, 0, 1, 1))) == (None, 4326)


def test_a_file_of_spatialite_brings_the_functions_and_says_so(target: str, tmp_path: Path) -> None:
    make_spatialite(tmp_path / "app.db", [(1, spatialite_point(2.5, -3.5))])
    carried = carry(tmp_path / "app.db", target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    assert [item["code"] for item in carried.document["findings"] if item["code"] == "SPATIALITE"]
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT pgraduate_compat.spatialite_wkb(geom) FROM app.wells").fetchone()
    assert found == (pack("<BIdd", 1, 1, 2.5, -3.5),)
