"""Servers that a test may make, break and leave: all of them are removed after it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pgraduate.cluster import Embedded, places


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where servers go whose account cannot reach their project; short and open, like the real one."""
    directory = Path(tempfile.mkdtemp(prefix="pgo", dir="/tmp"))
    directory.chmod(0o755)
    monkeypatch.setattr(places, "OUTSIDE", directory)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that every user may enter, which tmp_path is not."""
    directory = Path(tempfile.mkdtemp(prefix="pgp", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def embedded(outside: Path, open_directory: Path) -> Iterator[Callable[[Path], Embedded]]:
    """Makes servers; they are gone before the directories that they are in."""
    with ExitStack() as stack:

        def make(directory: Path) -> Embedded:
            server = Embedded(directory, fsync=False)
            stack.callback(server.remove)
            return server

        yield make


@pytest.fixture
def server_in(embedded: Callable[[Path], Embedded], tmp_path: Path) -> Embedded:
    """A server of a project that only its user may enter."""
    return embedded(tmp_path / "project" / ".pgraduate" / "server")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Embedded, Path]]:
    """One cluster, and where it goes, for the tests that do not mind what others did to it."""
    outside = Path(tempfile.mkdtemp(prefix="pgo", dir="/tmp"))
    outside.chmod(0o755)
    server = Embedded(tmp_path_factory.mktemp("running") / "server", fsync=False)
    yield server, outside
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "OUTSIDE", outside)
        server.remove()
    shutil.rmtree(outside)


@pytest.fixture
def running(shared: tuple[Embedded, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Embedded]:
    """The shared cluster, started with its ordinary settings before the test and stopped after it."""
    server, outside = shared
    monkeypatch.setattr(places, "OUTSIDE", outside)
    server.start()
    yield server
    server.stop()
