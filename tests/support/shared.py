"""What is costly to make and only read: made once for all workers of a run, by the first that needs it."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]) -> Any:
    """What `make` gives for a folder of its own, which all workers share; nobody writes there.

    Workers take tests from each other, and with the second half of a file they would make its fixtures again.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    kept = base / f"{name}.pickle"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            found = make(factory.mktemp(name))
            kept.write_bytes(pickle.dumps(found))
            return found
    return pickle.loads(kept.read_bytes())  # noqa: S301  our own, written a moment ago
