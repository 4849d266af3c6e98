"""What a table asks of its rows that only the server could judge, and what becomes of rows that break it."""

from __future__ import annotations

from pgraduate.model.decision import Option
from pgraduate.schema.docket import Docket
from pgraduate.schema.existing.columns import Unloadable
from pgraduate.schema.existing.matching import Pair
from pgraduate.schema.existing.questions import Breach, Facts
from pgraduate.schema.wording import counted

_LEAVE_TABLE = Option("leave_table", "the table's rows stay in SQLite", leaves_behind=True)
_NOT_VALID = Option("not_valid", "it is put back NOT VALID: it checks new rows, and these stay", leaves_behind=True)
_QUESTIONS = {
    "unique_index": "Rows of {table} are alike by the target's unique index {name}.",
    "exclusion": "Rows of {table} exclude each other by the target's {name}.",
    "partition": "Rows of {table} have no place in any partition of the target's table.",
    "refused": "The target refuses rows of {table} in a trial.",
}


def require_rules(pair: Pair, schema: str, facts: Facts, docket: Docket) -> tuple[Breach, ...]:
    """Ask about every rule that the rows break; give the checks that come back for new rows alone.

    Raises Unloadable where the table's rows stay behind.
    """
    suspended = []
    for breach in facts.breaches.get(pair.target.name, ()):
        if _ask(breach, pair.target.name, schema, docket) == "leave_table":
            raise Unloadable(f"the target's {breach.kind.replace('_', ' ')} {breach.name} does not take the rows")
        suspended.append(breach)
    return tuple(suspended)


def _ask(breach: Breach, table: str, schema: str, docket: Docket) -> str:
    where = f"{schema}.{table}" if breach.kind in ("partition", "refused") else f"{schema}.{table}.{breach.name}"
    count = "found by a trial" if breach.rows is None else counted(breach.rows, "row")
    if breach.kind == "check":
        return docket.ask(
            f"check:{where}",
            f"Rows of {table} break the target's check {breach.name}. What now?",
            f"{count} against {breach.words}; or repair the source first",
            (_NOT_VALID, _LEAVE_TABLE),
        )
    return docket.ask(
        f"{breach.kind}:{where}",
        f"{_QUESTIONS[breach.kind].format(table=table, name=breach.name)} Leave the table's rows behind?",
        f"{count}: {breach.words}; or repair the source, or change the target",
        (_LEAVE_TABLE,),
    )
