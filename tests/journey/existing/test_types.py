"""Every type that a schema may hold takes the values that it gives back as they were, or the column is a question."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support.standing import Load

from pgraduate import compat

TYPES = {
    "real": ("real", "(0.1), (-2.5), (NULL), (16777216.0)", None),
    "real_numbers": ("real", "(1), (2.5), (3.0)", None),
    "money": ("money", "(12), (0.25), (-3.5)", None),
    "money_text": ("money", "('$1.25'), ('-$1,000.00')", None),
    "texts": ("text[]", """('["a", "b,c", null, "d\\"e"]'), ('[]'), (NULL)""", "equal as JSON lists"),
    "numbers": ("integer[]", "('[1, 2]'), ('[]')", "equal as JSON lists"),
    "literal": ("integer[]", "('{1,2,NULL}'), ('{}')", None),
    "grid": ("integer[][]", "('{{1,2},{3,4}}')", None),
    "span": ("int4range", "('[1,5)'), ('empty'), ('[3,)')", None),
    "spans": ("int4multirange", "('{[1,3),[5,8)}')", None),
    "moments": ("tstzrange", """('["2024-01-01 00:00:00+00","2024-02-01 00:00:00+00")')""", None),
    "clock": ("timetz", "('10:00:00+00'), ('23:59:59.5-08')", None),
    "bits": ("bit(4)", "('1010'), ('0000')", None),
    "flag": ("bit(1)", "(0), (1)", None),
    "varbits": ("bit varying(8)", "('101'), ('')", None),
    "network": ("cidr", "('10.0.0.0/8'), ('2001:db8::/32')", None),
    "host": ("inet", "('10.0.0.0/8')", None),
    "card": ("macaddr", "('08:00:2b:01:02:03')", None),
    "card8": ("macaddr8", "('08:00:2b:01:02:03:04:05')", None),
    "object": ("oid", "(0), (4294967295)", None),
    "place": ("point", "('(1,2.5)')", None),
    "words": ("tsvector", "('''a'':1 ''b'':2')", None),
    "search": ("tsquery", "('''a'' & ''b''')", None),
    "paper": ("xml", "('<a>1</a>')", None),
    "path": ("jsonpath", "('$.\"a\"')", None),
    "label": ("name", "('someone')", None),
    "one": ('"char"', "('x')", None),
    "decimals": ("numeric(8,2)", "('12.50'), ('-0.05')", None),
    "digits": ("bigint", "('5'), ('-9223372036854775808')", None),
    "length": ("interval", "('01:30:00'), ('1 day 02:00:00')", None),
    "version": ("pg_lsn", "('16/B374D848')", None),
    "domain": ("positive", "(1), (7)", None),
    "array_of_enum": ("mood[]", """('["happy"]')""", "equal as JSON lists"),
}  # fmt: skip


def test_values_of_every_type_arrive_and_read_back(load: Load) -> None:
    load.prepare(
        "".join(
            f"CREATE TABLE t_{name} (id INTEGER PRIMARY KEY, v); INSERT INTO t_{name} (v) VALUES {values};"
            for name, (_, values, _) in TYPES.items()
        ),
        "CREATE TYPE mood AS ENUM ('happy'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);"
        + "".join(
            f"CREATE TABLE t_{name} (id bigint PRIMARY KEY, v {kind});" for name, (kind, _, _) in TYPES.items()
        ),
    )
    result = load.run()
    assert (result["verdict"], result["exit_code"]) == ("equal", 0), result["why"]
    assert load.execute("SELECT v FROM t_real ORDER BY id") == [(0.1,), (-2.5,), (None,), (16777216.0,)]
    assert load.execute("SELECT v FROM t_texts ORDER BY id") == [(["a", "b,c", None, 'd"e'],), ([],), (None,)]


REFUSED = {
    "real": ("real", "(0.1), (0.1234567890123)", "takes, and gives back as they are, 1 of 2 values"),
    "money": ("money", "(0.125), (1)", "takes, and gives back as they are, 1 of 2 values"),
    "list": ("integer[]", "('[1, 2]'), ('[1, \"x\"]'), ('no')", "takes, and gives back as they are, 1 of 3 values"),
    "bits": ("bit(4)", "('1010'), ('10')", "takes, and gives back as they are, 1 of 2 values"),
    "span": ("int4range", "('[1,5]')", "takes, and gives back as they are, 0 of 1 value"),
}


def test_a_type_that_changes_a_value_is_a_question(load: Load) -> None:
    load.prepare(
        "".join(
            f"CREATE TABLE t_{name} (id INTEGER PRIMARY KEY, v); INSERT INTO t_{name} (v) VALUES {values};"
            for name, (_, values, _) in REFUSED.items()
        ),
        "".join(
            f"CREATE TABLE t_{name} (id bigint PRIMARY KEY, v {kind});" for name, (kind, _, _) in REFUSED.items()
        ),
    )
    asked = load.asked()
    assert asked.keys() == {f"no_cast:public.t_{name}.v" for name in REFUSED}
    for name, (_, _, words) in REFUSED.items():
        assert words in asked[f"no_cast:public.t_{name}.v"]
    result = load.run(**dict.fromkeys(asked, "leave_out"))
    assert (result["verdict"], result["exit_code"]) == ("equal", 3), result["why"]


def test_keys_of_a_cast_type_name_their_rows(load: Load) -> None:
    """Where a cell goes to quarantine beside such a key, both sides must write the key alike."""
    load.prepare(
        "CREATE TABLE t (k TEXT PRIMARY KEY, s TEXT) WITHOUT ROWID;"
        "INSERT INTO t VALUES ('08:00:2b:01:02:03', 'a' || char(0))",
        "CREATE TABLE t (k macaddr PRIMARY KEY, s text)",
    )
    result = load.run()
    assert (result["verdict"], result["exit_code"]) == ("equal", 3), result["why"]
    assert load.execute("SELECT row_key FROM pgraduate.quarantine") == [(["08:00:2b:01:02:03"],)]


def test_a_column_of_any_class_takes_every_value_but_a_minus_zero(load: Load) -> None:
    with psycopg.connect(load.target, autocommit=True) as connection:
        compat.install(connection)
    load.prepare(
        "CREATE TABLE t (k PRIMARY KEY, v) WITHOUT ROWID; CREATE TABLE empty (v);"
        "INSERT INTO t VALUES (5, '5'), ('5', x'35'), (x'35', 5), (2.5, 5.0), ('m', -0.0), ('n', 'a' || char(0))",
        "CREATE TABLE t (k pgraduate_compat.any_value PRIMARY KEY, v pgraduate_compat.any_value);"
        "CREATE TABLE empty (v pgraduate_compat.any_value)",
    )
    asked = load.asked()
    assert asked.keys() == {"misfit:public.t.v"}
    assert "1 of 6 values do not fit" in asked["misfit:public.t.v"]
    result = load.run(**dict.fromkeys(asked, "quarantine"))
    assert (result["verdict"], result["exit_code"]) == ("equal", 3), result["why"]
    assert load.execute("SELECT class FROM pgraduate.quarantine ORDER BY class") == [("real",), ("text",)]
    assert load.execute("SELECT pgraduate_compat.any_typeof(v) FROM t ORDER BY k") == [
        ("real",), ("text",), ("blob",), ("null",), ("text",), ("integer",),
    ]  # fmt: skip


@pytest.fixture
def load(tmp_path: Path, target: str) -> Load:
    return Load(tmp_path, target)
