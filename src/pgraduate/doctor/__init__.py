"""Trouble, asked by its symptom: what changed, what is wrong now, and what to do about it in a safe order.

It changes nothing.  A comparison needs a snapshot of a time when all was well; without one the doctor says so and keeps
the first.  What cannot be seen from here is listed as not seen, never as healthy.
"""

from __future__ import annotations

from pgraduate.doctor.connections import connections
from pgraduate.doctor.diagnosis import Change, Diagnosis, NextStep
from pgraduate.doctor.disk import disk
from pgraduate.doctor.performance import performance
from pgraduate.doctor.unreachable import unreachable

SYMPTOMS = ("performance", "disk", "connections")

__all__ = [
    "SYMPTOMS",
    "Change",
    "Diagnosis",
    "NextStep",
    "connections",
    "disk",
    "performance",
    "unreachable",
]
