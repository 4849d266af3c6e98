"""Recorded statements: what an application asked of its database, how often, and with which values.

A workload comes from a recording (`workload.recording`), from a server's log (`workload.log`) or from the difference of
two snapshots of pg_stat_statements (`workload.snapshots`).  The invariant: literals live in `Statement.examples` alone;
`Statement.text`, which people see, has a parameter in the place of each.
"""

from __future__ import annotations

from pgraduate.workload.fingerprint import Shape, bind, shape
from pgraduate.workload.recorder import record
from pgraduate.workload.recording import Execution, Recording, read_recording, write_recording
from pgraduate.workload.statements import Statement, Workload, gather

__all__ = [
    "Execution",
    "Recording",
    "Shape",
    "Statement",
    "Workload",
    "bind",
    "gather",
    "read_recording",
    "record",
    "shape",
    "write_recording",
]
