"""A template for a server in a container: docker-compose.yml, its environment's example, its first-start script.

No file holds a secret: passwords come from `.env`, which Compose reads and which the user writes.  The files
are shipped as they are, so that what is reviewed here is what the user gets.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pgraduate.errors import Refused

_TEMPLATES = {
    "docker-compose.yml": "docker-compose.yml",
    ".env.example": "env.example",
    "docker-initdb.d/10-owner.sh": "10-owner.sh",
}


def write_compose(directory: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write the template's files below a directory and give their paths; files that are already so stay.

    Raises Refused, before anything is written, where a different file is in the way and `force` is not given.
    """
    texts = {
        directory / name: files("pgraduate.cluster").joinpath("templates", template).read_text("utf-8")
        for name, template in _TEMPLATES.items()
    }
    changed = [path for path, text in texts.items() if path.exists() and path.read_bytes() != text.encode()]
    if changed and not force:
        raise Refused(
            "files of that name exist and hold something else",
            where=", ".join(map(str, changed)),
            hint="name another directory, or --force to overwrite them",
        )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tuple(texts)
