"""The recipe of SQLAlchemy and Alembic: the same revision on both engines, and the models work as before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.frameworks import sqlalchemy


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    file = tmp_path / "shop.db"
    sqlalchemy("upgrade", file)
    sqlalchemy("fill", file)
    return file


def test_the_models_work_on_the_result(shop: Path, target: str, tmp_path: Path) -> None:
    sqlalchemy("upgrade", target)
    result = pgraduate("run", shop, "--to", target, "--policy", "existing", "--json", cwd=tmp_path)
    assert (result.code, result.document.get("verdict")) == (3, "equal"), result.err + result.out
    assert result.document["why"] == ["rows:public.alembic_version decided by the safe option: keep"]
    assert sqlalchemy("use", target) == sqlalchemy("use", shop)


def test_an_answer_in_the_file_makes_the_exit_code_zero(shop: Path, target: str, tmp_path: Path) -> None:
    sqlalchemy("upgrade", target)
    (tmp_path / "pgraduate.toml").write_text('[decisions]\n"rows:public.alembic_version" = "keep"\n')
    assert pgraduate("run", shop, "--to", target, "--policy", "existing", cwd=tmp_path).code == 0


def test_another_revision_is_a_question_before_anything_is_written(shop: Path, target: str, tmp_path: Path) -> None:
    sqlalchemy("upgrade", target)
    with sqlite3.connect(shop) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    result = pgraduate("run", shop, "--to", target, "--policy", "existing", "--json", cwd=tmp_path)
    assert result.code == 5
    assert "rows:public.alembic_version" in result.document["error"]["where"]
    with psycopg.connect(target) as pg:
        assert pg.execute("SELECT to_regnamespace('pgraduate')").fetchone() == (None,)
