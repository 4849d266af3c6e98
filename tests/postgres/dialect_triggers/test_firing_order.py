"""Several triggers of one moment fire in PostgreSQL in the order in which SQLite fires them."""

from __future__ import annotations

from support.twins import CreateTwins

from pgraduate.dialect import trigger_names


def test_the_newest_trigger_fires_first(create_twins: CreateTwins) -> None:
    twins = create_twins(
        "CREATE TABLE t(n INTEGER); CREATE TABLE log(id INTEGER PRIMARY KEY, what TEXT, n INTEGER);"
    )
    statements = {
        name: f"CREATE TRIGGER {name} AFTER INSERT ON t BEGIN INSERT INTO log(what, n) VALUES ('{name}', new.n); END"
        for name in ("b", "Zulu", "a", "c")
    }
    names = trigger_names(list(statements.values()))
    for name, sql in statements.items():
        twins.trigger(sql, names[name])
    twins.run("INSERT INTO t VALUES (1)")
    twins.run("INSERT INTO t VALUES (2)")
    lite, post = twins.contents()
    assert [what for _, what, _ in lite["log"][:4]] == ["c", "a", "Zulu", "b"]
    assert post == lite
