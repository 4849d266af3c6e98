"""One section of a README that is ours, between two markers; every other byte is the user's and stays."""

from __future__ import annotations

from pgraduate.errors import Refused

README = "README.md"
BEGIN = "<!-- pgraduate: begin. Written by `pgraduate document`; changes between the markers are overwritten. -->"
END = "<!-- pgraduate: end -->"
_BEGIN_WORD = "<!-- pgraduate: begin"


def spliced(readme: str, section: str) -> str:
    """Put the section between its markers, or at the end where there are none yet.

    Raises Refused where the markers do not stand once each and in order: what is ours is then not known.
    """
    block = f"{BEGIN}\n{section.strip()}\n{END}"
    begins, ends = readme.count(_BEGIN_WORD), readme.count(END)
    if begins == ends == 0:
        gap = "" if not readme else "\n" if readme.endswith("\n") else "\n\n"
        return f"{readme}{gap}{block}\n"
    start, stop = readme.find(_BEGIN_WORD), readme.find(END)
    if begins != 1 or ends != 1 or stop < start:
        raise Refused(
            "the markers of pgraduate's section are not once each and in order",
            where=README,
            hint=f"leave one line that begins with '{_BEGIN_WORD}' and after it one '{END}', or remove both",
        )
    return readme[:start] + block + readme[stop + len(END) :]


def section_of(readme: str) -> str:
    """Give the text between the markers of a README that `spliced` made."""
    start = readme.index("-->", readme.index(_BEGIN_WORD)) + len("-->")
    return readme[start : readme.index(END)].strip()


def without_section(readme: str) -> str:
    """Take the section out again; the text around it is as it was before it was put in."""
    start, stop = readme.find(_BEGIN_WORD), readme.find(END)
    if start < 0 or stop < start:
        return readme
    before, after = readme[:start], readme[stop + len(END) :].removeprefix("\n")
    return (before.removesuffix("\n") if not after else before) + after
