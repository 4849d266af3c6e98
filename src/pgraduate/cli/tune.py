"""`pgraduate tune`: statements, indexes, settings and tables of a target, each change proven by execution."""

from __future__ import annotations

import click

from pgraduate.cli import tune_indexes, tune_settings, tune_statements, tune_tables


@click.group("tune", short_help="Statements, indexes, settings, tables: each change is proven first.")
def command() -> None:
    """Make a target faster: what is slow and why, indexes, settings, parameters of tables.

    \b
    Examples:
      pgraduate tune statements --workload recorded.jsonl
      pgraduate tune indexes plan --workload recorded.jsonl
      pgraduate tune indexes apply
      pgraduate tune settings plan
      pgraduate tune tables plan
    """


command.add_command(tune_statements.command)
command.add_command(tune_indexes.command)
command.add_command(tune_settings.command)
command.add_command(tune_tables.command)
