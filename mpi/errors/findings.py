"""What is wrong with rows, counted over all blocks of the microdata, so that a message tells of the whole input.

A block notes what is wrong with its rows, puts something harmless in its place, and goes on; whoever reads the last
block refuses. What is noted is the same in any order of blocks, by any number of threads or machines.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.errors import DataError, Fault, Place, counted
from mpi.language.phrases import MOST_LISTED, joined, phrase

COMMON = 10  # rows; a code of fewer may stand for one household, so that it is not named
MOST_CODES = 10_000  # codes that are told apart
SHOWN = 8  # codes that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that is wrong with rows: the fault, but for their number.

    Attributes
    ----------
    code, place
        As in a `Fault`.
    head, noun, tail, remedy : str
        The text is the head, the number of rows, the tail: "the PSU is null in" 3 "household".
    within : str
        What else is counted: 3 persons in 2 "household"; empty for nothing.
    """

    code: str
    place: Place | None
    head: str
    noun: str
    tail: str = ""
    remedy: str = ""
    within: str = ""

    def fault(self, number: int, codes: Mapping[str, int] | None = None, outer: int = 0) -> Fault:
        """The fault of so many rows, in so many others, with the codes that they hold."""
        parts: list[str] = [self.head, " "] if self.head else []
        parts.append(counted(number, self.noun))
        if self.within:
            parts.append(phrase(" in {outer}", outer=counted(outer, self.within)))
        parts.append(self.tail)
        if codes:
            parts += [": ", told(codes, self.noun)]
        return Fault(self.code, self.place, joined(parts), self.remedy)


State: TypeAlias = "tuple[Counter[Wrong], Counter[Wrong], dict[Wrong, Counter[str] | None]]"


class Counted(DataError):
    """A refusal of rows that were counted; its findings can be added to those of other parts of the input."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__(*findings.faults())

    def __reduce__(self) -> tuple[type[Counted], tuple[Findings]]:  # made from its findings
        return type(self), (self.findings,)


class Findings:
    """What is wrong so far; by any thread."""

    def __init__(self) -> None:
        self._rows: Counter[Wrong] = Counter()
        self._outer: Counter[Wrong] = Counter()
        self._codes: dict[Wrong, Counter[str] | None] = {}
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __getstate__(self) -> State:
        return self._rows, self._outer, self._codes

    def __setstate__(self, state: State) -> None:
        self._rows, self._outer, self._codes = state
        self._lock = threading.Lock()

    def add(self, wrong: Wrong, number: int, codes: Mapping[str, int] | None = None, outer: int = 0) -> None:
        """Note that something is wrong with so many rows, the codes that they hold, and in how many others they are."""
        with self._lock:
            self._rows[wrong] += number
            self._outer[wrong] += outer
            if codes is not None:
                self._merge(wrong, codes)

    def absorb(self, other: Findings) -> None:
        """Take over what was found elsewhere."""
        with self._lock:
            self._rows.update(other._rows)
            self._outer.update(other._outer)
            for wrong, codes in other._codes.items():
                self._merge(wrong, codes)

    def _merge(self, wrong: Wrong, codes: Mapping[str, int] | None) -> None:
        kept = self._codes.setdefault(wrong, Counter())
        if kept is None or codes is None or len(codes) > MOST_CODES:
            self._codes[wrong] = None
            return
        kept.update(codes)
        if len(kept) > MOST_CODES:
            self._codes[wrong] = None

    def faults(self) -> list[Fault]:
        """A fault for each thing that is wrong, in an order that depends on them alone."""
        ranked = sorted(self._rows, key=_rank)
        return [one.fault(self._rows[one], self._codes.get(one), self._outer[one]) for one in ranked]

    def refuse(self) -> None:
        """Raise what was found, if anything was."""
        if self._rows:
            raise Counted(self)


def _rank(wrong: Wrong) -> tuple[str, int, int, str, str, str]:
    place = wrong.place or Place("")
    return place.file, place.line or 0, place.column or 0, wrong.code, wrong.head, wrong.tail


def refusal(wrong: Wrong, number: int, codes: Mapping[str, int] | None = None, outer: int = 0) -> Counted:
    """The error for one thing that is wrong."""
    found = Findings()
    found.add(wrong, number, codes, outer)
    return Counted(found)


def told(codes: Mapping[str, int], noun: str = "row") -> str:
    """Codes with their numbers of rows, the commonest first; of rare ones only how many there are.

    Examples
    --------
    >>> told({"well": 760, "other": 12, "casa de Ana": 1})
    "'well' (760), 'other' (12), 1 code of fewer than 10 rows"
    >>> told({"casa de Ana": 1, "casa de Eva": 2})
    '2 codes of fewer than 10 rows each (3 rows)'
    """
    ranked = sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    common = [(code, n) for code, n in ranked if n >= COMMON]
    rare = [n for _, n in ranked if n < COMMON]
    parts: list[str] = [phrase("{code!r} ({rows:,})", code=code, rows=n) for code, n in common[:SHOWN]]
    if more := len(common) - SHOWN if len(common) > SHOWN else 0:
        parts.append(phrase("{codes} more", codes=counted(more, "code")))
    if rare:
        text = phrase(
            "{codes} of fewer than {rows} each ({all})" if len(rare) > 1 else "{codes} of fewer than {rows}",
            codes=counted(len(rare), "code"),
            rows=counted(COMMON, noun),
            all=counted(sum(rare), noun),
        )
        parts.append(text)
    return joined(parts, ", ")


def named(codes: Sequence[str], persons: Sequence[int] | NDArray[np.int64], most: int = MOST_LISTED) -> str:
    """Codes for a message; of those that fewer than ten persons have only how many there are. Empty is the only one.

    Examples
    --------
    >>> named(["031", "044", "casa de Ana"], [310, 120, 4])
    '031, 044, 1 too rare to name'
    >>> named(["casa de Ana", "casa de Eva"], [4, 3])
    '2 too rare to name'
    """
    pairs = zip(codes, persons, strict=True)
    common = [code or phrase("the only one") for code, number in pairs if number >= COMMON or not code]
    rare = len(codes) - len(common)
    parts = common[:most]
    if len(common) > most:
        parts.append(phrase("{rest:,} more", rest=len(common) - most))
    if rare:
        parts.append(phrase("{rare:,} too rare to name", rare=rare))
    return joined(parts, ", ")
