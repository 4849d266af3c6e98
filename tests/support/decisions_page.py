"""The table of docs/decisions.md, and the decisions that the code can ask."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "decisions.md"
_ROW = re.compile(r"\| `(\w+)` \|[^|]*\| ([^|]*) \| ([^|]*) \|")
_KEY = re.compile(r"`(\w+)`|(–)")


@dataclass(frozen=True)
class Documented:
    """`safe` may name several where it depends on the place; None stands for no safe option."""

    options: frozenset[str]
    safe: frozenset[str | None]


def documented() -> Mapping[str, Documented]:
    """Read the table by kind."""
    found = {}
    for kind, options, safe in _ROW.findall(PAGE.read_text("utf-8")):
        names = frozenset(name for name, _ in _KEY.findall(options) if name)
        found[kind] = Documented(names, frozenset(name or None for name, _ in _KEY.findall(safe)))
    return found


def hold(kind: str, options: Collection[str], safe: str | None) -> None:
    """Hold a decision that was met against its row."""
    row = documented()[kind]
    assert set(options) <= row.options, f"docs/decisions.md does not have the options {options} of {kind}"
    assert safe in row.safe, f"docs/decisions.md does not say that {safe} is the safe option of {kind}"


def kinds_in_code(*, elsewhere: bool = True) -> Iterator[str]:
    """Find the kinds of all decisions: what stands before the colon of an id, as `kind:{…}`, and what a merge asks.

    `elsewhere` adds what only a load into a standing schema or a merge of several files asks.
    """
    for path in (ROOT / "src" / "pgraduate").rglob("*.py"):
        if not elsewhere and path.parent.name in ("existing", "merge"):
            continue
        text = path.read_text("utf-8")
        if ".ask(" not in text and "Decision(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                match = re.fullmatch(r"(\w+):", str(node.values[0].value))
                if match:
                    yield match[1]
            if path.parent.name == "merge" and isinstance(node, ast.Call) and _asks(node):
                yield str(ast.literal_eval(node.args[0]))


def _asks(call: ast.Call) -> bool:
    """Whether a call asks a decision whose kind is written there."""
    function = call.func
    asks = isinstance(function, ast.Attribute) and function.attr == "ask"
    return asks and bool(call.args) and isinstance(call.args[0], ast.Constant)
