"""Which deprivations, once gone, lift a unit out of poverty: every minimal set; and which more would make it poor.

Comes in: scored patterns and a cutoff. Goes out: for one pattern at a time, sets of indicators. Scores are integers, so
a unit on the cutoff stays on it. What is lifted is known not to be deprived: a set that leaves it unknown lifts nobody.
"""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from mpi.counting import Scores, integer_weights, least_units, shared_out
from mpi.specs.exact import least_common_denominator
from mpi.specs.measure import Cutoff, Measure

MOST_SETS = 10_000  # of one pattern that are listed; their number is given all the same
MOST_STATES = 1 << 18  # sums of weights that are told apart to count sets which are too many to list
Set = tuple[int, ...]  # places of indicators, ascending


@dataclass(frozen=True, slots=True)
class Part:
    """What can be taken from a score at once.

    Attributes
    ----------
    units : int
        How much of the score goes.
    needed : int
        How many of the indicators must go for that.
    indicators : tuple of int
        Places of those that are deprived: one indicator, or those of a combined dimension.
    """

    units: int
    needed: int
    indicators: Set


@dataclass(frozen=True)
class Lifting:
    """What would lift one poor pattern out of poverty.

    Attributes
    ----------
    excess : int
        By how much the score must fall, in its units, for the unit not to be poor; above 0.
    parts : tuple of Part
        By falling units.
    """

    excess: int
    parts: tuple[Part, ...]

    @cached_property
    def fewest(self) -> int | None:
        """The number of deprivations in the smallest set that lifts; None if none does."""
        size = sum(part.needed for part in self.parts)
        most = [0, *[-1] * size]  # the most that can go with so many indicators
        for part in self.parts:
            for number in range(size, part.needed - 1, -1):
                if most[number - part.needed] >= 0:
                    most[number] = max(most[number], most[number - part.needed] + part.units)
        return next((number for number, units in enumerate(most) if units >= self.excess), None)

    def sets(self, most: int = MOST_SETS) -> tuple[Set, ...] | None:
        """Every minimal set of deprivations without which the unit is not poor, the smallest first.

        No proper subset of a minimal set lifts. Parts are taken by falling units: the one that is taken last is the
        smallest of a set, so a set is minimal if and only if it does not lift without that one.

        Parameters
        ----------
        most : int
            How many are made at most.

        Returns
        -------
        tuple of tuple of int, or None
            None if there are more.
        """
        found = list(itertools.islice(self._sets(), min(most + 1, sys.maxsize)))
        if len(found) > most:
            return None
        return tuple(sorted(found, key=lambda one: (len(one), one)))

    def number(self, most_states: int = MOST_STATES) -> int | None:
        """How many minimal sets there are, without making them; None if even that takes too much."""
        left = self._left()
        ways, complete = {0: 1}, 0
        for place, part in enumerate(self.parts):
            choices = math.comb(len(part.indicators), part.needed)
            more: dict[int, int] = {}
            for units, number in ways.items():
                if units + part.units >= self.excess:
                    complete += number * choices
                else:
                    more[units + part.units] = more.get(units + part.units, 0) + number * choices
            for units, number in more.items():
                ways[units] = ways.get(units, 0) + number
            ways = {units: number for units, number in ways.items() if units + left[place + 1] >= self.excess}
            if len(ways) > most_states:
                return None
        return complete

    def _left(self) -> list[int]:
        """What can still go from each part on."""
        return [sum(part.units for part in self.parts[place:]) for place in range(len(self.parts) + 1)]

    def _sets(self) -> Iterator[Set]:
        left = self._left()

        def chosen(place: int, taken: int, parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
            for here in range(place, len(self.parts)):
                if taken + left[here] < self.excess:
                    return
                part = self.parts[here]
                if taken + part.units >= self.excess:
                    yield (*parts, part)
                else:
                    yield from chosen(here + 1, taken + part.units, (*parts, part))

        for parts in chosen(0, 0, ()):
            choices = [itertools.combinations(part.indicators, part.needed) for part in parts]
            for made in itertools.product(*choices):
                yield tuple(sorted(itertools.chain.from_iterable(made)))


class Lifter:
    """Answers for the patterns of a table of scores at a cutoff.

    Parameters
    ----------
    measure : Measure
    scored : Scores
        p patterns.
    cutoff : Cutoff

    References
    ----------
    Alkire et al. (2015), chapter 5: critical deprivations.
    """

    def __init__(self, measure: Measure, scored: Scores, cutoff: Cutoff) -> None:
        self.measure, self.scored, self.cutoff = measure, scored, cutoff
        self.poor = scored.poor(cutoff)
        self.columns = {one.name: place for place, one in enumerate(measure.dimensions)}
        self._weights: dict[bytes, tuple[list[int], list[int], int]] = {}

    def lifting(self, row: int) -> Lifting | None:
        """What lifts the units of a pattern; None where they are not poor or left out."""
        if not self.poor[row]:
            return None
        own, of_dimensions, base = self._of(row)
        excess = self._units(row, base) - least_units(self.cutoff, base) + 1
        deprived, known = self.scored.deprived[row], self.scored.known[row]
        parts = [Part(own[j], 1, (j,)) for j in range(len(own)) if own[j] and deprived[j]]
        for column, dimension in enumerate(self.measure.dimensions):
            if dimension.at_least is None or not self.scored.dimension_deprived[row, column]:
                continue
            places = self._scored_in(dimension.name)
            held = tuple(j for j in places if deprived[j])
            unknown = sum(not known[j] for j in places)
            needed = len(held) + unknown - dimension.at_least + 1
            if needed <= len(held) and of_dimensions[column]:
                parts.append(Part(of_dimensions[column], needed, held))
        return Lifting(excess, tuple(sorted(parts, key=lambda part: (-part.units, part.needed, part.indicators))))

    def sinking(self, row: int) -> Set | None:
        """The deprivations each of which would make a unit poor that is not; None where it is poor or left out.

        Asked is of what is known not to be deprived.
        """
        if self.poor[row] or not self.scored.included[row]:
            return None
        own, of_dimensions, base = self._of(row)
        lacking = least_units(self.cutoff, base) - self._units(row, base)
        deprived, known = self.scored.deprived[row], self.scored.known[row]
        found = []
        for j, indicator in enumerate(self.measure.indicators):
            if indicator.monitor or deprived[j] or not known[j]:
                continue
            more = own[j]
            column = self.columns[indicator.dimension]
            at_least = self.measure.dimensions[column].at_least
            if at_least is not None and not self.scored.dimension_deprived[row, column]:
                held = sum(bool(deprived[i]) for i in self._scored_in(indicator.dimension))
                more = of_dimensions[column] if held + 1 >= at_least else 0
            if more >= lacking:
                found.append(j)
        return tuple(found)

    def score(self, row: int) -> Fraction | None:
        """The score, exactly; None where the measure leaves the unit out."""
        if not self.scored.included[row]:
            return None
        return Fraction(int(self.scored.units[row]), int(self.scored.base[row]))

    def distance(self, row: int) -> Fraction | None:
        """Score less cutoff, exactly; None where the measure leaves the unit out."""
        score = self.score(row)
        return None if score is None else score - self.cutoff.k

    def held(self, row: int) -> Set:
        """The indicators of the score that count as deprived."""
        return tuple(j for j, one in enumerate(self.measure.indicators) if self._counts(j, one.monitor, row))

    def holes(self, row: int) -> Set:
        """The indicators of the score of which it is not known."""
        known = self.scored.known[row]
        return tuple(j for j, one in enumerate(self.measure.indicators) if not one.monitor and not known[j])

    def _counts(self, j: int, monitor: bool, row: int) -> bool:
        return not monitor and bool(self.scored.deprived[row, j])

    def _units(self, row: int, base: int) -> int:
        """The score in units of the weights' common denominator, of which the pattern's own base is a divisor."""
        return int(self.scored.units[row]) * base // int(self.scored.base[row])

    def _of(self, row: int) -> tuple[list[int], list[int], int]:
        """Weights of indicators and of combined dimensions as integers, and their denominator, for a pattern."""
        reweighted = self.measure.missing == "reweight"
        key = self.scored.known[row].tobytes() if reweighted else b""
        if key not in self._weights:
            if reweighted:
                weights = shared_out(self.measure, self.scored.known[row])
                base = least_common_denominator(weights)
                self._weights[key] = [int(w * base) for w in weights], [0] * len(self.columns), base
            else:
                self._weights[key] = integer_weights(self.measure)
        return self._weights[key]

    def _scored_in(self, dimension: str) -> Sequence[int]:
        return [j for j, i in enumerate(self.measure.indicators) if i.dimension == dimension and not i.monitor]
