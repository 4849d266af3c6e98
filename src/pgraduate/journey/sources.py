"""The sources of a run and the schema that each of them becomes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pgraduate.errors import SourceUnusable, UsageError
from pgraduate.model.plan import SchemaPlan
from pgraduate.model.wording import visible
from pgraduate.postgres.identifiers import fold
from pgraduate.postgres.runs import RunSource
from pgraduate.settings import Identifiers, Settings

_RESERVED = {"pgraduate", "pgraduate_compat", "information_schema"}

SealedSource = tuple[RunSource, SchemaPlan]
"""A sealed source with what it becomes."""


@dataclass(frozen=True, slots=True)
class Source:
    """`path` is resolved: a source is the same one whatever name it is called by."""

    path: Path
    name: str
    schema: str


def name_sources(paths: Sequence[str | Path], settings: Settings) -> tuple[Source, ...]:
    """Resolve the files and name their schemas; raise UsageError where two would have one name.

    Sources that are merged have names of their own as well: their sealed copies and every question go by them.
    """
    if not paths:
        raise UsageError("no source is named", hint="pgraduate run app.db")
    if len(paths) > 1:
        settings = replace(settings, target_schema=None)
    exact = settings.identifiers is Identifiers.EXACT
    sources: dict[str, Source] = {}
    for given in paths:
        path = _resolved(Path(given))
        schema = settings.target_schema or schema_name(path.stem, exact=exact)
        if schema in sources and sources[schema].path == path:
            raise UsageError("the same file is named twice", where=visible(str(path)), hint="name it once")
        if schema in sources:
            raise UsageError(
                f"{sources[schema].path} and {path} would both become schema {schema}",
                hint="migrate them one by one, each with its own --target-schema; to merge them, copy one to another name",
            )
        sources[schema] = Source(path, path.stem, schema)
    return tuple(sources.values())


def _resolved(path: Path) -> Path:
    """Follow links to the file itself, which is what is locked, sealed and named."""
    try:
        resolved = path.resolve(strict=False)
        str(resolved).encode()  # the schema, the target's records and the reports name it
    except UnicodeEncodeError as error:
        raise _unspeakable(path) from error
    except (RuntimeError, OSError) as error:
        # Python before 3.13 says RuntimeError where a link leads to itself.
        raise SourceUnusable("the link leads to itself", where=str(path), hint="name the file itself") from error
    return resolved


def _unspeakable(path: Path) -> SourceUnusable:
    """Tell a name whose bytes are no text from a Python that was told to know ASCII alone."""
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        return SourceUnusable(
            f"this Python reads the names of files as {encoding}, and this one is not",
            where=visible(str(path)),
            hint="start it with PYTHONUTF8=1",
        )
    return SourceUnusable(
        "the path is not valid UTF-8, so neither a schema nor a record could bear its name",
        where=visible(str(path)),
        hint="rename the file or directory",
    )


def schema_name(stem: str, *, exact: bool = False) -> str:
    """Fold a file's stem to a schema name that PostgreSQL and pgraduate do not keep for themselves."""
    name = fold(stem, exact=exact)
    if name.startswith("pg_") or name in _RESERVED:
        return fold(f"db_{name}", exact=exact)
    return name
