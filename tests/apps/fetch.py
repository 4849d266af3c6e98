"""The pinned sdist of an application, checked and unpacked; the invariant: nothing unpacked ever had another digest."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from catalog import Application


def fetch(app: Application, cache: Path) -> None:
    """Bring an application's sources into the cache, unless they are there."""
    place = cache / "source" / app.name
    if app.local or place.is_dir():
        return
    archive = _archive(app, cache)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != app.sha256:
        sys.exit(f"{archive.name} has the digest {digest}, and {app.sha256} is expected")
    with tempfile.TemporaryDirectory(dir=cache) as work, tarfile.open(archive) as file:
        file.extractall(work, filter="data")
        (unpacked,) = Path(work).iterdir()
        place.parent.mkdir(exist_ok=True)
        shutil.move(unpacked, place)


def _archive(app: Application, cache: Path) -> Path:
    """Download the sdist through pip, so that its own configuration says where from."""
    folder = cache / "sdist" / app.name
    if not any(folder.glob("*.tar.gz")):
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
        options = ["--no-binary", app.distribution, "--dest", str(folder)]
        subprocess.run([*pip, *options, f"{app.distribution}=={app.version}"], check=True)
    (archive,) = folder.glob("*.tar.gz")
    return archive
