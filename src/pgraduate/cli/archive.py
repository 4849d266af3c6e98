"""`pgraduate archive`: seal a retired database, and list, verify and restore what was sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output
from pgraduate.model.figure import render
from pgraduate.model.wording import counted

_into = click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory of the archives (default: .pgraduate/archives).",
)
_identity = click.option(
    "--identity",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="age's key file, to open an archive that age encrypted.",
)


class _MakingByDefault(click.Group):
    """`archive app.db` is `archive make app.db`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group("archive", cls=_MakingByDefault, short_help="Seal a retired SQLite database for the years to come.")
def command() -> None:
    """Seal a database that nobody writes any more: `archive app.db` is `archive make app.db`.

    \b
    Examples:
      pgraduate archive app.db
      pgraduate archive app.db --remove
      pgraduate archive list
    """


@command.command("make")
@click.argument("source", type=click.Path(path_type=Path, readable=False))
@click.option("--window", type=click.FloatRange(0.1, 86400), default=5.0, help="Seconds to watch for a writer (5).")
@_into
@click.option("--encrypt", metavar="TOOL:RECIPIENT", help="Encrypt with age or gpg.")
@_identity
@click.option("--remove", is_flag=True, help="Put a directory that stops late writers in the original's place.")
@click.option(
    "--accept",
    multiple=True,
    type=click.Choice(["references", "changes"]),
    help="Remove although the name is still found, or although PostgreSQL does not hold the same.",
)
@click.option("--run", "run_id", metavar="ID", help="The run that it belongs to (default: the target's last).")
@options.on_target
def make(
    call: options.Call,
    source: Path,
    window: float,
    into: Path | None,
    encrypt: str | None,
    identity: Path | None,
    remove: bool,
    accept: tuple[str, ...],
    run_id: str | None,
) -> int:
    """Prove that nobody writes a database, archive it, restore it elsewhere and compare; the original stays.

    \b
    Examples:
      pgraduate archive make app.db
      pgraduate archive make app.db --encrypt age:age1… --identity key.txt --remove
    """
    from pgraduate.journey.archiving import Wish, archive_source

    wish = Wish(window, into, encrypt, identity, remove, accept)
    document = archive_source(source, call.settings(), wish, run_id, sink=call.sink())
    return call.emit(document, _made)


@command.command("list")
@_into
@options.project
@options.as_json
def list_(into: Path | None, project: Path | None, as_json: bool) -> int:
    """List the archives, from their manifests.

    \b
    Example:
      pgraduate archive list
    """
    from pgraduate.journey.archiving import list_archives

    return output.emit(list_archives(options.settings(project), into), _listed, as_json=as_json)


@command.command("verify")
@click.argument("name")
@_into
@_identity
@options.project
@options.as_json
def verify(name: str, into: Path | None, identity: Path | None, project: Path | None, as_json: bool) -> int:
    """Restore an archive to a temporary place and compare bytes, integrity, rows and digests.

    \b
    Example:
      pgraduate archive verify app-2026-11-28
    """
    from pgraduate.journey.archiving import verify_archive

    document = verify_archive(options.settings(project), name, into, identity)
    return output.emit(document, lambda found: f"verified  {_line(found['archive'])}", as_json=as_json)


@command.command("restore")
@click.argument("name")
@click.option(
    "-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The new file."
)
@_into
@_identity
@options.project
@options.as_json
def restore(
    name: str, file: Path, into: Path | None, identity: Path | None, project: Path | None, as_json: bool
) -> int:
    """Restore an archive as a new file, after it was compared.

    \b
    Example:
      pgraduate archive restore app-2026-11-28 -o restored.db
    """
    from pgraduate.journey.archiving import restore_archive

    document = restore_archive(options.settings(project), name, file, into, identity)
    return output.emit(document, lambda found: f"restored  {found['restored']}", as_json=as_json)


def _made(document: dict[str, Any]) -> str:
    archive, proof = document["archive"], document["proof"]
    lines = [
        output.title(f"archived {document['source']}", good=document["exit_code"] == 0),
        "",
        f"archive   {archive['directory']}",
        f"holds     {counted(archive['rows'], 'row')} in {counted(len(archive['tables']), 'table')}, "
        f"{render(archive['bytes'], 'bytes')} packed to {render(archive['packed_bytes'], 'bytes')}",
        f"verified  {_verified(archive)}",
        f"writers   none in {render(proof['window_seconds'], 'seconds')}{_unseen(proof)}",
        f"run       {_CARRIED[document['carried']]}",
        f"original  {'removed; a directory of its name stops late writers' if document['removed'] else 'kept'}",
    ]
    programs = [item for item in proof["references"] or () if item["kind"] == "program"]
    if proof["references"] is None:
        lines.append("names     not searched: no git repository")
    elif programs:
        lines += ["", "these lines still name it:"]
        lines += [f"  {item['file']}:{item['line']}" for item in programs]
    return "\n".join(lines)


_CARRIED = {
    True: "PostgreSQL was verified to hold exactly this",
    False: "PostgreSQL was verified to hold an earlier state; `pgraduate verify --since` shows the difference",
    None: "no run of this target has verified this database",
}


def _verified(archive: dict[str, Any]) -> str:
    through = archive["verified"]["through_encryption"]
    return (
        "restored and compared" if through else "restored and compared before its encryption: the key is not here"
    )


def _unseen(proof: dict[str, Any]) -> str:
    count = proof["unseen_processes"]
    if count is None:
        return "; open files cannot be seen here"
    noun = "process" if count == 1 else "processes"
    return f"; {count:,} {noun} of other users could not be looked into" if count else ""


def _listed(document: dict[str, Any]) -> str:
    if not document["archives"]:
        return f"no archives in {document['directory']}"
    return "\n".join(_line(item) for item in document["archives"])


def _line(item: dict[str, Any]) -> str:
    locked = f", encrypted with {item['encryption']['tool']}" if item["encryption"] else ""
    return (
        f"{item['name']}  {counted(item['rows'], 'row')} in {counted(len(item['tables']), 'table')}, "
        f"{render(item['packed_bytes'], 'bytes')}{locked}"
    )
