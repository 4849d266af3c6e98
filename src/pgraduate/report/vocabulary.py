"""The names that steps and reports agree on: which facts a step writes, and what stands in each.

A fact is a JSON object; a key that is missing reads "not measured" (a number) or is left out (a text).  Verbs not
named here appear in a report with their outcome, time, figures and findings.

assess   `SOURCE` per source: name, path, bytes, encoding, tables, views, triggers, indexes, journal_mode
backup   `SEALED` per source: source, digest, bytes
schema   `COLUMNS` per table: schema, table (the target's names), columns: {name, type, representation, reason,
         refuses}, where `refuses` are the writes that succeeded in SQLite and would now fail
schema   `PLAN` per source: source, schema, tables (how many will be loaded and compared), objects: {carried,
         translated, not_carried}, where one that did not occur may be left out; may write `OBJECT` as planned,
         for runs that stop before they verify
copy     `TABLE_COPIED` per table: source, schema, name (the target's), rows, bytes, seconds; the totals of the
         whole table, also when a resume loaded only the rest
verify   `TABLE`, `VIEW`, `OBJECT`: the JSON of TableResult, ViewResult and ObjectResult; `VERDICT` once, last:
         verdict, exit_code, why (one sentence or a list of them), equal_means (what "equal" says of each richer type)
archive  `ARCHIVE` per archive: source, path, name, directory, made_at, tables, rows, bytes, packed_bytes, digest,
         encrypted, verified_at, carried (whether a run verified this very digest), window, unseen, references
document `STATISTICS`: tables, indexes, views, triggers, rows, bytes of the run's schemas; `CODE`: files, lines added,
         lines removed, commits
finish   `COMMAND` per executed command: purpose, text (as it is printed), exit_code, seconds
any      `TIMING`: what, before, after (seconds); `TESTS`: passed before, passed after, failed after

One verify step compares everything that the run holds: a report takes the last one's results and never mixes two.
"""

from __future__ import annotations

SOURCE = "source"
SEALED = "sealed"
PLAN = "plan"
COLUMNS = "columns"
TABLE_COPIED = "table copied"
TABLE = "table"
VIEW = "view"
OBJECT = "object"
VERDICT = "verdict"
ARCHIVE = "archive"
STATISTICS = "statistics"
CODE = "code changes"
COMMAND = "command"
TIMING = "timing"
TESTS = "tests"
DRILL = "restore drill"
CHECKED = "health snapshot"
MAINTAINED = "upkeep"
RETENTION = "retention"

VERIFY = "verify"
SCHEMA = "schema"
UNDO = "undo"
WRITING_VERBS = frozenset({"copy", "restore", "undo"})
"""Verbs that change the target's rows: what was compared before them says nothing about it any more.  A schema
step does so, too, where it performed an operation; one that only plans does not.  An undo does not where its fact says
that it took back no operation over the database."""
