"""Files in the sqllogictest format on both engines: each answer is what the file says, and the engines agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sqllogictest import failures, make_database, parse, set_up
from support.translate_suite import POLICIES, twins_of

FILES = sorted((Path(__file__).parent / "slt").glob("*.test"))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_record_of_a_file_holds(file: Path, policy: str, target: str, tmp_path: Path) -> None:
    before, records = set_up(parse(file.read_text("utf-8")))
    path = make_database(tmp_path / f"{file.stem}.db", before)
    with twins_of(path, target, policy, sequence=True) as twins:
        found = [problem for record in records for problem in failures(record, twins)]
    assert not found, "\n".join(found)


def test_the_files_hold_enough_records() -> None:
    assert len(FILES) >= 18
    assert sum(len(parse(file.read_text("utf-8"))) for file in FILES) >= 360
