"""A daily window of time in which maintenance may begin something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from pgraduate.errors import UsageError

_FORM = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Window:
    """From `begin` to just before `end`, over midnight where the end is the earlier one."""

    begin: time
    end: time

    def holds(self, moment: datetime) -> bool:
        now = moment.time()
        if self.begin <= self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


def read_window(text: str) -> Window:
    """Read HH:MM-HH:MM; raise UsageError for anything else, and for a window without a minute."""
    match = _FORM.fullmatch(text)
    if match is None or match[1] + match[2] == match[3] + match[4]:
        raise UsageError(f"'{text}' is no window", where="window", hint="HH:MM-HH:MM, for example 22:00-05:30")
    hours = [int(part) for part in match.groups()]
    return Window(time(hours[0], hours[1]), time(hours[2], hours[3]))
