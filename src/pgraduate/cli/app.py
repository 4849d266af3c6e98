"""The command group, the signals and the last word on every error.

Verbs are imported when they are called, so that `pgraduate --help` costs no driver.  The invariant: whatever
happens, the process ends with a code of the contract, and with `--json` prints exactly one document.
"""

from __future__ import annotations

import errno
import importlib
import io
import os
import signal
import sys
import traceback
from types import FrameType
from typing import NoReturn

import click

from pgraduate.cli import output
from pgraduate.errors import Interrupted, PgraduateError, UsageError
from pgraduate.version import __version__

VERBS: dict[str, str] = {
    "run": "Carry SQLite databases into PostgreSQL and prove it.",
    "assess": "Say what would move and what needs a decision.",
    "schema": "Show the DDL, with the reason of each choice.",
    "translate": "Show a SQLite statement as PostgreSQL, with the rules that fired.",
    "backup": "Seal a SQLite database: one moment, whole and checked.",
    "verify": "Compare a run's target with its sealed source again.",
    "maintain": "Look after the server, and prove that its backup restores.",
    "archive": "Seal a retired SQLite database for the years to come.",
    "document": "Write the project's documents from the journal.",
    "finish": "Prove the commands, write the documents, commit, celebrate.",
    "doctor": "Say what is wrong, what changed, and what to do in which order.",
    "tune": "Statements, indexes, settings, tables: each change is proven first.",
    "status": "Say where one stands and what comes next.",
    "report": "Render a run's journal as HTML, Markdown and JSON.",
    "undo": "Take a step or a run back; the catalog is then as it was.",
    "uninstall": "List and remove what pgraduate left in a database.",
    "server": "Start, stop and remove the embedded PostgreSQL.",
    "demo": "Walk the journey on the sample application.",
}
"""Every verb with its line in `--help`, in the order of the journey."""


_OF_THE_SYSTEM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})
"""Errors of the system that no program can foresee and that are no defect of this one."""


class Verbs(click.Group):
    """A group whose commands are modules of this package, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"pgraduate.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; for one that there is not, name those that are spelled much like it."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = " or ".join(get_close_matches(args[0], VERBS, n=2))
            ctx.fail(f"there is no verb '{args[0]}'" + (f"; did you mean {close}?" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    "pgraduate",
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with:  pgraduate run app.db",
)
@click.version_option(__version__, prog_name="pgraduate")
def group() -> None:
    """Take an application from SQLite into production on PostgreSQL, and prove every step."""


def start() -> NoReturn:
    """Run the command of sys.argv and end the process."""
    _know_utf8()
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    as_json = "--json" in sys.argv[1:]
    try:
        code = group.main(prog_name="pgraduate", standalone_mode=False)
    except PgraduateError as error:
        code = output.failure(error, as_json=as_json)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        code = output.failure(UsageError(error.format_message(), hint=_advice(error)), as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        interrupted = Interrupted("stopped on request", hint="the same command goes on where this one stopped")
        code = output.failure(interrupted, as_json=as_json)
    except BrokenPipeError:
        _write_nowhere()
        code = 1
    except Exception as error:  # noqa: BLE001 - the last line: a defect is reported, not hidden
        code = output.failure(_unforeseen(error), as_json=as_json)
    sys.exit(code if isinstance(code, int) else 0)


def _know_utf8() -> None:
    """Begin again in Python's UTF-8 mode where names of files would be read as ASCII, as in the locale C.

    Python does so by itself unless it is told not to; the child processes are to read the same names.
    """
    if sys.getfilesystemencoding() == "ascii":
        command = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        os.execve(sys.executable, command, {**os.environ, "PYTHONUTF8": "1"})
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _unforeseen(error: Exception) -> PgraduateError:
    """Describe what no module expected: a system that takes no more, else a defect, with its traceback."""
    if not isinstance(error, OSError) or error.errno not in _OF_THE_SYSTEM:
        traceback.print_exception(error)
        return output.defect(error)
    if error.filename is None:  # standard output may be what is full
        _write_nowhere()
    return PgraduateError(
        f"the system takes no more: {error.strerror}",
        where=str(error.filename or "standard output, or a file behind it"),
        hint="make room, then say the same again; what was done stays done",
    )


def _write_nowhere() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _advice(error: click.ClickException) -> str:
    """Name the help that tells."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{context.command_path if context else 'pgraduate'} --help"


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """The first signal stops in good order; the second one ends the process as it stands."""
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    raise KeyboardInterrupt


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(130)
