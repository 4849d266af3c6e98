"""The trigger that almost every schema has: last_update is set whenever a row is written."""

from __future__ import annotations

import datetime
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.twins import CreateTwins, Twins, Value

from pgraduate.dialect.schema_view import TableView
from pgraduate.model.representation import Rule
from pgraduate.model.storage import Affinity

LONG_AGO = "2000-01-01 00:00:00"
TABLES = (
    "CREATE TABLE actor(actor_id INTEGER PRIMARY KEY, name TEXT NOT NULL, last_update TIMESTAMP NOT NULL);"
    "CREATE TABLE film_actor(actor_id INTEGER NOT NULL, film_id INTEGER NOT NULL, last_update TIMESTAMP NOT NULL, "
    "PRIMARY KEY (actor_id, film_id));"
    "CREATE TABLE tag(name TEXT PRIMARY KEY, last_update TIMESTAMP);"
)
VALUES: dict[Affinity, Value] = {
    Affinity.INTEGER: 1, Affinity.REAL: 1.5, Affinity.TEXT: "G", Affinity.BLOB: b"\x00", Affinity.NUMERIC: 2,
}  # fmt: skip


def stamps(table: str) -> tuple[str, str]:
    update = f"UPDATE {table} SET last_update = DATETIME('NOW')  WHERE rowid = new.rowid;"
    return (
        f"CREATE TRIGGER {table}_trigger_ai AFTER INSERT ON {table}\n BEGIN\n  {update}\n END",
        f"CREATE TRIGGER {table}_trigger_au AFTER UPDATE ON {table}\n BEGIN\n  {update}\n END",
    )


def row_of(table: TableView) -> str:
    """Write an INSERT of one row that satisfies every constraint of the table."""
    values = []
    for column in table.columns:
        value: Value = VALUES[column.affinity]
        if column.representation.rule is Rule.TIMESTAMP:
            value = LONG_AGO
        if column.source == "special_features":
            value = "Trailers"
        values.append(f"x'{value.hex()}'" if isinstance(value, bytes) else repr(value))
    return f"INSERT INTO {table.source} VALUES ({', '.join(values)})"


def check_stamps(twins: Twins, table: TableView) -> None:
    """Both engines stamp the row with the present moment in UTC, in the same form, at INSERT and at UPDATE."""
    for statement in (row_of(table), f"UPDATE {table.source} SET last_update = '{LONG_AGO}'"):
        assert twins.run(statement) == (None, None)
        lite, post = (side[table.source] for side in twins.contents())
        place = [column.source for column in table.columns].index("last_update")
        for stamp in (lite[0][place], post[0][place]):
            assert isinstance(stamp, str)
            age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(stamp + "+00:00")
            assert abs(age) < datetime.timedelta(seconds=60)
        assert [row[:place] + row[place + 1 :] for row in lite] == [row[:place] + row[place + 1 :] for row in post]


@pytest.mark.parametrize("name", ["actor", "film_actor", "tag"])
def test_a_row_is_stamped_however_it_is_found(name: str, create_twins: CreateTwins) -> None:
    twins = create_twins(TABLES)
    for trigger in stamps(name):
        twins.trigger(trigger)
    table = twins.schema.table(name)
    assert table is not None
    check_stamps(twins, table)


def databases() -> Path:
    named = os.environ.get("PGRADUATE_DATABASES")
    return Path(named) if named else Path(__file__).parents[3].parent / "shared" / "databases"


def test_every_trigger_of_sakila_stamps_its_row(create_twins: CreateTwins) -> None:
    path = databases() / "sakila_schema.db"
    if not path.exists():
        pytest.skip("the sakila database is not here")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source:
        tables = source.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        twins = create_twins(";".join(sql for (sql,) in tables))
        triggers = source.execute("SELECT sql, tbl_name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for sql, _ in triggers:
        twins.trigger(sql)
    assert len(triggers) == 30
    for name in sorted({table for _, table in triggers}):
        table = twins.schema.table(name)
        assert table is not None
        check_stamps(twins, table)
