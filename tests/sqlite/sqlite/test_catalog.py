"""The catalog: every object of a real file, as SQLite itself understands it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.sqlite_files import make

from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import Catalog, Check, ForeignKey, Index, IndexKey, Table
from pgraduate.model.storage import Affinity
from pgraduate.sqlite import read_catalog
from pgraduate.sqlite.names import quote


def catalog_of(directory: Path, *statements: str) -> Catalog:
    return read_catalog(make(directory / "app.db", *statements))


def table_of(directory: Path, *statements: str) -> Table:
    return catalog_of(directory, *statements).table("t")


def foreign_keys(directory: Path, *statements: str) -> tuple[ForeignKey, ...]:
    return table_of(directory, *statements).foreign_keys


def test_the_catalog_is_named_after_the_file_unless_told_otherwise(tmp_path: Path) -> None:
    source = make(tmp_path / "app.db", "PRAGMA user_version = 3", "PRAGMA application_id = 9", "CREATE TABLE t (a)")
    catalog = read_catalog(source)
    assert (catalog.name, catalog.user_version, catalog.application_id) == ("app", 3, 9)
    assert catalog.encoding == "UTF-8"
    assert read_catalog(source, name="shop").name == "shop"


def test_columns_have_type_default_and_collation_as_written(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE t (a VARCHAR(10) NOT NULL DEFAULT 'it''s' COLLATE NOCASE, b,"
        ' c unsigned  big int DEFAULT (1+2), d TEXT DEFAULT "quoted", e DECIMAL(10, 2) DEFAULT -1.5 COLLATE RTRIM)',
    )
    a, b, c, d, e = table.columns
    assert (a.declared, a.affinity, a.not_null, a.default_sql, a.collation) == (
        "VARCHAR(10)", Affinity.TEXT, True, "'it''s'", "NOCASE",
    )  # fmt: skip
    assert (b.declared, b.affinity, b.default_sql, b.collation) == ("", Affinity.BLOB, None, "BINARY")
    assert (c.affinity, c.default_sql) == (Affinity.INTEGER, "1+2")
    assert (d.default_sql, d.collation) == ('"quoted"', "BINARY")
    assert (e.declared, e.default_sql, e.collation) == ("DECIMAL(10, 2)", "-1.5", "RTRIM")


def test_a_collation_of_the_application_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.create_collation("own order", lambda left, right: (left > right) - (left < right))
        connection.execute('CREATE TABLE t (a TEXT COLLATE "own order" UNIQUE)')
    catalog = read_catalog(tmp_path / "app.db")
    assert catalog.table("t").columns[0].collation == "own order"
    assert catalog.indexes[0].keys == (IndexKey("a", collation="own order"),)


@pytest.mark.parametrize(
    ("columns", "alias"),
    [
        ("id INTEGER PRIMARY KEY", "id"),
        ("id integer PRIMARY KEY ASC", "id"),
        ('"Id" INTEGER, x, PRIMARY KEY ("Id")', "Id"),
        ("id INTEGER, PRIMARY KEY (id DESC)", "id"),
        ("id INTEGER PRIMARY KEY DESC", None),
        ("id INT PRIMARY KEY", None),
        ("id BIGINTEGER PRIMARY KEY", None),
        ("id INTEGER, b, PRIMARY KEY (id, b)", None),
        ("id TEXT PRIMARY KEY", None),
        ("id INTEGER UNIQUE", None),
    ],
)
def test_only_a_true_integer_primary_key_is_the_rowid(tmp_path: Path, columns: str, alias: str | None) -> None:
    """Asked of SQLite itself: the rowid follows an alias, and nothing else."""
    table = table_of(tmp_path, f"CREATE TABLE t ({columns})")
    assert table.rowid_alias == alias
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.execute(f"INSERT INTO t ({table.columns[0].name}) VALUES (77)")
        assert (connection.execute("SELECT rowid FROM t").fetchone() == (77,)) == (alias is not None)


def test_a_table_without_rowid_has_no_alias(tmp_path: Path) -> None:
    table = table_of(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY) WITHOUT ROWID, STRICT")
    assert (table.rowid_alias, table.without_rowid, table.strict) == (None, True, True)
    assert table.primary_key == ("id",)


def test_the_primary_key_stands_in_its_own_order(tmp_path: Path) -> None:
    table = table_of(tmp_path, "CREATE TABLE t (a, b, c, PRIMARY KEY (c, a))")
    assert table.primary_key == ("c", "a")
    assert [column.primary_key_position for column in table.columns] == [2, 0, 1]


def test_strict_any_has_no_affinity(tmp_path: Path) -> None:
    assert table_of(tmp_path, "CREATE TABLE t (a ANY) STRICT").columns[0].affinity is Affinity.BLOB


@pytest.mark.parametrize("suffix", ["", " /* AUTOINCREMENT */", ", \"autoincrement\" TEXT DEFAULT 'AUTOINCREMENT'"])
def test_autoincrement_is_not_guessed_from_the_text(tmp_path: Path, suffix: str) -> None:
    assert not table_of(tmp_path, f"CREATE TABLE t (id INTEGER PRIMARY KEY{suffix})").autoincrement


def test_an_empty_autoincrement_table_is_one(tmp_path: Path) -> None:
    table = table_of(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)")
    assert (table.autoincrement, table.sequence) == (True, None)


def test_the_sequence_remembers_deleted_rows(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)",
        "INSERT INTO t VALUES (100)",
        "DELETE FROM t",
    )
    assert table.sequence == 100


def test_generated_columns_have_their_expressions(tmp_path: Path) -> None:
    table = table_of(
        tmp_path, "CREATE TABLE t (a, b INT GENERATED ALWAYS AS (a * 2), \"C d\" TEXT AS (a || ')') STORED)"
    )
    assert [(column.generated, column.generated_sql) for column in table.columns] == [
        (None, None), ("virtual", "a * 2"), ("stored", "a || ')'"),
    ]  # fmt: skip


def test_a_generated_column_added_later_is_found(tmp_path: Path) -> None:
    table = table_of(
        tmp_path, "CREATE TABLE t (a -- last\n)", "ALTER TABLE t ADD COLUMN b AS (a + 1) CHECK (b > 0)"
    )
    assert table.column("b").generated_sql == "a + 1"
    assert table.checks == (Check("b > 0"),)


def test_an_implicit_parent_key_is_spelled_out(tmp_path: Path) -> None:
    (key,) = foreign_keys(
        tmp_path,
        "CREATE TABLE Parent (a, b, PRIMARY KEY (b, a))",
        "CREATE TABLE t (x, y, FOREIGN KEY (x, y) REFERENCES pArEnT)",
    )
    assert (key.columns, key.parent, key.parent_columns) == (("x", "y"), "Parent", ("b", "a"))


@pytest.mark.parametrize(
    "parent",
    [None, "CREATE TABLE p (a)", "CREATE TABLE p (a, b, PRIMARY KEY (a, b))", "CREATE VIEW p AS SELECT 1 AS a"],
)
def test_a_parent_key_that_does_not_exist_is_empty(tmp_path: Path, parent: str | None) -> None:
    statements = ["CREATE TABLE t (x REFERENCES p)"] + ([parent] if parent else [])
    (key,) = foreign_keys(tmp_path, *statements)
    assert (key.parent, key.parent_columns) == ("p", ())


def test_a_parent_column_that_does_not_exist_leaves_the_key_empty(tmp_path: Path) -> None:
    (key,) = foreign_keys(tmp_path, "CREATE TABLE p (a)", "CREATE TABLE t (x REFERENCES p (nowhere))")
    assert key.parent_columns == ()


def test_foreign_keys_keep_order_name_actions_and_deferral(tmp_path: Path) -> None:
    first, second, third = foreign_keys(
        tmp_path,
        "CREATE TABLE p (a PRIMARY KEY, b UNIQUE)",
        "CREATE TABLE t (x CONSTRAINT one REFERENCES p ON DELETE CASCADE, y REFERENCES p (B) ON UPDATE SET NULL"
        ' DEFERRABLE INITIALLY DEFERRED, up REFERENCES t (x), CONSTRAINT "no" UNIQUE (x))',
    )
    assert first == ForeignKey(("x",), "p", ("a",), on_delete="CASCADE", name="one")
    assert second == ForeignKey(("y",), "p", ("b",), on_update="SET NULL", deferred=True)
    assert third == ForeignKey(("up",), "t", ("x",))


def test_indexes_keep_order_direction_collation_and_predicate(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b, c UNIQUE, PRIMARY KEY (b))",
        "CREATE UNIQUE INDEX i1 ON t (a, b DESC) WHERE c IS NOT NULL",
        "CREATE INDEX i2 ON t (lower(a) COLLATE RTRIM DESC, b)",
    )
    unique, key, i1, i2 = catalog.indexes_of("T")
    assert (unique.origin, unique.unique, unique.sql, unique.keys) == ("unique", True, None, (IndexKey("c"),))
    assert (key.origin, key.keys) == ("primary key", (IndexKey("b"),))
    assert i1 == Index(
        "i1", "t", (IndexKey("a", collation="NOCASE"), IndexKey("b", descending=True)), True, "create",
        "c IS NOT NULL", "CREATE UNIQUE INDEX i1 ON t (a, b DESC) WHERE c IS NOT NULL",
    )  # fmt: skip
    assert i2.keys == (IndexKey(None, "lower(a)", True, "RTRIM"), IndexKey("b"))


def test_the_key_of_a_table_without_rowid_is_an_index_too(tmp_path: Path) -> None:
    (index,) = catalog_of(tmp_path, "CREATE TABLE t (a, b, PRIMARY KEY (b DESC)) WITHOUT ROWID").indexes
    assert (index.origin, index.keys) == ("primary key", (IndexKey("b", descending=True),))


def test_a_view_that_cannot_be_prepared_keeps_what_sqlite_says(tmp_path: Path) -> None:
    broken, good = catalog_of(
        tmp_path,
        "CREATE VIEW broken AS SELECT * FROM nowhere",
        "CREATE VIEW good (x, y) AS SELECT 1, 2",
    ).views
    assert (broken.columns, broken.error) == ((), "no such table: main.nowhere")
    assert (good.columns, good.error) == (("x", "y"), None)


def test_a_view_with_a_function_of_the_application_says_which(tmp_path: Path) -> None:
    (view,) = catalog_of(tmp_path, "CREATE TABLE t (a)", "CREATE VIEW v AS SELECT own(a) AS b FROM t").views
    assert view.error is not None
    assert "own" in view.error


def test_triggers_keep_their_text(tmp_path: Path) -> None:
    sql = "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"
    (trigger,) = catalog_of(tmp_path, "CREATE TABLE t (a)", sql).triggers
    assert (trigger.name, trigger.table, trigger.sql) == ("g", "t", sql)


def test_sqlites_own_tables_are_left_out(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
        "CREATE TABLE sqliteish (a)",
        "CREATE INDEX i ON t (a)",
        "INSERT INTO t VALUES (1, 2)",
        "ANALYZE",
    )
    assert [table.name for table in catalog.tables] == ["t", "sqliteish"]


def test_virtual_tables_and_their_shadows_are_told_apart(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        "CREATE TABLE text_data_but_mine (a)",
        "CREATE VIRTUAL TABLE text USING FTS5(title, body)",
        "CREATE VIRTUAL TABLE box USING rtree(id, x0, x1)",
    )
    kinds = {table.name: table.kind for table in catalog.tables}
    assert kinds.pop("text_data_but_mine") == "table"
    assert kinds.pop("text") == kinds.pop("box") == "virtual"
    assert set(kinds.values()) == {"shadow"}
    assert (catalog.table("text").module, catalog.table("box").module) == ("fts5", "rtree")
    shown = [column.name for column in catalog.table("text").columns if not (column.hidden or column.implicit)]
    assert shown == ["title", "body"]


def test_a_module_that_is_missing_leaves_a_virtual_table_without_columns(tmp_path: Path) -> None:
    """Written into the schema as its application would have: no such module exists here."""
    path = make(tmp_path / "app.db", "CREATE TABLE words_vocab (id)", "CREATE TABLE words_other (id)")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'words', 'words', 0,"
            " 'CREATE VIRTUAL TABLE words USING Spellfix1(x)')"
        )
    catalog = read_catalog(path)
    words = catalog.table("words")
    assert (words.kind, words.module, words.columns) == ("virtual", "spellfix1", ())
    assert catalog.table("words_vocab").kind == "shadow"
    assert catalog.table("words_other").kind == "table"


def test_a_broken_schema_names_the_object(tmp_path: Path) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (a)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE t (a,,)'",
    )
    with pytest.raises(SourceUnusable, match=r"malformed database schema \(t\)"):
        read_catalog(path)


def test_a_table_that_the_schema_calls_otherwise_is_named(tmp_path: Path) -> None:
    path = make(
        tmp_path / "app.db",
        "CREATE TABLE t (a)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE other (a)'",
    )
    with pytest.raises(SourceUnusable) as caught:
        read_catalog(path)
    assert caught.value.where is not None


def test_an_endless_view_is_prepared_and_not_run(tmp_path: Path) -> None:
    (view,) = catalog_of(
        tmp_path,
        "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n) SELECT max(i) AS m FROM n",
    ).views
    assert (view.columns, view.error) == (("m",), None)


def test_a_missing_sealed_copy_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceUnusable, match="there is no sealed copy"):
        read_catalog(tmp_path / "nowhere.db")


NAMES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12).filter(
    lambda name: not name.lower().startswith("sqlite_")
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    table=NAMES, column=NAMES, other=NAMES, constraint=NAMES, index=NAMES, style=st.sampled_from(['"', "`", "'"])
)
def test_names_of_any_kind_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    table: str, column: str, other: str, constraint: str, index: str, style: str,
) -> None:  # fmt: skip
    other += "_" if other.lower() == column.lower() else ""
    index += "_" if index.lower() == table.lower() else ""

    def spelled(name: str) -> str:
        return style + name.replace(style, style * 2) + style

    path = make(
        tmp_path_factory.mktemp("names") / "app.db",
        f"CREATE TABLE {spelled(table)} ({spelled(column)} INTEGER PRIMARY KEY AUTOINCREMENT, "
        f"{spelled(other)} TEXT CONSTRAINT {spelled(constraint)} CHECK (1) REFERENCES {spelled(table)} "
        f"({spelled(column)}))",
        f"CREATE INDEX {spelled(index)} ON {quote(table)} ({quote(other)} COLLATE NOCASE)",
        f"INSERT INTO {quote(table)} ({quote(column)}) VALUES (5)",
    )
    catalog = read_catalog(path)
    (found,) = catalog.tables
    assert found.name == table
    assert [item.name for item in found.columns] == [column, other]
    assert (found.rowid_alias, found.autoincrement, found.sequence) == (column, True, 5)
    assert found.checks == (Check("1", constraint),)
    assert found.foreign_keys == (ForeignKey((other,), table, (column,)),)
    assert [(item.name, item.table, item.keys) for item in catalog.indexes] == [
        (index, table, (IndexKey(other, collation="NOCASE"),))
    ]
