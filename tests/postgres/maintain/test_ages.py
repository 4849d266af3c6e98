"""A text's moment is the one that SQLite finds in it, or none; a number's bound is exact."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime, timedelta

import psycopg
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from support.soak import count, seed

from pgraduate.maintain.retention.ages import Age, in_unit
from pgraduate.model.retention import Unit

TRIES = count(2_000, 50_000)
_MOMENT = "strftime('%Y-%m-%d %H:%M:%S', ?, '+0 seconds')"


def _text(chance: random.Random) -> str:
    """A text that is a moment, almost one, or none."""
    day = f"{chance.choice([1583, 1970, 1999, 2024, 9000, 0])!s:0>4}-{chance.randint(0, 13):02}-{chance.randint(0, 32):02}"
    clock = f"{chance.randint(0, 24):02}:{chance.randint(0, 60):02}"
    clock += chance.choice(
        ["", f":{chance.randint(0, 60):02}", f":{chance.randint(0, 59):02}.{chance.randint(0, 999)}"]
    )
    zone = chance.choice(["", "", "Z", "+02:00", "-05:30", " +01:00", "+14:00", "+0200", "x"])
    text = chance.choice([day, day + " " + clock + zone, day + "T" + clock + zone])
    if chance.random() < 0.1:
        place = chance.randrange(len(text))
        text = text[:place] + chance.choice("0:- x\n'é") + text[place + 1 :]
    return text


def test_a_text_tells_the_moment_that_sqlite_tells(connection: psycopg.Connection) -> None:
    number = seed(5)
    print(f"seed {number}")
    chance = random.Random(number)
    texts = sorted({_text(chance) for _ in range(TRIES)})
    moment = Age("x", "text", None).moment()
    query = sql.SQL("SELECT t.x, to_char({}, 'YYYY-MM-DD HH24:MI:SS') FROM unnest({}::text[]) AS t (x)")
    told = connection.execute(query.format(moment, sql.Literal(texts))).fetchall()
    lite = sqlite3.connect(":memory:")
    understood = 0
    for text, found in told:
        if found is not None:
            understood += 1
            # a modifier makes SQLite count a day beyond its month's end on into the next one
            (wanted,) = lite.execute(f"SELECT {_MOMENT}", (text,)).fetchone()
            if wanted is None:  # SQLite wants a colon in the zone; PostgreSQL's own output may lack its minutes
                zoned = text[:-2] + ":" + text[-2:]
                (wanted,) = lite.execute(f"SELECT {_MOMENT}", (zoned,)).fetchone()
            assert found == wanted, text
    assert understood > len(told) / 10


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)), st.sampled_from(sorted(Unit)))
def test_a_number_tells_its_moment_back(moment: datetime, unit: Unit) -> None:
    number = in_unit(moment.replace(tzinfo=UTC), unit)
    days = float(number) - 2440587.5 if unit is Unit.JULIAN else 0.0
    per_second = {Unit.SECONDS: 1, Unit.MILLISECONDS: 1000, Unit.MICROSECONDS: 1_000_000}
    since = timedelta(days=days) if unit is Unit.JULIAN else timedelta(seconds=float(number / per_second[unit]))
    assert abs(datetime(1970, 1, 1) + since - moment) < timedelta(milliseconds=1)
