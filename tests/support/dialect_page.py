"""docs/dialect.md: what the statement suite found, row by row, with every difference and every refused construct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from support.translate_suite import POLICIES, Case, Row

from pgraduate.translate import Comparison, Outcome, Untranslated

Outcomes = Mapping[str, Mapping[Case, Comparison]]
_OUTCOMES = (Outcome.IDENTICAL, Outcome.NOT_TRANSLATED, Outcome.DIFFERENT)


def page(rows: Sequence[Row], outcomes: Outcomes) -> str:
    """Write the page from the outcomes of every statement under every policy."""
    lines = [
        "# The dialect",
        "",
        "Generated from the statement suite (`tests/postgres/translate/suite/`); a test holds it against the outcomes.",
        "",
        "Each statement runs on SQLite and, translated, on PostgreSQL, over the same data. *Identical* means that names,",
        "values, storage classes, the order where one is asked for, failures and the state of all tables afterwards agree.",
        "*Not translated* statements are refused by the construct's name before anything runs. *Different* ones are listed",
        "below with the reason. Under `faithful` types follow affinity; under `declared` also the declarations that every",
        "value proves.",
        "",
        "The rule of counting: a refused statement that SQLite itself refuses (a function, collation or table that it does",
        "not have, MATCH over a table that it does not search, a value that a STRICT table does not take) fails on both",
        "sides, and counts as identical.",
        "",
        "| | Statements | "
        + " | ".join(f"{policy}: {outcome}" for policy in POLICIES for outcome in _OUTCOMES)
        + " |",
        "|---|---:|" + "---:|" * (len(POLICIES) * len(_OUTCOMES)),
        *(_line(row.title, row.cases, outcomes) for row in rows),
        _line("**all**", [case for row in rows for case in row.cases], outcomes, percent=True),
        "",
        "## Differences",
        "",
        "| Statement | Policy | Seen as | Because |",
        "|---|---|---|---|",
        *_differences(rows, outcomes),
        "",
        "## Refused constructs",
        "",
        "| Construct | For example |",
        "|---|---|",
        *_refusals(rows, outcomes),
        "",
        "What no single statement shows (transactions, locks, connections, parameters of the driver, the speed of many",
        "small statements) is not in this table.",
        "",
    ]
    return "\n".join(lines)


def _line(title: str, cases: Sequence[Case], outcomes: Outcomes, *, percent: bool = False) -> str:
    cells = [title, str(len(cases))]
    for policy in POLICIES:
        counts = Counter(outcomes[policy][case].outcome for case in cases)
        cells += [_count(counts[outcome], len(cases), percent) for outcome in _OUTCOMES]
    return "| " + " | ".join(cells) + " |"


def _count(count: int, total: int, percent: bool) -> str:
    return f"{count} ({100 * count / total:.1f} %)" if percent else str(count) if count else ""


def _differences(rows: Sequence[Row], outcomes: Outcomes) -> Iterator[str]:
    for row in rows:
        for case in row.cases:
            under = {
                policy: found for policy in POLICIES if (found := outcomes[policy][case].difference) is not None
            }
            for policy, difference in under.items():
                if policy == next(iter(under)):
                    policies = "both" if len(under) == len(POLICIES) else policy
                    reason = case.under(policy).why or "not explained yet"
                    yield f"| {_code(case.text)} | {policies} | {difference.aspect} | {reason} |"


def _refusals(rows: Sequence[Row], outcomes: Outcomes) -> Iterator[str]:
    examples: dict[str, str] = {}
    for row in rows:
        for case in row.cases:
            for policy in POLICIES:
                found = outcomes[policy][case].found
                if isinstance(found, Untranslated):
                    examples.setdefault(found.construct.rstrip(","), case.text)
    for construct, example in sorted(examples.items(), key=lambda item: item[0].lower()):
        yield f"| {construct.replace('|', chr(92) + '|')} | {_code(example)} |"


def _code(text: str) -> str:
    shown = text if len(text) <= 110 else text[:107] + "..."
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown}{fence}".replace("|", "\\|")
