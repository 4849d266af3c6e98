"""Acting as an ordinary user in a test session that root runs."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

T = TypeVar("T")


def as_user(uid: int, gid: int, home: Path, work: Callable[[], T]) -> T:
    """Do the work in a child process that has given up root for good, and give its result or raise its error.

    A fork, not a new interpreter: the one that runs the tests may lie where the user cannot reach it.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        outcome: tuple[bool, Any] = (False, SystemExit("the child did not get to its work"))
        try:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
            os.environ["HOME"] = str(home)
            outcome = (True, work())
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - it is raised again on the other side
            outcome = (False, error)
        finally:
            with os.fdopen(write, "wb") as pipe:
                pipe.write(pickle.dumps(outcome))
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        succeeded, result = pickle.loads(pipe.read())
    os.waitpid(child, 0)
    if not succeeded:
        raise cast("BaseException", result)
    return cast("T", result)
