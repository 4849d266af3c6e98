"""Real databases of real applications, under every policy; docs/fidelity.md says how each of them arrived.

The files lie beside the checkout or in PGRADUATE_DATABASES; without them there is nothing to say, and the tests skip.
Each run holds its own row of the page, so a stale page fails however the tests are spread over processes.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from support import oracle
from support.fidelity import Carried, carry, last_plan
from support.measured_page import MeasuredPage

_BESIDE = Path(__file__).parents[4] / "shared" / "databases"
FOLDER = Path(os.environ.get("PGRADUATE_DATABASES") or _BESIDE)
FILES = tuple(sorted(file for file in FOLDER.glob("*") if file.suffix in (".db", ".gpkg")))
POLICIES = ("faithful", "declared", "rich")

pytestmark = pytest.mark.skipif(not FILES, reason="the sample databases are not beside the checkout")


def _frame(rows: Sequence[str]) -> str:
    lines = "\n".join(rows)
    return f"""# Real databases, value by value

**In short:** {len(FILES)} databases of real applications and of known edge cases, each carried over under each policy. The
verdict speaks of data; the exit code is 3 where an object was not carried or a safe option was taken.

Under `rich` the types beside the verdict are those for which "equal" has a meaning of its own, with their columns: `jsonb`
is equal as JSON values, of every other type the very text, integer or double is read back.

| Database | Policy | Verdict | Types (columns) | Exit code | Rows | Values compared | Quarantined | Not carried |
|---|---|---|---|---|---|---|---|---|
{lines}
"""


def _key(name: str, policy: str) -> str:
    return f"| {name} | {policy} |"


PAGE = MeasuredPage(
    Path(__file__).parents[3] / "docs" / "fidelity.md",
    [_key(file.name, policy) for file in FILES for policy in POLICIES],
    _frame,
)


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
    if FOLDER == _BESIDE:
        PAGE.hold(_key(file.name, policy), _line(file.name, policy, carried))


def _line(name: str, policy: str, carried: Carried) -> str:
    figures = f"{carried.rows:,} | {carried.cells:,} | {carried.quarantined:,}"
    verdict = f"{carried.verdict} | {_types(carried)} | {carried.code}"
    return f"{_key(name, policy)} {verdict} | {figures} | {_left(carried)} |"


def _types(carried: Carried) -> str:
    """Count the columns of each type for which "equal" has a meaning of its own."""
    columns: Counter[str] = Counter()
    for item in carried.document["equal_means"]:
        columns[item["type"]] += item["columns"]
    return ", ".join(f"{name} {count:,}" for name, count in sorted(columns.items())) or "–"


def _left(carried: Carried) -> str:
    """Name what was not carried, or count it by kind where it is much."""
    items = carried.document["objects"]
    kinds = Counter(item["kind"] for item in items if item["outcome"] == "not_carried")
    if kinds.total() > 3:
        return ", ".join(f"{count} × {kind}" for kind, count in sorted(kinds.items()))
    return "; ".join(carried.not_carried) or "–"


@pytest.mark.skipif(FOLDER != _BESIDE, reason="the page speaks of the databases beside the checkout")
def test_the_page_of_real_databases_has_all_of_them_and_no_other() -> None:
    PAGE.hold_frame()
