"""Failures of operation, which no small file shows: each is held by a test of its own, named here.

`TESTS` names them by `path::function`; a test asks that each exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class HeldBy:
    number: str
    trigger: str
    test: str
    outcome: str


CASES: Sequence[HeldBy] = (
    HeldBy("50", "a writer is at work while the file is copied, in either journal mode",
           "tests/sqlite/sqlite/test_sealing.py::test_a_busy_source_gives_one_consistent_moment",
           "the sealed copy is one moment of the file"),
    HeldBy("50", "rows that stand only in the `-wal`",
           "tests/journey/bad_input/test_sources.py::test_rows_that_stand_only_in_the_wal_arrive", "they arrive"),
    HeldBy("50", "a hot rollback journal", "tests/journey/bad_input/test_sources.py::"
           "test_a_hot_journal_is_recovered_on_a_private_copy", "recovered on a private copy; the source is not touched"),
    HeldBy("51", "the tool is run twice", "tests/journey/first_run/test_run.py::test_a_finished_run_is_not_repeated",
           "refused (5); nothing changes"),
    HeldBy("51", "killed, and run again",
           "tests/journey/resume/test_resume.py::test_killed_at_a_random_moment_the_same_command_ends_equal",
           "it goes on, and no row is copied twice"),
    HeldBy("51", "a path where no file is", "tests/sqlite/sqlite/test_unusable_sources.py::test_a_missing_file_is_named",
           "named as missing (6); no empty database is made"),
    HeldBy("52", "224 indexes and 25 rows", "tests/journey/objects/test_many_small_objects.py::"
           "test_two_hundred_indexes_cost_no_connection_each", "one connection makes them all"),
    HeldBy("53", "a value differs after the load", "tests/journey/first_run/test_run.py::"
           "test_verify_names_a_changed_row_by_its_key", "the row is named, and the exit code is 4"),
    HeldBy("53", "a table, a view or a key is gone from the target", "tests/postgres/compare/test_objects.py::*",
           "it is listed as not carried, with that reason"),
    HeldBy("54", "a password in DATABASE_URL", "tests/journey/secrets/test_canary.py::"
           "test_a_password_in_the_environment_appears_nowhere", "it is used, by SCRAM, and appears nowhere"),
    HeldBy("54", "a wrong password", "tests/journey/bad_input/test_targets.py::test_a_wrong_password",
           "said without it (7)"),
    HeldBy("54", "a password with `@ $ : / %`, `?` and a space, in a URL",
           "tests/journey/objects/test_awkward_passwords.py::test_a_password_of_awkward_characters_opens_the_target",
           "libpq reads the URL; the run ends equal"),
    HeldBy("58", "rows go through the ORM", "tests/journey/existing/test_django.py::"
           "test_the_models_work_on_the_result_and_undo_brings_back_what_migrate_left",
           "rows go from table to table: no signal fires, content types are the source's, cycles load"),
    HeldBy("58", "foreign keys in a circle, triggers awake", "tests/journey/existing/test_mismatches.py::"
           "test_cycles_load_under_a_plain_owner_and_every_constraint_stands_as_before",
           "they load under a plain owner, and every constraint stands as before"),
    HeldBy("59", "the target stands at another migration than the source", "tests/journey/existing/test_alembic.py::"
           "test_another_revision_is_a_question_and_the_same_one_brings_the_models_over",
           "a question (5) before anything is written"),
    HeldBy("59", "a framework's list of migrations is in both", "tests/journey/existing/test_given_sql.py::test_rails",
           "the target's stays, and is compared with the source's"),
)  # fmt: skip


def table() -> str:
    """Give the cases as a table in Markdown."""
    lines = ["| Case | Trigger | Test | Outcome |", "|---|---|---|---|"]
    lines += [f"| {case.number} | {case.trigger} | `{case.test}` | {case.outcome} |" for case in CASES]
    return "\n".join(lines)
