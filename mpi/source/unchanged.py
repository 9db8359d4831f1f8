"""Files are the same before and after they are read, or what was read of them is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from mpi.errors.resources import raise_scarce
from mpi.files.digests import State, changed, state_of


def states_of(files: Iterable[Path]) -> dict[Path, State]:
    """What the system says of files now; of those that are not there, nothing."""
    found = {}
    for file in files:
        with contextlib.suppress(OSError):
            found[file] = state_of(file)
    return found


@contextlib.contextmanager
def unchanged(states: Mapping[Path, State]) -> Iterator[None]:
    """Read files in this context: if one is another by the end, that is what was wrong, whatever else was found.

    Raises
    ------
    DataError
        If the size, the time or the identity of a file changed.
    ResourceError
        If the machine gives too little memory, or too few threads or open files.
    """
    try:
        yield
    except Exception as error:
        refuse_changed(states)
        raise_scarce(error)
        raise
    refuse_changed(states)


def refuse_changed(states: Mapping[Path, State]) -> None:
    """Refuse files that are no longer what they were; raises DataError."""
    now = states_of(states)
    wrong = [file for file, before in states.items() if now.get(file) != before]
    if wrong:
        raise changed(wrong) from None
