"""A project's own documents about its database, written from a run's journal and from nothing else.

A command is written down only if the journal holds a successful execution of it; a figure that no step measured reads
"not measured"; a goal that was missed reads "missed".  `tell` makes a Story of a journal, `render` makes texts of a Story,
and both give the same for the same journal, so that running again changes only what changed.
"""

from __future__ import annotations

from pgraduate.document.commands import Command, Execution, commands, execute
from pgraduate.document.evidence import Evidence
from pgraduate.document.render import Extras, render
from pgraduate.document.statistics import measure
from pgraduate.document.story import Story
from pgraduate.document.telling import tell
from pgraduate.document.writing import WriteDocuments, plan_documents

__all__ = [
    "Command",
    "Evidence",
    "Execution",
    "Extras",
    "Story",
    "WriteDocuments",
    "commands",
    "execute",
    "measure",
    "plan_documents",
    "render",
    "tell",
]
