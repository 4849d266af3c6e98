"""Retention on a real server: what goes, what goes with it, what is refused, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql
from support.dying import Killed, dying

from pgraduate.errors import Locked, PgraduateError, Refused
from pgraduate.journey.retaining import plan_retention, restore_retained, run_retention
from pgraduate.maintain.retention import running
from pgraduate.maintain.retention.ages import cutoff_of
from pgraduate.maintain.retention.batches import move_batch
from pgraduate.maintain.retention.family import read_family
from pgraduate.maintain.retention.ledger import archived
from pgraduate.maintain.retention.pace import Pace
from pgraduate.maintain.retention.segments import Segments
from pgraduate.maintain.retention.stores import store_for
from pgraduate.settings import Settings, load

NOW = datetime.now(UTC)
SHOP = """
CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, placed timestamptz, note text, odd bytea, price numeric,
    shout text GENERATED ALWAYS AS (upper(note)) STORED);
CREATE INDEX ON shop.orders (placed);
CREATE TABLE shop.line (
    id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES shop.orders ON DELETE CASCADE, facts jsonb, ratio float8);
CREATE INDEX ON shop.line (order_id);
CREATE TABLE shop.remark (
    id bigint PRIMARY KEY, line_id bigint REFERENCES shop.line, answer_to bigint REFERENCES shop.remark, body text);
CREATE INDEX ON shop.remark (line_id);
CREATE INDEX ON shop.remark (answer_to);
INSERT INTO shop.orders (placed, note, odd, price)
SELECT now() - g * interval '1 day', CASE g % 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE E'a "q", \\\\. \\n' || g END,
    decode(lpad(to_hex(g), 6, '0'), 'hex'), g::numeric / 7
FROM generate_series(0, 199) AS g;
INSERT INTO shop.line
SELECT g, 1 + g % 200, jsonb_build_object('n', g), g / 3.0 FROM generate_series(1, 500) AS g;
INSERT INTO shop.remark SELECT g, g, NULL, 'r' || g FROM generate_series(1, 300) AS g;
INSERT INTO shop.remark SELECT 1000 + g, NULL, g, 'answer' FROM generate_series(1, 300) AS g;
"""
TABLES = ("orders", "line", "remark")
OLD = 100  # orders that were placed more than 100 days ago
RULE = {"table": "shop.orders", "age": "placed", "keep": "100 days"}
EVER = (datetime(2000, 1, 1, tzinfo=UTC), NOW + timedelta(days=1))


def ruled(project: Settings, *rules: Mapping[str, Any]) -> Settings:
    """Write rules into the project's pgraduate.toml."""
    entries = [
        "[[maintain.retention]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in rule.items())
        for rule in rules
    ]
    (project.project / "pgraduate.toml").write_text("\n".join(entries))
    return load(project.project, target=project.target, environment={})


def hasty(largest: int) -> Pace:
    return Pace(largest, sleep=lambda _seconds: None)


def rows(connection: psycopg.Connection, schema: str = "shop") -> dict[str, list[str]]:
    """All rows as text, by table."""
    return {
        name: [
            row[0]
            for row in connection.execute(
                sql.SQL("SELECT t::text FROM {} AS t ORDER BY id").format(sql.Identifier(schema, name))
            )
        ]
        for name in TABLES
    }


def counts(connection: psycopg.Connection, schema: str = "shop") -> list[int]:
    return [len(found) for found in rows(connection, schema).values()]


def moved(document: Mapping[str, Any]) -> dict[str, int]:
    return {item["table"]: item["moved"] for rule in document["rules"] for item in rule["tables"]}


@pytest.fixture
def shop(owner: psycopg.Connection) -> Iterator[psycopg.Connection]:
    owner.execute(SHOP)
    yield owner
    owner.execute("DROP SCHEMA IF EXISTS shop_archive CASCADE")


@pytest.mark.parametrize("to", ["archive", "csv"])
def test_a_family_goes_and_comes_back_as_it_was(project: Settings, shop: psycopg.Connection, to: str) -> None:
    before, settings = rows(shop), ruled(project, RULE | {"to": to, "batch": 17})
    planned = plan_retention(settings)
    assert planned["rules"][0]["refusals"] == []
    assert planned["rules"][0]["tables"][0] == {"table": "shop.orders", "due": OLD}
    assert rows(shop) == before
    document = run_retention(settings, pace=hasty)
    gone = moved(document)
    assert document["exit_code"] == 0
    assert gone["shop.orders"] == OLD
    assert gone["shop.remark"] > gone["shop.line"] / 2 > 0
    assert [old - now for old, now in zip(map(len, before.values()), counts(shop), strict=True)] == [
        gone["shop.orders"],
        gone["shop.line"],
        gone["shop.remark"],
    ]
    assert {item["table"]: item["rows"] for item in document["archived"]} == {
        name.removeprefix("shop."): count for name, count in gone.items()
    }
    assert sum(moved(run_retention(settings, pace=hasty)).values()) == 0
    half = NOW - timedelta(days=150)
    first = restore_retained(settings, "shop.orders", EVER[0], half)
    assert 0 < first["tables"][0]["restored"] < OLD
    again = restore_retained(settings, "shop.orders", EVER[0], half)
    assert sum(item["restored"] for item in again["tables"]) == 0
    restore_retained(settings, "shop.orders", half, EVER[1])
    assert rows(shop) == before
    assert restore_retained(settings, "shop.orders", *EVER)["archived"] == []
    assert not list((settings.project / ".pgraduate" / "retention").rglob("*.csv"))
    if to == "archive":
        assert counts(shop, "shop_archive") == [0, 0, 0]


def test_what_is_dropped_takes_only_children_that_the_rule_names(
    project: Settings, shop: psycopg.Connection
) -> None:
    settings, before = ruled(project, RULE | {"to": "drop"}), rows(shop)
    planned = plan_retention(settings)
    assert planned["exit_code"] == 5
    assert [why.split(":")[0] for why in planned["rules"][0]["refusals"]] == ["shop.remark", "shop.line"]
    with pytest.raises(Refused, match="nothing was moved"):
        run_retention(settings, pace=hasty)
    assert rows(shop) == before
    settings = ruled(project, RULE | {"to": "drop", "children": ["shop.line", "shop.remark"]})
    assert moved(run_retention(settings, pace=hasty))["shop.orders"] == OLD
    with pytest.raises(Refused, match="dropped for good"):
        restore_retained(settings, "shop.orders", *EVER)


def test_a_reference_that_would_be_set_to_null_refuses_the_rule(
    project: Settings, shop: psycopg.Connection
) -> None:
    shop.execute("CREATE TABLE shop.visit (id int, order_id bigint REFERENCES shop.orders ON DELETE SET NULL)")
    shop.execute("INSERT INTO shop.visit SELECT g, 200 FROM generate_series(1, 5) AS g")
    (refusal,) = plan_retention(ruled(project, RULE | {"to": "archive"}))["rules"][0]["refusals"]
    assert refusal.startswith("shop.visit (order_id): 5 references would be lost, set to NULL")
    settings = ruled(project, RULE | {"to": "archive", "children": ["shop.visit"]})
    assert moved(run_retention(settings, pace=hasty))["shop.visit"] == 5


def test_a_circle_of_tables_refuses_the_rule(project: Settings, shop: psycopg.Connection) -> None:
    shop.execute("ALTER TABLE shop.orders ADD COLUMN best bigint REFERENCES shop.line")
    (refusal,) = plan_retention(ruled(project, RULE | {"to": "archive"}))["rules"][0]["refusals"]
    assert "circle" in refusal


def test_a_child_that_comes_meanwhile_is_never_cascaded_away(project: Settings, shop: psycopg.Connection) -> None:
    """An order to which an open transaction adds a line stays, with that line; the next run takes both."""
    settings = ruled(project, RULE | {"to": "archive"})
    with psycopg.connect(shop.info.dsn) as other:
        other.execute("INSERT INTO shop.line VALUES (9000, 200, '{}', 0)")
        document = run_retention(settings, pace=hasty)
        assert (document["exit_code"], document["rules"][0]["left"]) == (3, 1)
        assert moved(document)["shop.orders"] == OLD - 1
    assert shop.execute("SELECT count(*) FROM shop.line WHERE id = 9000").fetchone() == (1,)
    assert moved(run_retention(settings, pace=hasty))["shop.orders"] == 1
    assert shop.execute("SELECT count(*) FROM shop_archive.line WHERE id = 9000").fetchone() == (1,)


def test_a_family_of_which_somebody_holds_a_row_is_left(project: Settings, shop: psycopg.Connection) -> None:
    settings = ruled(project, RULE | {"to": "archive", "batch": 50})
    with psycopg.connect(shop.info.dsn) as other:
        other.execute("UPDATE shop.line SET ratio = 1 WHERE id = 199")
        document = run_retention(settings, pace=hasty)
        assert (document["exit_code"], document["rules"][0]["left"]) == (3, 1)
        assert moved(document)["shop.orders"] == OLD - 1
        assert "hold" in document["rules"][0]["why"]


def test_two_runs_do_not_work_at_once(project: Settings, shop: psycopg.Connection) -> None:
    from pgraduate.postgres import locks

    shop.execute("SELECT pg_advisory_lock(%s)", (locks.RUN_KEY,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locks, "PATIENCE", 0.1)
        with pytest.raises(Refused, match="another pgraduate"):
            run_retention(ruled(project, RULE | {"to": "archive"}), pace=hasty)
    shop.execute("SELECT pg_advisory_unlock(%s)", (locks.RUN_KEY,))


def test_an_archive_with_fewer_columns_is_extended(project: Settings, shop: psycopg.Connection) -> None:
    settings = ruled(project, RULE | {"to": "archive"})
    run_retention(settings, pace=hasty)
    shop.execute("ALTER TABLE shop.orders ADD COLUMN colour text DEFAULT 'red'")
    shop.execute("UPDATE shop.orders SET placed = '2020-01-01' WHERE id = 7")
    before = rows(shop)
    run_retention(settings, pace=hasty)
    assert shop.execute("SELECT count(*) FROM shop_archive.orders WHERE colour = 'red'").fetchone() == (1,)
    restore_retained(settings, "shop.orders", datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
    assert rows(shop) == before


def test_an_archive_of_another_type_or_purpose_refuses_the_rule(
    project: Settings, shop: psycopg.Connection
) -> None:
    shop.execute("CREATE SCHEMA shop_archive")
    shop.execute("CREATE TABLE shop_archive.orders (id text, pgraduate_batch bigint)")
    shop.execute("CREATE TABLE shop_archive.line (id bigint)")
    first, second = plan_retention(ruled(project, RULE | {"to": "archive"}))["rules"][0]["refusals"]
    assert "is no archive table" in first
    assert second == "shop.orders.id: it is bigint, in shop_archive.orders it is text"


@pytest.mark.parametrize("to", ["archive", "csv"])
def test_a_taken_key_refuses_the_restore(project: Settings, shop: psycopg.Connection, to: str) -> None:
    settings = ruled(project, RULE | {"to": to})
    run_retention(settings, pace=hasty)
    shop.execute("INSERT INTO shop.orders (id, placed) OVERRIDING SYSTEM VALUE VALUES (150, now())")
    before = rows(shop)
    with pytest.raises(Refused, match="key of an archived row is taken") as refused:
        restore_retained(settings, "shop.orders", *EVER)
    assert "orders_pkey" in str(refused.value.where)
    assert rows(shop) == before
    shop.execute("DELETE FROM shop.orders WHERE id = 150")
    assert restore_retained(settings, "shop.orders", *EVER)["tables"][0]["restored"] == OLD


def test_a_trigger_that_keeps_a_row_rolls_the_batch_back(project: Settings, shop: psycopg.Connection) -> None:
    shop.execute("CREATE FUNCTION shop.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    shop.execute("CREATE TRIGGER keep BEFORE DELETE ON shop.line FOR EACH ROW EXECUTE FUNCTION shop.keep()")
    before = rows(shop)
    with pytest.raises(PgraduateError, match="rolled back"):
        run_retention(ruled(project, RULE | {"to": "archive"}), pace=hasty)
    assert rows(shop) == before


def test_a_trigger_that_deletes_more_rolls_the_batch_back(project: Settings, shop: psycopg.Connection) -> None:
    """Rows that vanish by another way than the batch's own statements are noticed by the server's counters."""
    shop.execute(
        "CREATE FUNCTION shop.more() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN DELETE FROM shop.remark WHERE id = 1000 + (SELECT max(id) FROM shop.remark WHERE id < 100)"
        " OR id < 100; RETURN OLD; END'"
    )
    shop.execute("CREATE TRIGGER more AFTER DELETE ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.more()")
    shop.execute("DELETE FROM shop.remark WHERE answer_to IS NOT NULL")
    before = rows(shop)
    with pytest.raises(PgraduateError, match="are gone"):
        run_retention(ruled(project, RULE | {"to": "archive"}), pace=hasty)
    assert rows(shop) == before


def test_a_row_that_would_come_back_changed_does_not_come_back(project: Settings, shop: psycopg.Connection) -> None:
    settings = ruled(project, RULE | {"to": "archive"})
    run_retention(settings, pace=hasty)
    shop.execute(
        "CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN NEW.note := ''touched''; RETURN NEW; END'"
    )
    shop.execute("CREATE TRIGGER touch BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.touch()")
    before = rows(shop), rows(shop, "shop_archive")
    with pytest.raises(PgraduateError, match="would not come back as they were"):
        restore_retained(settings, "shop.orders", *EVER)
    assert (rows(shop), rows(shop, "shop_archive")) == before


@pytest.mark.parametrize("damage", ["missing", "flipped"])
def test_a_damaged_segment_is_not_read(project: Settings, shop: psycopg.Connection, damage: str) -> None:
    settings = ruled(project, RULE | {"to": "csv"})
    run_retention(settings, pace=hasty)
    segment = next((settings.project / ".pgraduate" / "retention").rglob("shop.line.*.csv"))
    if damage == "missing":
        segment.unlink()
    else:
        content = bytearray(segment.read_bytes())
        content[-5] ^= 1
        segment.write_bytes(content)
    before = rows(shop)
    with pytest.raises(PgraduateError, match="segment is"):
        restore_retained(settings, "shop.orders", *EVER)
    assert rows(shop) == before


def test_a_segment_that_no_line_tells_of_is_moved_aside(project: Settings, shop: psycopg.Connection) -> None:
    settings = ruled(project, RULE | {"to": "csv"})
    run_retention(settings, pace=hasty)
    segment = next((settings.project / ".pgraduate" / "retention").rglob("*.csv"))
    stray = segment.with_name("shop.orders.000000099999.csv")
    stray.write_text("id\n1\n")
    document = run_retention(settings, pace=hasty)
    assert document["discarded_segments"] == 1
    assert not stray.exists()
    assert segment.exists()


AGES = {
    "date": ("current_date - {}", {}),
    "timestamp": ("now()::timestamp - ({} + 0.5) * interval '1 day'", {}),
    "bigint": ("(extract(epoch FROM now())::bigint - ({} * 86400 + 43200))", {"unit": "s"}),
    "float8": ("(extract(epoch FROM now()) - ({} + 0.5) * 86400) / 86400 + 2440587.5", {"unit": "julian"}),
    "numeric": ("(extract(epoch FROM now()) - ({} + 0.5) * 86400) * 1000", {"unit": "ms"}),
    "text": ("to_char(now() - ({} + 0.5) * interval '1 day', 'YYYY-MM-DD\"T\"HH24:MI:SSOF')", {}),
}


@pytest.mark.parametrize("kind", AGES)
def test_every_kind_of_age_is_read(project: Settings, owner: psycopg.Connection, kind: str) -> None:
    """Rows of day 0 to 19 and one without an age; those older than nine days go and come back.

    A moment is half a day from the limit, which therefore does not pass it while the test runs.
    """
    expression, more = AGES[kind]
    owner.execute(f"CREATE TABLE shop.event (id int, at {kind})".encode())
    owner.execute(
        f"INSERT INTO shop.event SELECT g, {expression.format('g')} FROM generate_series(0, 19) AS g".encode()
    )
    owner.execute("INSERT INTO shop.event VALUES (99, NULL)")
    before = owner.execute("SELECT * FROM shop.event ORDER BY id").fetchall()
    settings = ruled(project, {"table": "shop.event", "age": "at", "keep": "9 days", "to": "csv"} | more)
    due = plan_retention(settings)["rules"][0]["tables"][0]["due"]
    assert due in (9, 10, 11) if kind == "date" else due == 11
    assert moved(run_retention(settings, pace=hasty)) == {"shop.event": due}
    assert owner.execute("SELECT count(*) FROM shop.event").fetchone() == (21 - due,)
    restore_retained(settings, "shop.event", *EVER)
    assert owner.execute("SELECT * FROM shop.event ORDER BY id").fetchall() == before


def test_a_unit_that_cannot_be_is_refused(project: Settings, owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.event (at bigint)")
    owner.execute("INSERT INTO shop.event VALUES (extract(epoch FROM now())::bigint)")
    rule = {"table": "shop.event", "age": "at", "keep": "9 days", "to": "csv"}
    (unknown,) = plan_retention(ruled(project, rule))["rules"][0]["refusals"]
    assert "not known in which unit" in unknown
    (wrong,) = plan_retention(ruled(project, rule | {"unit": "ms"}))["rules"][0]["refusals"]
    assert "before 1980" in wrong


@pytest.mark.parametrize("to", ["archive", "csv"])
def test_cut_off_before_any_statement_nothing_has_happened(
    project: Settings, shop: psycopg.Connection, to: str
) -> None:
    """The session ends before statement 0, 1, 2 … of a batch, until one gets through."""
    settings = ruled(project, RULE | {"to": to})
    run_retention(ruled(project, RULE | {"to": to, "keep": "180 days"}), pace=hasty)  # the ledger stands
    rule = settings.maintenance.retention[0]
    family = read_family(shop, rule.schema, rule.table, rule.age, rule.unit)
    store, cutoff = store_for(rule, settings.project, "kills"), cutoff_of(shop, rule)
    live, moved_before = sum(counts(shop)), archived(shop)
    for cuts in range(100):
        connection = dying(shop.info.dsn, after=cuts)
        try:
            moved = move_batch(connection, family, store, cutoff, 10)
            break
        except (Killed, psycopg.OperationalError):
            assert sum(counts(shop)) == live, cuts
            assert archived(shop) == moved_before, cuts
        finally:
            connection.close()
    assert moved is not None
    assert cuts > 10
    gone = sum(moved.rows.values())
    assert sum(counts(shop)) == live - gone
    assert sum(item.rows for item in archived(shop)) == sum(item.rows for item in moved_before) + gone


def test_cut_off_between_segment_and_commit_the_rows_are_live(
    project: Settings, shop: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, before, seal = ruled(project, RULE | {"to": "csv"}), rows(shop), Segments.seal

    def sealed_and_killed(store: Segments) -> None:
        seal(store)
        raise Killed

    monkeypatch.setattr(Segments, "seal", sealed_and_killed)
    with pytest.raises(Killed):
        run_retention(settings, pace=hasty)
    segments = settings.project / ".pgraduate" / "retention"
    assert rows(shop) == before
    assert len(list(segments.rglob("*.csv"))) == 3
    monkeypatch.undo()
    document = run_retention(settings, pace=hasty)
    assert document["discarded_segments"] == 3
    assert moved(document)["shop.orders"] == OLD


def test_a_table_that_nobody_may_write_is_left(
    project: Settings, shop: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_IN_A_ROW", 2)
    with psycopg.connect(shop.info.dsn) as other:
        other.execute("LOCK TABLE shop.orders IN SHARE MODE")
        document = run_retention(ruled(project, RULE | {"to": "archive"}), pace=hasty)
    assert (document["exit_code"], document["rules"][0]["left"]) == (3, OLD)
    assert document["rules"][0]["why"] == "other transactions hold rows that would go"


def test_a_table_that_nobody_may_read_ends_the_run(project: Settings, shop: psycopg.Connection) -> None:
    with psycopg.connect(shop.info.dsn) as other:
        other.execute("LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Locked):
            run_retention(ruled(project, RULE | {"to": "archive"}), pace=hasty)


def test_a_refusal_of_the_server_quotes_no_row(project: Settings, shop: psycopg.Connection) -> None:
    shop.execute(
        "CREATE FUNCTION shop.refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION ''secret %'', OLD.id; END'"
    )
    shop.execute("CREATE TRIGGER refuse BEFORE DELETE ON shop.line FOR EACH ROW EXECUTE FUNCTION shop.refuse()")
    with pytest.raises(PgraduateError, match="P0001 RaiseException") as refused:
        run_retention(ruled(project, RULE | {"to": "csv"}), pace=hasty)
    assert "secret" not in str(refused.value)


def test_a_table_without_a_rule_has_nothing_to_restore(project: Settings, shop: psycopg.Connection) -> None:
    run_retention(ruled(project, RULE | {"to": "archive"}), pace=hasty)
    with pytest.raises(Refused, match="never moved rows of this table"):
        restore_retained(project, "shop.line", *EVER)


def test_rows_are_safe_in_the_table_before_their_segment_goes(project: Settings, shop: psycopg.Connection) -> None:
    """Where commits may be lost in a crash, the one of a restore may not."""
    settings = ruled(project, RULE | {"to": "csv"})
    run_retention(settings, pace=hasty)
    shop.execute(
        "CREATE FUNCTION shop.durable() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
        " IF current_setting(''synchronous_commit'') = ''off'' THEN RAISE EXCEPTION ''may be lost''; END IF;"
        " RETURN NULL; END'"
    )
    shop.execute("CREATE TRIGGER durable AFTER INSERT ON shop.orders EXECUTE FUNCTION shop.durable()")
    shop.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off")
    try:
        assert restore_retained(settings, "shop.orders", *EVER)["tables"][0]["restored"] == OLD
    finally:
        shop.execute("ALTER ROLE CURRENT_USER RESET synchronous_commit")
