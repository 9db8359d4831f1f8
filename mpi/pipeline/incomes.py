"""The incomes of a survey added up as they come, for exact weighted quantiles in bounded memory.

Incomes are whole numbers of 64 bits in their order. Distinct ones are held with their weights; once there are too many,
they are held by ranges, and a further reading looks into the range of the quantile alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mpi.columns.runs import run_starts
from mpi.columns.values import Floats
from mpi.specs.lines import FoundLine, RelativeLine

MOST = 2**21  # distinct incomes that are held: some 100 MB with what sorting takes
STEP = 8  # bits by which ranges grow
BITS = 64
SIGN = np.uint64(1 << 63)
NEAR = 1e-12  # of the weight: weights are decimals, whose sums are equal but for rounding


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Where each area's quantile is, once incomes were read by ranges.

    Attributes
    ----------
    places : dict of str to int
        The areas by their codes.
    bits : int
        Of a range: it holds the incomes that are equal without these last bits.
    at : uint64, shape (A,)
        The range of each area.
    """

    places: dict[str, int]
    bits: int
    at: NDArray[np.uint64]


@dataclass(slots=True, eq=False, kw_only=True)
class Incomes:
    """Weights by area and income, or range of incomes.

    Attributes
    ----------
    window : Window or None
        The ranges that are read; None for all incomes.
    places : dict of str to int
        Areas in the order in which they came.
    moments : float64, shape (A, 4)
        Of each area the sum of weights, mean and sum of squared deviations; the weight below the window.
    persons : int64, shape (A,)
    bits : int
        Of the ranges by which incomes are held; 0 for the incomes themselves.
    held : list of (int64, uint64, float64, int64)
        Area, income, weight and persons.
    """

    window: Window | None = None
    places: dict[str, int] = field(default_factory=dict)
    moments: Floats = field(default_factory=lambda: np.zeros((0, 4)))
    persons: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    bits: int = 0
    held: list[tuple[NDArray[np.int64], NDArray[np.uint64], Floats, NDArray[np.int64]]] = field(default_factory=list)

    def add(
        self, code: NDArray[np.int64], labels: Sequence[str], income: Floats, weight: Floats, persons: NDArray[np.int64]
    ) -> None:
        """Add rows: their area among the labels (-1: none), income, weight and number of persons (0: none counts)."""
        good = (code >= 0) & (persons > 0) & (weight > 0)
        own = np.array([self.places.setdefault(labels[i], len(self.places)) for i in np.unique(code[good]).tolist()])
        self._room()
        area = own[np.unique(code[good], return_inverse=True)[1]].astype(np.int64) if own.size else code[:0]
        income, weight, persons = income[good], weight[good], persons[good]
        self._add_moments(area, income, weight, persons)
        key = keys_of(income)
        if self.window is not None:
            place = _translated(self.places, self.window.places)[area]
            mine, range_ = self.window.at[place], key >> np.uint64(self.window.bits)
            np.add.at(self.moments[:, 3], area[range_ < mine], weight[range_ < mine])
            inside = range_ == mine
            area, key, weight, persons = area[inside], key[inside], weight[inside], persons[inside]
        self.held.append((area, key >> np.uint64(self.bits), weight, persons))
        if sum(len(part[0]) for part in self.held) > MOST:
            self.join()

    def absorb(self, other: Incomes) -> None:
        """Add all that another one holds of the same survey, after what this one holds."""
        to = np.array([self.places.setdefault(label, len(self.places)) for label in other.places], np.int64)
        self._room()
        for i, place in enumerate(to.tolist()):
            self._merge(place, *other.moments[i].tolist())
            self.persons[place] += other.persons[i]
        wider = max(self.bits, other.bits)
        self._widen(wider)
        step = np.uint64(wider - other.bits)
        self.held += [(to[area], key >> step, weight, persons) for area, key, weight, persons in other.held]
        if sum(len(part[0]) for part in self.held) > MOST:
            self.join()

    def join(self) -> None:
        """Add up equal incomes; by wider ranges, until there are not too many."""
        while True:
            area, key, weight, persons = (np.concatenate(parts) for parts in zip(*self.held, strict=True))
            order = np.lexsort((key, area))
            area, key = area[order], key[order]
            first = np.flatnonzero(_changes(area, key))
            if len(first):
                weight = np.add.reduceat(weight[order], first)
                persons = np.add.reduceat(persons[order], first)
            self.held = [(area[first], key[first], weight, persons)]
            if len(first) <= MOST // 2 or self.bits + STEP >= (BITS if self.window is None else self.window.bits):
                return
            self._widen(self.bits + STEP)

    def narrowed(self, quantile: Fraction) -> Window | None:
        """Where to read again for the quantile; None if the incomes themselves are held."""
        if not self.held:
            return None
        self.join()
        if not self.bits:
            return None
        at = np.zeros(len(self.places), np.uint64)
        for place, (key, _, _) in enumerate(self._found(quantile)):
            at[place] = key
        return Window(dict(self.places), self.bits, at)

    def quantiles(self, quantile: Fraction) -> list[tuple[float, int]]:
        """The quantile of each area, and how many persons have just this income; once incomes are held themselves."""
        self.join()
        return [
            (float(incomes_of(np.array([key], np.uint64))[0]), persons) for key, _, persons in self._found(quantile)
        ]

    def _found(self, quantile: Fraction) -> list[tuple[int, float, int]]:
        """The first income, or range, of each area with the share of the weight or more; its weight and persons."""
        area, key, weight, persons = self.held[0]
        starts = run_starts(area)
        found = [(0, 0.0, 0)] * len(self.places)
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(area)], strict=True):
            place = int(area[start])
            whole, _, _, below = self.moments[place].tolist()
            reached = below + np.cumsum(weight[start:end])
            at = start + int(np.searchsorted(reached, float(quantile) * whole * (1 - NEAR), side="left"))
            at = min(at, end - 1)
            found[place] = int(key[at]), float(weight[at]), int(persons[at])
        return found

    def _room(self) -> None:
        lacking = len(self.places) - len(self.persons)
        self.moments = np.pad(self.moments, ((0, lacking), (0, 0)))
        self.persons = np.pad(self.persons, (0, lacking))

    def _add_moments(self, area: NDArray[np.int64], income: Floats, weight: Floats, persons: NDArray[np.int64]) -> None:
        size = len(self.places)
        whole = np.bincount(area, weight, size)
        mean = np.bincount(area, weight * income, size) / np.where(whole > 0, whole, 1.0)
        squares = np.bincount(area, weight * (income - mean[area]) ** 2, size) if len(area) else np.zeros(size)
        for place in np.flatnonzero(whole > 0).tolist():
            self._merge(place, float(whole[place]), float(mean[place]), float(squares[place]), 0.0)
        self.persons += np.bincount(area, persons, size).astype(np.int64)

    def _merge(self, place: int, whole: float, mean: float, squares: float, below: float) -> None:
        """Join the moments of others to those of an area (Chan, Golub and LeVeque 1983)."""
        n, own, spread, under = self.moments[place].tolist()
        total = n + whole
        if total > 0:
            apart = mean - own
            own += apart * whole / total
            spread += squares + apart**2 * n * whole / total
        self.moments[place] = total, own, spread, under + below

    def _widen(self, bits: int) -> None:
        step = np.uint64(bits - self.bits)
        self.held = [(area, key >> step, weight, persons) for area, key, weight, persons in self.held]
        self.bits = bits


def found_lines(lines: Sequence[RelativeLine], held: Sequence[Incomes]) -> list[FoundLine]:
    """The lines, once the incomes around their quantiles are held."""
    return [_found(line, one) for line, one in zip(lines, held, strict=True)]


def _found(line: RelativeLine, held: Incomes) -> FoundLine:
    quantiles = held.quantiles(line.quantile) if held.held and held.places else []
    named = sorted(zip(held.places, range(len(held.places)), strict=True))
    if line.by is None and not named:
        return FoundLine(
            name=line.name,
            relative=str(line.relative),
            quantile=str(line.quantile),
            areas=("",),
            at=(None,),
            value=(None,),
            bandwidth=(0.0,),
            population=(0.0,),
            persons=(0,),
            tied=(0,),
        )
    order = [place for _, place in named]
    whole, squares = held.moments[order, 0], held.moments[order, 2]
    deviation = np.sqrt(squares / whole)
    at = [quantiles[place][0] for place in order]
    return FoundLine(
        name=line.name,
        relative=str(line.relative),
        quantile=str(line.quantile),
        areas=tuple(label for label, _ in named),
        at=tuple(at),
        value=tuple(float(Fraction(repr(one)) * line.relative) for one in at),
        bandwidth=tuple((deviation * whole**-0.2).tolist()),
        population=tuple(whole.tolist()),
        persons=tuple(held.persons[order].tolist()),
        tied=tuple(quantiles[place][1] for place in order),
    )


def keys_of(income: Floats) -> NDArray[np.uint64]:
    """Whole numbers in the order of incomes; 0 and -0 are one."""
    word = (income + 0.0).view(np.uint64)
    return np.where(word & SIGN, ~word, word | SIGN)


def incomes_of(key: NDArray[np.uint64]) -> Floats:
    """The incomes of which `keys_of` made these numbers."""
    return np.where(key & SIGN, key ^ SIGN, ~key).astype(np.uint64).view(np.float64)


def _changes(area: NDArray[np.int64], key: NDArray[np.uint64]) -> NDArray[np.bool_]:
    found = np.ones(len(area), np.bool_)
    found[1:] = (area[1:] != area[:-1]) | (key[1:] != key[:-1])
    return found


def _translated(own: dict[str, int], other: dict[str, int]) -> NDArray[np.int64]:
    return np.array([other[label] for label in own], np.int64)
