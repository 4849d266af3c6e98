"""What the application wrote to its source after a run sealed it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import Result, pgraduate
from support.sources import fingerprint, make_shop
from support.sqlite_files import make


@pytest.fixture
def shop(target: str, tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    shop = make_shop(tmp_path / "data" / "shop.db")
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    return shop


def ask(target: str, tmp_path: Path, *more: str) -> Result:
    return pgraduate("verify", "--since", "--to", target, *more, cwd=tmp_path)


def test_a_source_at_rest_has_not_changed(shop: Path, target: str, tmp_path: Path) -> None:
    before = fingerprint(shop.parent)
    result = ask(target, tmp_path, "--json")
    assert result.code == 0, result.err
    assert not result.document["changed"]
    assert fingerprint(shop.parent) == before


def test_what_was_written_since_is_named_and_ends_in_4(shop: Path, target: str, tmp_path: Path) -> None:
    make(
        shop,
        "UPDATE product SET price = 99 WHERE id = 3",
        "DELETE FROM purchase WHERE id <= 10",
        "INSERT INTO customer (email, name) VALUES ('private@example.org', 'New')",
        "CREATE INDEX later ON purchase (note)",
    )
    result = ask(target, tmp_path, "--json")
    assert result.code == 4
    (source,) = result.document["sources"]
    counts = {table["table"]: (table["inserted"], table["deleted"], table["changed"]) for table in source["tables"]}
    assert counts == {"product": (0, 0, 1), "purchase": (0, 10, 0), "customer": (1, 0, 0)}
    assert {(item["kind"], item["name"], item["change"]) for item in source["objects"]} == {
        ("index", "later", "added"),
        ("sequence", "customer", "changed"),
    }
    assert "private@example.org" not in result.out


def test_values_are_shown_on_request(shop: Path, target: str, tmp_path: Path) -> None:
    make(shop, "UPDATE product SET title = 'renamed' WHERE id = 3")
    result = ask(target, tmp_path, "--show-values")
    assert result.code == 4
    assert "product id=3: changed in title: 'Product 2 – ä' → 'renamed'" in result.out


def test_a_row_that_was_written_and_taken_back_is_no_change(shop: Path, target: str, tmp_path: Path) -> None:
    make(shop, "INSERT INTO product VALUES (99, 'x', 1, NULL)", "DELETE FROM product WHERE id = 99")
    assert ask(target, tmp_path).code == 0


def test_a_source_that_is_gone_is_unusable(shop: Path, target: str, tmp_path: Path) -> None:
    shop.unlink()
    result = ask(target, tmp_path, "--json")
    assert (result.code, result.document["error"]["code"]) == (6, "SOURCE_UNUSABLE")


def test_nothing_of_the_private_copy_stays(
    shop: Path, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(shop, "DELETE FROM purchase WHERE id = 1")
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    assert ask(target, tmp_path).code == 4
    assert list(room.iterdir()) == []


def test_two_questions_at_once_are_refused(tmp_path: Path) -> None:
    assert pgraduate("verify", "--since", "--as", "app", cwd=tmp_path).code == 2
