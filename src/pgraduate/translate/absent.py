"""CREATE … IF NOT EXISTS for what PostgreSQL makes only without it: looked at on the server, when the statement runs.

Whether the object stands there is a question to the database at that moment, not to the file that was planned; so one
DO block asks and acts.  The invariant: an object that exists is left as it is, however it was defined.
"""

from __future__ import annotations

from collections.abc import Sequence

from pgraduate.dialect.identifiers import literal
from pgraduate.dialect.reading.tokens import Token


def is_conditional(tokens: Sequence[Token]) -> bool:
    """Say whether IF NOT EXISTS stands behind `CREATE [TEMP] KIND`."""
    words = tokens[2:5] if not tokens[1].is_word("TEMP", "TEMPORARY") else tokens[3:6]
    return len(words) == 3 and all(map(Token.is_word, words, ("IF", "NOT", "EXISTS")))


def unless_there(kind: str, name: str, texts: Sequence[str]) -> str:
    """Wrap statements so that they run where nothing has this name.

    `kind` is the one that PostgreSQL's `to_reg…` functions know: class, procedure.
    """
    body = "\n".join(f"{text};" for text in texts)
    tag = "$pgraduate$"
    while tag in body:
        tag = f"{tag[:-1]}_$"
    return f"DO {tag}\nBEGIN\nIF pg_catalog.to_reg{kind}({literal(name)}) IS NULL THEN\n{body}\nEND IF;\nEND\n{tag}"
