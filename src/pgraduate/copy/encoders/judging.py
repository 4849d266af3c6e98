"""The encoder of a column with misfits, which lets pass what the column's type takes and refuses every other cell."""

from __future__ import annotations

import re
from typing import Any

from pgraduate.copy.encoders.refusal import Encoder, NotRepresentable
from pgraduate.copy.encoders.texts import characters
from pgraduate.model.plan import ColumnPlan


def judging(column: ColumnPlan, encode: Encoder | None, fitting: frozenset[type]) -> Encoder:
    """Make the encoder of a column with misfits, which judges what elsewhere the plan has proven: class and length."""
    limit = re.search(r"^(?:varchar|character varying|character)\((\d+)\)", column.type)
    short = characters(int(limit[1])) if limit else None
    padded = column.type.startswith("character(")
    digits = re.search(r"^numeric\((\d+),(\d+)\)", column.type)
    bound = 10 ** (int(digits[1]) - int(digits[2])) if digits else None

    def judge(value: Any) -> Any:
        if type(value) not in fitting:
            raise NotRepresentable(f"a value of another class than {column.type} takes")
        if short is not None:
            short(value)
        if padded and value.endswith(" "):
            raise NotRepresentable(f"a text that ends with a blank, which {column.type} does not keep")
        if bound is not None and not -bound < value < bound:
            raise NotRepresentable(f"a number too large for {column.type}")
        return encode(value) if encode is not None else value

    return judge
