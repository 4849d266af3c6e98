"""`python -m pgraduate` is `pgraduate`."""

from __future__ import annotations

from pgraduate.cli import main

main()
