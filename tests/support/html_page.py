"""An HTML page as a test sees it: well-formedness, visible text, attributes."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "link", "img", "hr", "input", "rect", "path"})
UNSEEN = frozenset({"style", "script"})

Attributes = list[tuple[str, str | None]]


class Page(HTMLParser):
    """Reads a page strictly: a tag that is closed by another, or never, is an AssertionError."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.styles: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice on <{tag}>"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        (self.styles if self.open and self.open[-1] in UNSEEN else self.texts).append(data)

    @property
    def text(self) -> str:
        """All text that a reader sees, with the tips and labels of attributes."""
        tips = [
            value or ""
            for _, attributes in self.tags
            for name, value in attributes.items()
            if name in ("title", "aria-label")
        ]
        return " ".join(" ".join([*self.texts, *tips]).split())

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)
