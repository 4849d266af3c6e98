"""Real databases of real applications, under every policy; docs/fidelity.md says how each of them arrived.

The files lie beside the checkout or in PGRADUATE_DATABASES; without them there is nothing to say, and the tests skip.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from support import oracle
from support.fidelity import Carried, carry, last_plan
from support.golden import assert_golden

_BESIDE = Path(__file__).parents[4] / "shared" / "databases"
FOLDER = Path(os.environ.get("PGRADUATE_DATABASES") or _BESIDE)
FILES = tuple(sorted(file for file in FOLDER.glob("*") if file.suffix in (".db", ".gpkg")))
POLICIES = ("faithful", "declared", "rich")
PAGE = Path(__file__).parents[3] / "docs" / "fidelity.md"

pytestmark = pytest.mark.skipif(not FILES, reason="the sample databases are not beside the checkout")

_LINES: dict[tuple[str, str], str] = {}
"""What the page says of each run, in the words of the runs of this session."""


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_real_database_arrives(file: Path, policy: str, target: str, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(file, tmp_path / file.name))
    carried = carry(path, target, tmp_path, policy=policy)
    assert carried.error is None, carried.why
    assert (carried.verdict, carried.code in (0, 3)) == ("equal", True), carried.why
    with psycopg.connect(target) as connection:
        assert oracle.differences(path, connection, last_plan(connection)) == []
    assert bool(carried.code) == bool(carried.quarantined or carried.not_carried or carried.document["why"])
    _LINES[file.name, policy] = _line(file.name, policy, carried)


def _line(name: str, policy: str, carried: Carried) -> str:
    figures = f"{carried.rows:,} | {carried.cells:,} | {carried.quarantined:,}"
    return f"| {name} | {policy} | {carried.verdict} | {carried.code} | {figures} | {_left(carried)} |"


def _left(carried: Carried) -> str:
    """Name what was not carried, or count it by kind where it is much."""
    items = carried.document["objects"]
    kinds = Counter(item["kind"] for item in items if item["outcome"] == "not_carried")
    if kinds.total() > 3:
        return ", ".join(f"{count} × {kind}" for kind, count in sorted(kinds.items()))
    return "; ".join(carried.not_carried) or "–"


def test_the_page_of_real_databases_says_what_was_measured() -> None:
    if len(_LINES) < len(FILES) * len(POLICIES):
        pytest.skip("the page is compared only after a run of all databases under all policies")
    if PAGE.is_file() and not os.environ.get("PGRADUATE_GOLDEN"):
        named = {
            line.split("|")[1].strip() for line in PAGE.read_text("utf-8").splitlines() if "| faithful |" in line
        }
        if named != {file.name for file in FILES}:
            pytest.skip("the page speaks of other databases than those of PGRADUATE_DATABASES")
    lines = "\n".join(_LINES[file.name, policy] for file in FILES for policy in POLICIES)
    assert_golden(
        PAGE,
        f"""# Real databases, value by value

**In short:** {len(FILES)} databases of real applications and of known edge cases, each carried over under each policy. The
verdict speaks of data; the exit code is 3 where an object was not carried or a safe option was taken.

| Database | Policy | Verdict | Exit code | Rows | Values compared | Quarantined | Not carried |
|---|---|---|---|---|---|---|---|
{lines}
""",
    )
