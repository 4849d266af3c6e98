"""The recipe of SQLAlchemy and Alembic: the same revision on both engines, and the models work as before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from support.cli import pgraduate
from support.frameworks import sqlalchemy


def _stamp(file: Path, revision: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_another_revision_is_a_question_and_the_same_one_brings_the_models_over(
    target: str, tmp_path: Path
) -> None:
    shop = tmp_path / "shop.db"
    sqlalchemy("upgrade", shop)
    sqlalchemy("fill", shop)
    sqlalchemy("upgrade", target)
    _stamp(shop, "0000")
    result = pgraduate("run", shop, "--to", target, "--policy", "existing", "--json", cwd=tmp_path)
    assert result.code == 5
    assert result.document["error"]["where"] == "rows:public.alembic_version"
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regnamespace('pgraduate')").fetchone() == (None,)
    _stamp(shop, "0001")
    (tmp_path / "pgraduate.toml").write_text('[decisions]\n"rows:public.alembic_version" = "keep"\n')
    result = pgraduate("run", shop, "--to", target, "--policy", "existing", "--json", cwd=tmp_path)
    assert (result.code, result.document.get("verdict")) == (0, "equal"), result.err + result.out
    assert sqlalchemy("use", target) == sqlalchemy("use", shop)
