"""A file to retire, and the place where it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sources import make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path / "shop.db", purchases=100)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "archives"
