"""The settings that are laid over the cluster's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgraduate.cluster.configuration import checked, render
from pgraduate.errors import UsageError


def test_quotes_and_backslashes_of_a_path_are_escaped() -> None:
    text = render(Path("/a'b\\c\"d"), {}, fsync=True)
    assert "unix_socket_directories = '\"/a''b\\\\c\"\"d\"'\n" in text


def test_a_newline_in_a_value_cannot_start_another_setting() -> None:
    text = render(Path("/s"), {"cluster_name": "a\nfsync = off"}, fsync=True)
    assert "cluster_name = 'a\\nfsync = off'\n" in text


@pytest.mark.parametrize("name", ["fsync", "FSYNC", "data_directory", "hba_file", "a b", "x=1\ny", ""])
def test_a_setting_that_the_server_decides_itself_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        checked({name: "off"})


@pytest.mark.parametrize("text", ["0", "65536", "-1", "٣", "5432x", ""])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        checked({"Port": text})
