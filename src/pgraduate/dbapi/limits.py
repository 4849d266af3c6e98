"""How many server connections one process may hold, and how long a thread waits for one: read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from pgraduate.errors import UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """`least` connections are kept open, `most` may be; `wait` is in seconds; `workers` counts such processes."""

    least: int = 1
    most: int = 5
    wait: float = 30.0
    workers: int = 1


_DEFAULT = Limits()


def limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """Read POSTGRES_POOL_MIN, _MAX, _TIMEOUT and _WORKERS (else WEB_CONCURRENCY); raise UsageError for nonsense."""
    workers = "POSTGRES_POOL_WORKERS" if environment.get("POSTGRES_POOL_WORKERS") else "WEB_CONCURRENCY"
    read = Limits(
        least=int(_number(environment, "POSTGRES_POOL_MIN", _DEFAULT.least, smallest=0)),
        most=int(_number(environment, "POSTGRES_POOL_MAX", _DEFAULT.most, smallest=1)),
        wait=_number(environment, "POSTGRES_POOL_TIMEOUT", _DEFAULT.wait, smallest=0, whole=False),
        workers=int(_number(environment, workers, _DEFAULT.workers, smallest=1)),
    )
    if read.least > read.most:
        raise UsageError(
            f"POSTGRES_POOL_MIN={read.least} is more than POSTGRES_POOL_MAX={read.most}",
            where="environment",
            hint="raise the one or lower the other",
        )
    return read


def _number(
    environment: Mapping[str, str], name: str, default: float, *, smallest: int, whole: bool = True
) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return default
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = None
    if number is None or not smallest <= number < float("inf"):
        kind = "whole number" if whole else "number"
        raise UsageError(
            f"{name}={text} is no {kind} from {smallest} on", where="environment", hint=f"{name}={default:g}"
        )
    return number
