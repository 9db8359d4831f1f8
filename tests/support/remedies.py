"""Remedies that are followed: the cause of a message, the words of its remedy, and the actions of the user."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mpi.errors import MpiError
from tests.support import shared

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
    record(row, remedies)
    assert any(row.words in remedy for remedy in remedies), str(refused.value)
    assert row.words
    assert row.mended
    for done, place in zip(row.mended, places[1:], strict=True):
        done(place)


Key = tuple[str, str]
WRITTEN: Counter[Key] = Counter()  # by this worker


def folder_of_records() -> Path | None:
    """Where all workers of a run write what their rows were told, if there are several."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return None
    folder = shared.MEETING[0].getbasetemp().parent / "remedies"
    folder.mkdir(exist_ok=True)
    return folder


def stem(key: Key) -> str:
    return hashlib.sha256("\n".join(key).encode()).hexdigest()


def record(row: Row, remedies: Sequence[str]) -> None:
    """Leave what a row was told for the test that looks whether every remedy is followed."""
    folder, key = folder_of_records(), (row.code, row.words)
    if folder is not None:
        name = f"{stem(key)}.{os.environ['PYTEST_XDIST_WORKER']}.{WRITTEN[key]}"
        WRITTEN[key] += 1
        with (folder / name).open("x", encoding="utf-8") as file:
            json.dump([str(remedy) for remedy in remedies], file)


def recorded(key: Key) -> list[list[str]]:
    """What each row of a code and words was told, as far as its test has run."""
    folder = folder_of_records()
    found = [] if folder is None else [path.read_text("utf-8") for path in sorted(folder.glob(f"{stem(key)}.*"))]
    return [json.loads(text) for text in found if text]  # one is empty while its worker writes it


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
