"""The end of a migration: the missing commands executed, the documents committed, the true numbers on one card.

What is committed is what pgraduate made, as it made it: never data, dumps or secrets, and never the user's own changes
that happen to lie in the same file.
"""

from __future__ import annotations

from pgraduate.finish.card import Card, card_of
from pgraduate.finish.guard import Objection, objections
from pgraduate.finish.message import commit_message
from pgraduate.finish.picture import picture

__all__ = ["Card", "Objection", "card_of", "commit_message", "objections", "picture"]
