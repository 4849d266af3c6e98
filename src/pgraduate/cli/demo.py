"""`pgraduate demo`: the journey on the sample application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks
from pgraduate.cli.run import text as result


@click.command("demo", short_help="Walk the journey on the sample application.")
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("pgraduate-demo"),
    show_default=True,
    help="Where to build it.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="The sample's seed.")
@click.option("--size", default="small", show_default=True, help="small, medium, large, or a number of workflows.")
@options.quiet
@options.as_json
def command(directory: Path, seed: int, size: str, quiet: bool, as_json: bool) -> int:
    """Build the sample's two databases, dirty rows included, and carry them to an embedded PostgreSQL.

    Ends with 0 when the verdict is "equal", and says how the run itself ended and why.

    \b
    Examples:
      pgraduate demo
      pgraduate demo --dir /tmp/demo --size medium
    """
    from pgraduate.journey.demo import demo

    document = demo(directory, seed=seed, size=size, sink=sinks.choose(quiet=quiet))
    code = document["exit_code"]
    succeeded = document["verdict"] == "equal" and code in (0, 3)
    output.emit(document, text, as_json=as_json)
    return 0 if succeeded else int(code)


def text(document: dict[str, Any]) -> str:
    code = document["exit_code"]
    meaning = {0: "everything arrived", 3: "everything arrived; what it asks you to know is listed above"}
    return f"{result(document)}\nthe run itself ended with exit code {code}: {meaning.get(code, 'see above')}"
