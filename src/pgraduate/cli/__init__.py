"""One thin module per verb: parse, call, render.

Results go to stdout, everything else to stderr; `--json` prints one document, also for a failure.  Nothing here
knows how a thing is done.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line and end the process with the exit code of its contract."""
    from pgraduate.cli.app import start

    start()
