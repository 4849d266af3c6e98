"""A census holds a bounded part of a file, however large the file and its values are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.sqlite_files import make

SCRIPT = """
import resource, sys
from pathlib import Path
from pgraduate.sqlite import read_catalog, take_census
path = Path(sys.argv[1])
rows = take_census(path, read_catalog(path)).rows
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def test_ten_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    small, large = (_peak(tmp_path / f"{rows}.db", rows) for rows in (20, 200))
    assert large < small + (64 << 20), f"{small:,} bytes for 20 rows, {large:,} bytes for 200"


def _peak(path: Path, rows: int) -> int:
    """Give the bytes that a census takes at most, of rows of a megabyte each: texts, dates that are none, blobs."""
    make(
        path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, d DATE, b BLOB)",
        f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
        INSERT INTO t SELECT i, printf('%.*c', 600000, 'x'), printf('%.*c', 100000, '2'), zeroblob(300000) FROM n""",
    )
    result = subprocess.run([sys.executable, "-c", SCRIPT, path], capture_output=True, text=True, check=True)
    counted, peak = map(int, result.stdout.split())
    assert counted == rows
    return peak
