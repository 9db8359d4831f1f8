"""What is costly to make and only read: made once for all workers of a run, by the first that needs it."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from mpi.runs import Made

T = TypeVar("T")
MEETING: list[pytest.TempPathFactory] = []  # where workers meet, once tests run: tests/conftest.py


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Any]) -> Any:
    """What `make` gives for a folder of its own, which all workers share; nobody writes there.

    Workers take tests from each other, and with the second half of a file they would make its fixtures again.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return make(factory.mktemp(name))
    base = factory.getbasetemp().parent
    kept = base / f"{name}.pickle"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            found = make(factory.mktemp(name))
            kept.write_bytes(pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL))
            return found
    return pickle.loads(kept.read_bytes())  # noqa: S301  our own, written a moment ago


def file_once(name: str, write: Callable[[Path], object]) -> Path:
    """The path of a file that one worker writes and the others read, by a name that no other has."""

    def written(folder: Path) -> Path:
        write(folder / name)
        return folder / name

    found: Path = made_once(MEETING[0], name, written)
    return found


def run_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]) -> Made:
    """The same of a run, whose profiles are kept with it: how they are read stays with who made them."""

    def ran(folder: Path) -> Made:
        made = make(folder)
        return replace(made, read=partial(tuple, made.profiles))

    found: Made = made_once(factory, name, ran)
    return found


def once(make: Callable[[], T]) -> Callable[[], T]:
    """A function without arguments whose value a worker makes, and the others read."""

    @cache
    def found() -> T:
        if not MEETING:
            return make()
        own: T = made_once(MEETING[0], make.__name__, lambda _: make())
        return own

    return found
