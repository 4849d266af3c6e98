"""What a table asks of its rows that only the server could judge, and what becomes of rows that break it."""

from __future__ import annotations

from pgraduate.model.decision import Option
from pgraduate.model.wording import counted
from pgraduate.schema.docket import Docket
from pgraduate.schema.existing.columns import Unloadable
from pgraduate.schema.existing.matching import Pair
from pgraduate.schema.existing.questions import Breach, Facts

_LEAVE_TABLE = Option("leave_table", "the table's rows stay in SQLite", leaves_behind=True)
_NOT_VALID = Option("not_valid", "it is put back NOT VALID: it checks new rows, and these stay", leaves_behind=True)


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
    whole, part = f"{schema}.{table}", f"{schema}.{table}.{breach.name}"
    match breach.kind:
        case "check":
            return docket.ask(
                f"check:{part}",
                f"Rows of {table} break the target's check {breach.name}. What now?",
                f"{counted(breach.rows or 0, 'row')} against {breach.words}; or repair the source first",
                (_NOT_VALID, _LEAVE_TABLE),
            )
        case "unique_index":
            return _leave(
                f"unique_index:{part}", f"Rows of {table} are alike by the target's {breach.name}.", breach, docket
            )
        case "exclusion":
            return _leave(
                f"exclusion:{part}",
                f"Rows of {table} exclude each other by the target's {breach.name}.",
                breach,
                docket,
            )
        case "partition":
            return _leave(f"partition:{whole}", f"Rows of {table} lie outside of every partition.", breach, docket)
        case "refused":
            return _leave(f"refused:{whole}", f"The target refuses rows of {table} in a trial.", breach, docket)


def _leave(id: str, question: str, breach: Breach, docket: Docket) -> str:
    count = "found by a trial" if breach.rows is None else counted(breach.rows, "row")
    evidence = f"{count}: {breach.words}; or repair the source, or change the target"
    return docket.ask(id, f"{question} Leave the table's rows behind?", evidence, (_LEAVE_TABLE,))
