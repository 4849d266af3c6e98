"""Django's recipe: its own migrations make the tables, pgraduate brings the rows, and the models work as before."""

from __future__ import annotations

from pathlib import Path

from support.cli import pgraduate
from support.dump import rows_of
from support.frameworks import django, django_use
from support.pgcatalog import snapshot


def test_the_models_work_on_the_result_and_undo_brings_back_what_migrate_left(target: str, tmp_path: Path) -> None:
    site = tmp_path / "site.sqlite3"
    django("migrate", "-v", "0", database=site)
    django("fill", database=site)
    django("migrate", "-v", "0", database=target)
    before = snapshot(target), rows_of(target)
    result = pgraduate("run", site, "--to", target, "--policy", "existing", "--json", cwd=tmp_path)
    assert (result.code, result.document.get("verdict")) == (3, "equal"), result.err + result.out
    assert result.document["why"] == [
        "rows:public.django_migrations decided by the safe option: keep",
        "rows:public.django_content_type decided by the safe option: replace",
        "rows:public.auth_permission decided by the safe option: replace",
    ]
    assert django_use(target) == django_use(site)
    undone = pgraduate("undo", "--to", target, cwd=tmp_path)
    assert undone.code == 0, undone.err
    assert (snapshot(target), rows_of(target)) == before
