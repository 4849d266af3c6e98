"""Where events go: a live line on a terminal, plain lines anywhere else.  Both write to stderr."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from pgraduate.cli.output import say
from pgraduate.events import Event, Notice, Silence, Sink, StepEnded, StepProgress, StepStarted
from pgraduate.model.figure import render

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

INTERVAL = 5.0
"""Seconds between two plain progress lines of one step."""


def choose(*, quiet: bool = False) -> Sink:
    """Give the sink for this process: silent, a live line where stderr is a terminal, or plain lines."""
    if quiet:
        return Silence()
    return LiveSink() if sys.stderr.isatty() else PlainSink()


class PlainSink:
    """One line at each start and end, and every few seconds how far a step is, its rate and the time left."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._spoke: dict[str, float] = {}

    def emit(self, event: Event, /) -> None:
        match event:
            case Notice(text):
                say(text, err=True)
            case StepStarted(step, title):
                self._began[step] = self._spoke[step] = time.monotonic()
                click.echo(f"{step}: {title}", err=True)
            case StepProgress(step):
                now = time.monotonic()
                if now - self._spoke.setdefault(step, now) >= INTERVAL:
                    self._spoke[step] = now
                    click.echo(f"{step}: {progress_text(event, now - self._began.setdefault(step, now))}", err=True)
            case StepEnded(step, _, seconds, outcome):
                click.echo(f"{step}: {outcome} in {render(seconds, 'seconds')}", err=True)


class LiveSink:
    """A line that renews itself while a step works, and stays as its result."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._began: dict[str, float] = {}

    def emit(self, event: Event, /) -> None:
        match event:
            case Notice(text):
                say(text, err=True)
            case StepStarted(step, title):
                self._show(step, f"{step}: {title}", None)
            case StepProgress(step):
                self._show(step, step, event)
            case StepEnded(step, title, seconds, outcome):
                self._close()
                mark = "✓" if outcome == "done" else "✗"
                click.echo(f"{mark} {step}: {title}, {render(seconds, 'seconds')}", err=True)

    def _show(self, step: str, label: str, event: StepProgress | None) -> None:
        progress = self._progress = self._progress or _live_progress()
        now = time.monotonic()
        if step not in self._tasks:
            self._began[step] = now
            self._tasks[step] = progress.add_task(label, total=None, text="")
        if event is not None:
            text = progress_text(event, now - self._began[step])
            progress.update(self._tasks[step], completed=event.done, total=event.total, text=text)

    def _close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
        self._progress, self._tasks = None, {}


def _live_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        TextColumn("{task.fields[text]}"),
        console=Console(stderr=True),
        transient=True,
    )
    progress.start()
    return progress


def progress_text(event: StepProgress, seconds: float) -> str:
    """Say how far a step is, how fast, and how long it will take at this rate."""
    rate = event.done / seconds if seconds > 0 else 0.0
    text = f"{event.done:,}" + (f" of {event.total:,}" if event.total else "") + f" {event.unit}"
    if rate > 0:
        text += f", {rate:,.0f} {event.unit}/s"
        if event.total:
            text += f", {render(max(event.total - event.done, 0) / rate, 'seconds')} left"
    return text + (f" ({event.detail})" if event.detail else "")
