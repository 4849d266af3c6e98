"""A plan on the disk: written by `plan`, read and edited by whoever likes, executed by `apply`.

It is replaced whole, so that a killed `plan` leaves the old one; it lies in the private state directory.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pgraduate.errors import Refused, UsageError
from pgraduate.journal.journal import prepare_state
from pgraduate.settings import Settings

T = TypeVar("T")


def plan_path(settings: Settings, name: str) -> Path:
    return settings.state / "tune" / f"{name}.json"


def write_plan(settings: Settings, name: str, document: dict[str, Any]) -> Path:
    """Write a plan and give its path."""
    prepare_state(settings.state)
    path = plan_path(settings, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    new.replace(path)
    return path


def read_plan(settings: Settings, name: str, read: Callable[[dict[str, Any]], T]) -> tuple[dict[str, Any], T]:
    """Read a plan, and what `read` makes of it; raise UsageError where it is missing or was edited into nonsense."""
    path = plan_path(settings, name)
    try:
        plan = json.loads(path.read_text("utf-8"))
        return plan, read(plan)
    except FileNotFoundError:
        raise UsageError("there is no plan to apply", where=str(path), hint=f"pgraduate tune {name} plan") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"the plan cannot be read: {type(error).__name__}", where=str(path), hint="plan again"
        ) from None


def require_same_server(settings: Settings, name: str, plan: dict[str, Any], system_identifier: str) -> None:
    """Raise Refused for a plan that was made for another server."""
    if plan["system_identifier"] != system_identifier:
        raise Refused(
            "this plan was made for another server", where=str(plan_path(settings, name)), hint="plan again"
        )
