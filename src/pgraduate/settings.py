"""What the user asked for: flags over environment over pgraduate.toml.

One frozen value is made at the start and handed down.  The invariant: an unknown key or an impossible value in
pgraduate.toml stops the command (exit code 2); nothing is ignored in silence.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pgraduate.errors import UsageError
from pgraduate.model.maintenance import Maintenance, read_maintenance
from pgraduate.model.selection import Selection

FILE = "pgraduate.toml"
STATE = ".pgraduate"


class Policy(StrEnum):
    FAITHFUL = "faithful"
    DECLARED = "declared"
    RICH = "rich"
    EXISTING = "existing"


class Identifiers(StrEnum):
    FOLD = "fold"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Settings:
    """`project` is the directory that holds pgraduate.toml and .pgraduate/."""

    project: Path
    target: str = "embedded"
    policy: Policy = Policy.DECLARED
    identifiers: Identifiers = Identifiers.FOLD
    target_schema: str | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    """Per-column overrides: `table.column` to a PostgreSQL type."""
    references: Mapping[str, str] = field(default_factory=dict)
    """For a merge: what no foreign key declares, `table.column` to the `table.column` that it refers to."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """What a role is for (app, readonly, monitor) to the role's name."""
    selection: Selection = Selection()
    """Which tables, columns and rows are carried, and by what names."""
    jobs: int | None = None
    """Connections that copy the rows; None for as many as the processors and the server are good for."""
    maintenance: Maintenance = Maintenance()
    runtime_paths: Mapping[str, str] = field(default_factory=dict)
    """For the runtime: the resolved path of a database file to the schema that stands for it."""

    @property
    def state(self) -> Path:
        return self.project / STATE


_KNOWN = {
    "target": {"to"},
    "schema": {"policy", "identifiers", "target_schema"},
    "decisions": None,
    "types": None,
    "references": None,
    "roles": {"app", "readonly", "monitor"},
    "selection": {"include", "exclude", "rowids"},
    "rename": None,
    "filter": None,
    "copy": {"jobs"},
    "maintain": None,
    "runtime": {"paths"},
}
_READ_ELSEWHERE = {"copy", "maintain", "runtime"}
"""Sections whose keys and values their own reader checks."""
_MAX_NAME_BYTES = 63
"""PostgreSQL cuts a longer name, and then two names can become one."""


def load(
    project: Path | None = None,
    *,
    target: str | None = None,
    policy: str | None = None,
    identifiers: str | None = None,
    target_schema: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    rename: Mapping[str, str] | None = None,
    filters: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read pgraduate.toml in the project directory and lay environment and flags over it.

    `include` and `exclude` take the place of the file's lists; `rename` and `filters` are added to the file's.
    Raises UsageError for a file that is not TOML, an unknown key or a value out of range.
    """
    environment = os.environ if environment is None else environment
    project = (project or Path.cwd()).absolute()
    data = _read(project / FILE)
    section: dict[str, Any] = data.get("schema", {})
    return Settings(
        project=project,
        target=target or environment.get("PGRADUATE_TO") or data.get("target", {}).get("to", "embedded"),
        policy=_choice(Policy, policy or environment.get("PGRADUATE_POLICY") or section.get("policy", "declared")),
        identifiers=_choice(Identifiers, identifiers or section.get("identifiers", "fold")),
        target_schema=target_schema or section.get("target_schema"),
        decisions=data.get("decisions", {}),
        types=data.get("types", {}),
        references=data.get("references", {}),
        roles=_roles(data.get("roles", {})),
        selection=Selection(
            tuple(include or data.get("selection", {}).get("include", ())),
            tuple(exclude or data.get("selection", {}).get("exclude", ())),
            data.get("rename", {}) | dict(rename or {}),
            data.get("filter", {}) | dict(filters or {}),
            tuple(data.get("selection", {}).get("rowids", ())),
        ),
        jobs=_jobs(data.get("copy", {}).get("jobs")),
        maintenance=read_maintenance(data.get("maintain", {})),
        runtime_paths=_runtime_paths(data.get("runtime", {}).get("paths", {}), project),
    )


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{FILE} is not valid TOML: {error}", where=str(path)) from error
    for section, keys in data.items():
        if section not in _KNOWN:
            raise UsageError(f"unknown section [{section}]", where=str(path), hint=_one_of(_KNOWN))
        if not isinstance(keys, dict):
            raise UsageError(f"'{section}' must be a section", where=str(path), hint=f"write [{section}]")
        known = _KNOWN[section]
        for key in keys:
            if known is not None and key not in known:
                raise UsageError(f"unknown key '{key}' in [{section}]", where=str(path), hint=_one_of(known))
        if section == "selection":
            _require_lists(keys, section)
        elif section not in _READ_ELSEWHERE:
            _require_texts(keys, section)
    return data


def _roles(names: Mapping[str, str]) -> Mapping[str, str]:
    """Check that each role can have its name and that no two of them are one."""
    for purpose, name in names.items():
        if not name or "\x00" in name or len(name.encode()) > _MAX_NAME_BYTES:
            raise UsageError(
                f"the role for '{purpose}' has no possible name", where=FILE, hint="1 to 63 bytes, no NUL"
            )
        if name.startswith("pg_") or name in ("public", "none"):
            raise UsageError(
                f"the role name '{name}' is kept by PostgreSQL", where=FILE, hint="choose another name"
            )
    if len(set(names.values())) < len(names):
        raise UsageError(
            "two of [roles] name the same role",
            where=FILE,
            hint="each purpose has rights of its own: name one each",
        )
    return names


def _jobs(number: Any) -> int | None:
    if number is not None and (type(number) is not int or number < 1):
        raise UsageError("'jobs' must be a whole number of connections", where=FILE, hint="[copy] jobs = 4")
    return number


def _runtime_paths(names: Any, project: Path) -> Mapping[str, str]:
    """Resolve the paths as the runtime does; a relative one begins at the project's directory."""
    if not isinstance(names, dict):
        raise UsageError("'paths' in [runtime] must be a section", where=FILE, hint="write [runtime.paths]")
    _require_texts(names, "runtime.paths")
    return {str((project / path).resolve()): schema for path, schema in names.items()}


def _one_of(names: Any) -> str:
    return "known are: " + ", ".join(sorted(names))


def _choice(kind: Any, value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        what = kind.__name__.lower()
        raise UsageError(f"{what} '{value}' is not known", hint=_one_of(member.value for member in kind)) from None


def _require_lists(section: Mapping[str, Any], name: str) -> None:
    for key, value in section.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageError(
                f"the value of '{key}' in [{name}] must be a list of texts", where=FILE, hint=f'{key} = ["…"]'
            )


def _require_texts(section: Mapping[str, Any], name: str) -> None:
    for key, value in section.items():
        if not isinstance(value, str):
            raise UsageError(f"the value of '{key}' in [{name}] must be a text", where=FILE, hint=f'"{key}" = "…"')
