"""The application runs on the generated files, with all their dirt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from app.web import create_app
from flask.testing import FlaskClient

GENERATOR = Path(__file__).parents[1] / "generate.py"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The web application over the small sample."""
    directory = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, str(GENERATOR), "--out", str(directory)], check=True, capture_output=True)
    return create_app(directory).test_client()


@pytest.mark.parametrize(
    "path",
    ["/", "/api/queue", "/api/tools", "/api/costs", "/api/patterns", "/api/projects", "/api/workflows/failures"],
)
def test_every_page_is_served(served: FlaskClient, path: str) -> None:
    assert served.get(path).status_code == 200


def test_every_run_can_be_paged_to(served: FlaskClient) -> None:
    pages = [served.get(f"/api/workflows?page={page}").get_json() for page in range(1, 9)]
    assert sum(len(page["workflows"]) for page in pages) == pages[0]["total"] == 125


def test_a_run_goes_on_where_the_ids_stopped(served: FlaskClient) -> None:
    started = served.post("/api/workflows", json={"title": "After the sample"})
    assert started.get_json()["id"] == 129
