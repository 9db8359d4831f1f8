"""Marks: truths of units that a profile keeps beside their deprivations, such as who receives a programme.

The pass keeps several truths as one grouping of the units, a whole number; here the grouping becomes bits of the
patterns, from the highest one down. Scores read the lowest bits alone, so that marks change no figure of a measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.files.digests import digest_of
from mpi.profile.cells import Tabulation
from mpi.profile.labels import MISSING_LEVEL
from mpi.profile.selecting import by_domains
from mpi.rules import Expression, written
from mpi.vocabulary.options import Level

PROGRAMME, TARGET = "programme ", "target "  # before the name of a programme, in those of its marks
BESIDE = "beside "  # before the name of a measure, in the marks of its indicators and its universe
HIGHEST = 63  # the bit of the first mark
DIGIT = 2  # bits of a mark in the number of a grouping: 0 unknown, 1 false, 2 true
MOST_TOGETHER = 24  # marks in one number, which stays exact as a float
TRUE, FALSE = 2, 1
DIGITS = 12  # of a hash


@dataclass(frozen=True, slots=True)
class Mark:
    """A truth of each unit.

    Attributes
    ----------
    name : str
        Such as `programme NAME`.
    level : {"household", "person"}
        Whether all members of a household have it in common.
    rule : str
        A hash of what decides it.
    """

    name: str
    level: Level
    rule: str


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """Marks that a pass keeps as one grouping of the units: the name of its domain, and the marks by digit."""

    domain: str
    marks: tuple[Mark, ...]


def beside_name(measure: str, indicator: str = "") -> str:
    """The name of the mark of another measure's indicator; without one that of who is in its universe."""
    return f"{BESIDE}{measure} {indicator}".rstrip()


def bit_of(place: int) -> np.uint64:
    """The word in which the mark at a place is set.

    Examples
    --------
    >>> int(bit_of(0)) == 2**63
    True
    """
    return np.uint64(1) << np.uint64(HIGHEST - place)


def all_bits(number: int) -> np.uint64:
    """The word in which the first marks are set."""
    return np.uint64(sum(1 << (HIGHEST - place) for place in range(number)))


def marks_of(
    words: NDArray[np.uint64], unknown: NDArray[np.uint64], place: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a mark is true, and where it is known; bool, shape (p,) each."""
    known = (unknown & bit_of(place)) == 0
    return ((words & bit_of(place)) != 0) & known, known


def marked(held: Tabulation, groups: Sequence[MarkGroup]) -> Tabulation:
    """The units with the groupings of the pass as bits of their patterns, no longer as domains."""
    if not groups:
        return held
    pattern, unknown = held.cells.pattern.copy(), held.cells.unknown.copy()
    names, place = [domain.name for domain in held.domains], 0
    for group in groups:
        at = names.index(group.domain)
        numbers = [0 if label == MISSING_LEVEL else int(label) for label in held.domains[at].labels]
        of_cell = np.array(numbers or [0], np.int64)[held.cells.domains[:, at]]
        for i in range(len(group.marks)):
            digit = (of_cell >> (DIGIT * i)) & (2**DIGIT - 1)
            pattern |= np.where(digit == TRUE, bit_of(place), np.uint64(0))
            unknown |= np.where(digit == 0, bit_of(place), np.uint64(0))
            place += 1
    kept = [name for name in names if name not in {group.domain for group in groups}]
    return by_domains(replace(held, cells=replace(held.cells, pattern=pattern, unknown=unknown)), kept)


def places_of(marks: Sequence[Mark]) -> Mapping[str, int]:
    """Where each mark is, by name."""
    return {mark.name: place for place, mark in enumerate(marks)}


def rule_hash(expression: Expression) -> str:
    """A short hash of what decides a mark."""
    return digest_of(written(expression))[:DIGITS]
