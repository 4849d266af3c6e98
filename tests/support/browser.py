"""A headless Chromium that looks at a page: what it complains of, how wide it becomes, how many sheets it prints."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FRAME = """<!DOCTYPE html><title></title>
<iframe width="{width}" height="900" style="border:0" srcdoc="{page}" onload="measure(this.contentWindow)"></iframe>
<script>
function measure(frame) {{
  const all = [...frame.document.querySelectorAll("body *")];
  const past = item => item.getBoundingClientRect().right > frame.innerWidth + 1;
  const wide = all.filter(item => past(item) && !item.closest(".scroll, pre, svg"));
  const texts = [...frame.document.querySelectorAll("p, td, th, li, dd, dt")];
  document.title = JSON.stringify({{
    width: frame.innerWidth, scroll: frame.document.documentElement.scrollWidth,
    wide: wide.map(item => item.outerHTML.slice(0, 80)),
    smallest: Math.min(...texts.map(item => parseFloat(frame.getComputedStyle(item).fontSize)))}});
}}
</script>"""
"""Chromium opens no window below 500 pixels, so the page stands in a frame."""


@dataclass(frozen=True)
class Look:
    """What a page is on a screen of `width` pixels; `console` holds the browser's complaints."""

    width: int
    scroll: int
    wide: list[str]
    smallest: float
    console: list[str]


def browser() -> str:
    """Find a Chromium, or skip the test and say so."""
    for name in _NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    pytest.skip("no chromium here: pages are NOT looked at in a browser (apt install chromium)")


def look(page: Path, work: Path, *, width: int = 400) -> Look:
    """Open a page and measure it."""
    probe = work / "probe.html"
    probe.write_text(_FRAME.format(width=width, page=html.escape(page.read_text("utf-8"))), "utf-8")
    done = _run(work, "--window-size=1000,1000", "--dump-dom", "--enable-logging=stderr", probe.as_uri())
    title = re.search(r"<title>(\{.*?\})</title>", done.stdout, flags=re.DOTALL)
    assert title is not None, done.stdout[-500:] + done.stderr[-500:]
    found = json.loads(html.unescape(title[1]))
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return Look(found["width"], found["scroll"], found["wide"], found["smallest"], console)


def sheets(page: Path, work: Path) -> int:
    """Print a page to PDF and count its sheets."""
    pdf = work / "page.pdf"
    done = _run(work, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri())
    assert pdf.is_file(), done.stderr
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf.read_bytes()))


def _run(work: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        browser(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
    ]
    command += [f"--user-data-dir={work / 'profile'}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
