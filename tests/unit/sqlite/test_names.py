"""File names and identifiers in SQLite's own spelling."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.sqlite.names import file_uri, fold, quote


@settings(derandomize=True, max_examples=200)
@given(st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw and b"/" not in raw))
def test_a_uri_gives_back_every_byte_of_a_path(raw: bytes) -> None:
    path = Path("/directory") / os.fsdecode(raw)
    uri = file_uri(path, mode="ro", immutable=1)
    location, _, parameters = uri.removeprefix("file://").partition("?")
    assert unquote_to_bytes(location) == os.fsencode(path.absolute())
    assert parameters == "mode=ro&immutable=1"
    assert "#" not in uri


def test_quotes_are_doubled() -> None:
    assert quote('a"b') == '"a""b"'
    assert quote("") == '""'


def test_only_ascii_letters_fold() -> None:
    assert fold("ÄaZ_İ") == "Äaz_İ"
