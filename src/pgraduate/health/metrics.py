"""Examinations as Prometheus' text format, for the node exporter's textfile collector.

Source: "Exposition formats", text-based format 0.0.4.  The file is replaced by a rename, as the collector asks for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pgraduate.health.finding import RANK, Examination
from pgraduate.health.snapshot import is_good

Sample = tuple[Mapping[str, str], int | float]


def render_metrics(examinations: Sequence[Examination], *, database: str, at: float) -> str:
    """Write one sample per check, finding and figure; `at` is the moment in seconds since 1970."""
    base = {"database": database}
    findings = [finding for item in examinations for finding in item.findings]
    families: list[tuple[str, str, list[Sample]]] = [
        ("pgraduate_check_timestamp_seconds", "When the checks ran.", [(base, at)]),
        ("pgraduate_check_good", "1 when nothing above notice was found.", [(base, int(is_good(examinations)))]),
        (
            "pgraduate_check_examined",
            "Things that a check looked at; -1 where it could not look.",
            [(base | {"check": i.check}, -1 if i.skipped else i.examined) for i in examinations],
        ),
        (
            "pgraduate_check_finding",
            "One sample per finding; the value is 0 info, 1 notice, 2 warning, 3 error.",
            _distinct((base | {"code": item.code, "where": item.where}, RANK[item.severity]) for item in findings),
        ),
    ]
    for item in examinations:
        for name, value in item.figures.items():
            if value is not None:
                families.append((f"pgraduate_{name}", f"Measured by the check {item.check}.", [(base, value)]))
    return "".join(_family(*family) for family in families)


def write_metrics(path: Path, text: str) -> None:
    """Put the text in the place of the file, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, "utf-8")
    beside.chmod(0o644)
    beside.replace(path)


def _distinct(samples: Iterable[Sample]) -> list[Sample]:
    """Keep the worst of the samples that have the same labels; the format allows one."""
    worst: dict[tuple[tuple[str, str], ...], Sample] = {}
    for labels, value in samples:
        key = tuple(labels.items())
        if key not in worst or worst[key][1] < value:
            worst[key] = (labels, value)
    return list(worst.values())


def _family(name: str, help_text: str, samples: Sequence[Sample]) -> str:
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} gauge"]
    for labels, value in samples:
        written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"{name}{{{written}}} {value}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
