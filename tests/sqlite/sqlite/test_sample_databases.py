"""The real databases that lie beside a developer's checkout, where they do: all are sealed and counted whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pgraduate.sqlite import inspect, read_catalog, seal, take_census
from pgraduate.sqlite.names import quote

FOLDER = Path(os.environ.get("PGRADUATE_DATABASES", Path(__file__).parents[3].parent / "shared" / "databases"))
FILES = sorted(path for path in FOLDER.glob("*") if path.suffix in (".db", ".gpkg")) if FOLDER.is_dir() else []


@pytest.mark.skipif(not FILES, reason="the folder of sample databases is not there")
@pytest.mark.parametrize("sample", FILES, ids=lambda path: path.name)
def test_a_real_database_is_read_whole(sample: Path, tmp_path: Path) -> None:
    """Read from a copy: the folder is not ours, and reading a WAL database touches its -shm."""
    source = Path(shutil.copyfile(sample, tmp_path / sample.name))
    facts = inspect(source)
    sealed = seal(source, tmp_path / "sealed.db")
    catalog = read_catalog(sealed.path)
    census = take_census(sealed.path, catalog)
    assert len(catalog.tables) == facts.tables
    assert (len(catalog.views), len(catalog.triggers)) == (facts.views, facts.triggers)
    assert all(view.error is None for view in catalog.views)
    with closing(sqlite3.connect(sealed.path)) as connection:
        for table in census.tables:
            assert connection.execute(f"SELECT count(*) FROM {quote(table.table)}").fetchone() == (table.rows,)
