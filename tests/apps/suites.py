"""An application's own test-suite, in an environment of its own, with a hook in front of it.

A hook is a folder that stands first on PYTHONPATH: the recorder here, and in the same way anything else that an
unchanged application is to be run with.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from catalog import HERE, Application

RECORDER = HERE / "recorder"


def environment(app: Application, cache: Path, packages: Sequence[str] = ()) -> Path:
    """Make the application's environment where its requirements are new; give its Python.

    `packages` are what pip shall install beside them; such an environment is another one.
    """
    place = cache / ("venv-with" if packages else "venv") / app.name
    python = place / "bin" / "python"
    stamp = place / "requirements"
    common = (HERE / "requirements" / "common.txt").read_text("utf-8")
    wanted = f"{sys.version}\n{packages}\n{common}{app.requirements.read_text('utf-8')}"
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--requirement", str(app.requirements), *packages], check=True)
        stamp.write_text(wanted, "utf-8")
    return python


def run_suite(app: Application, cache: Path, hook: Path, variables: Mapping[str, str]) -> str:
    """Run the tests behind a hook; give pytest's closing line, or end the program where a test fails."""
    with nullcontext() if app.local else tidied(app.root(cache)):
        done = run_pytest(app, cache, hook, variables)
    if done.returncode:
        sys.exit(f"{app.name}: its own tests fail:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    return done.stdout.strip().splitlines()[-1].strip("= ")


@contextmanager
def tidied(root: Path) -> Iterator[None]:
    """Remove what the tests leave in their folder: the next run shall find no database of this one."""
    before = set(root.rglob("*"))
    yield
    for path in sorted(set(root.rglob("*")) - before, reverse=True):
        path.unlink() if path.is_file() or path.is_symlink() else path.rmdir()


def run_pytest(
    app: Application,
    cache: Path,
    hook: Path,
    variables: Mapping[str, str],
    arguments: Sequence[str] = (),
    *,
    packages: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the tests behind a hook, whatever becomes of them."""
    root = app.root(cache)
    _stop_search_for_configuration(cache)
    python = environment(app, cache, packages)
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(root), *arguments]
    command += app.tests
    for name in app.deselect:
        command += ["--deselect", name]
    for folder in app.folders:
        (root / folder).mkdir(exist_ok=True)
    paths = os.pathsep.join([str(hook), str(root)])
    return subprocess.run(
        command,
        cwd=root,
        env={**os.environ, **variables, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


def _stop_search_for_configuration(cache: Path) -> None:
    """Keep pytest, which looks for its configuration upwards, from finding the one of this tree."""
    (cache / "pytest.ini").write_text("[pytest]\n", "utf-8")
