"""Remedies that are followed: the cause of a message, the words of its remedy, and the actions of the user."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mpi.errors import MpiError

Doing = Callable[[Path], object]


@dataclass(frozen=True)
class Row:
    """A message whose remedy is followed; every action gets its own empty folder."""

    code: str
    words: str  # of the remedy
    wrong: Doing
    mended: Sequence[Doing]  # all ways that the remedy names

    def __str__(self) -> str:
        return f"{self.code} {self.words[:40]}"


def follow(row: Row, folder: Path) -> None:
    """Cause the message, and then do what its remedy says, in each possible way."""
    places = [folder / str(i) for i in range(len(row.mended) + 1)]
    for place in places:
        place.mkdir()
    with pytest.raises(MpiError) as refused:
        row.wrong(places[0])
    remedies = [fault.remedy for fault in refused.value.faults if fault.code == row.code]
    assert any(row.words in remedy for remedy in remedies), str(refused.value)
    assert row.words
    assert row.mended
    for done, place in zip(row.mended, places[1:], strict=True):
        done(place)


NOBODY = 65534


@contextmanager
def one_of_many(folder: Path) -> Iterator[None]:
    """A user whom the system refuses what its rights refuse: the superuser takes off the crown.

    Whatever is to be imported has to be imported before: Python itself may lie where only the superuser reads.
    """
    crowned = os.geteuid() == 0
    if crowned:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        if crowned:
            os.setresuid(0, 0, 0)
