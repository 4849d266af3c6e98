"""What the tests of the runtime share: how a test opens its database on either engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

Connect = Callable[..., sqlite3.Connection]
