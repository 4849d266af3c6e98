"""The small applications of the recipes' tests, run as their users run them: in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

APPLICATIONS = Path(__file__).parent / "orm"


def django(*arguments: str, database: Path | str) -> str:
    """Run one of Django's commands on the site, or one of the site's own programs (`fill`, `use`)."""
    if isinstance(database, Path):
        where = {"SITE_ENGINE": "sqlite3", "SITE_NAME": str(database)}
    else:
        parts = conninfo_to_dict(database)
        where = {"SITE_ENGINE": "postgresql", "SITE_NAME": str(parts["dbname"])}
        where |= {"SITE_HOST": str(parts["host"]), "SITE_USER": str(parts["user"])}
    module = "django" if arguments[0] not in ("fill", "use") else f"django_site.{arguments[0]}"
    rest = arguments if module == "django" else arguments[1:]
    return _run(["-m", module, *rest], where | {"DJANGO_SETTINGS_MODULE": "django_site.settings"})


def django_use(database: Path | str) -> Any:
    return json.loads(django("use", database=database))


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        capture_output=True,
        text=True,
        cwd=APPLICATIONS,
        env=os.environ | environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def sqlalchemy(program: str, database: Path | str) -> Any:
    """Run one of the shop's programs: `upgrade`, `fill` or `use`."""
    if isinstance(database, Path):
        url = f"sqlite:///{database}"
    else:
        parts = conninfo_to_dict(database)
        url = f"postgresql+psycopg://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
    return json.loads(_run(["-m", "alembic_shop.program", program, url], {}))
