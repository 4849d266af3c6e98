"""`pgraduate translate`: a statement as PostgreSQL, checked and compared where that is asked for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks
from pgraduate.errors import UsageError
from pgraduate.model.wording import counted

_FILE = click.Path(path_type=Path, readable=False)


@click.command("translate", short_help="Show a SQLite statement as PostgreSQL, with the rules that fired.")
@click.argument("statements", nargs=-1, metavar="[SQL]...")
@click.option("-f", "--file", "file", metavar="FILE", help="Read the statements from a file, - for standard input.")
@click.option("--schema", "schema", metavar="DB", type=_FILE, help="The SQLite file that has the tables.")
@click.option("--explain", is_flag=True, help="Show the rules that fired and what is worth knowing.")
@click.option(
    "-p",
    "--parameters",
    metavar="CLASSES",
    help="Storage classes of the bound values in their order: integer,text,null ...",
)
@click.option("--check", is_flag=True, help="Let the target PREPARE each translation; nothing is executed.")
@click.option(
    "--compare", metavar="DB", type=_FILE, help="Run each statement on this file's data in both engines; compare."
)
@click.option("--sequence", is_flag=True, help="With --compare: each statement meets what those before it left.")
@options.show_values
@options.target
@options.shaping
@options.project
@options.quiet
@options.as_json
def command(
    statements: tuple[str, ...],
    file: str | None,
    schema: Path | None,
    explain: bool,
    parameters: str | None,
    check: bool,
    compare: Path | None,
    sequence: bool,
    show_values: bool,
    target: str | None,
    policy: str | None,
    identifiers: str | None,
    target_schema: str | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> int:
    """Show SQLite statements as PostgreSQL.

    A construct without a known meaning in PostgreSQL is refused by its name, never passed through. With --compare
    the statements run on copies of both sides' data, and names, values, classes, order and state must agree.

    \b
    Examples:
      pgraduate translate "SELECT date('now', '-7 days')"
      pgraduate translate --schema app.db --explain -f queries.sql
      pgraduate translate --schema app.db --check --to env -f queries.sql
      pgraduate translate --compare app.db -f queries.sql --show-values
    """
    from pgraduate.journey.statements import compare_sql, translate_sql

    script = _script(statements, file)
    settings = options.settings(project, target, policy, identifiers, target_schema, **selection)
    sink = sinks.choose(quiet=quiet)
    if compare is not None:
        if schema is not None or check or parameters is not None:
            raise UsageError("--compare stands without --schema, --check and --parameters")
        document = compare_sql(script, compare, settings, sequence=sequence, show_values=show_values, sink=sink)
        return output.emit(document, compared, as_json=as_json)
    if sequence or show_values:
        raise UsageError("--sequence and --show-values belong to --compare")
    classes = parameters.split(",") if parameters is not None else None
    document = translate_sql(script, settings, source=schema, check=check, parameters=classes, sink=sink)
    return output.emit(document, explained if explain else text, as_json=as_json)


def _script(statements: tuple[str, ...], file: str | None) -> str:
    if (file is None) is not bool(statements):
        raise UsageError(
            "name statements, or a file of them with -f",
            hint='pgraduate translate "SELECT 1", or -f - for standard input',
        )
    if file is None:
        # Each argument ends a statement, also one that ends in a comment, and counts as a line.
        return "\n;".join(statements)
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror}", where=file) from None
    except UnicodeDecodeError:
        raise UsageError("the file is not UTF-8 text", where=file) from None


def text(document: dict[str, Any]) -> str:
    return "\n\n".join("\n".join(_statement(item)) for item in document["statements"])


def explained(document: dict[str, Any]) -> str:
    return "\n\n".join(
        "\n".join([*_commented(item["statement"]), *_explanation(item), *_statement(item)])
        for item in document["statements"]
    )


def _statement(item: dict[str, Any]) -> list[str]:
    if not item["translated"]:
        return [*_refused(item), *_commented(item["statement"])]
    check = item["check"]
    said = (
        [f"-- refused by the target: {check['sqlstate']} {check['message']}"]
        if check and not check["accepted"]
        else []
    )
    return [*said, *(f"{line};" for line in item["postgresql"])]


def _refused(item: dict[str, Any]) -> list[str]:
    hint = f"; {item['hint']}" if item["hint"] else ""
    return [f"-- not translated (line {item['line']}): {item['construct']}{hint}"]


def _explanation(item: dict[str, Any]) -> list[str]:
    if not item["translated"]:
        return []
    lines = [f"--   rule: {rule}" for rule in item["rules"]]
    return lines + [f"--   {found['code']}: {found['what']}" for found in item["findings"]]


def _commented(statement: str) -> list[str]:
    return [f"-- {line}" for line in statement.splitlines()]


def compared(document: dict[str, Any]) -> str:
    lines: list[str] = []
    for item in document["statements"]:
        found = item["comparison"]
        lines.append(f"{found['outcome']:<14}  line {item['line']}: {' '.join(item['statement'].split())}")
        if not item["translated"]:
            lines.append(f"    {item['construct']}" + (f"; {item['hint']}" if item["hint"] else ""))
        if difference := found["difference"]:
            lines.append(f"    {difference['aspect']}: {difference['what']}")
            lines += [f"    {side:<10} {difference[key]}" for side, key in _SIDES if difference[key]]
    totals = document["totals"]
    return "\n".join(
        [
            *lines,
            "",
            f"{counted(totals['statements'], 'statement')}: {totals['identical']} identical, "
            f"{totals['not_translated']} not translated, {totals['different']} different",
        ]
    )


_SIDES = (("SQLite", "sqlite"), ("PostgreSQL", "postgres"))
