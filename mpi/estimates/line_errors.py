"""What the error of a relative income line adds to figures: how a unit moves the line, how the line moves a figure.

A figure that counts who is below a line l has the linearised value u + (dF/dl) r z: u as if the line were known, r the
share of the quantile q that the line is, z = -(1[y <= q] - p) / (N f(q)) over the base of the line, f and dF/dl from
one Gaussian kernel with h = sd N^-0.2. Lines come from the whole survey, so units outside a domain move its figures.

References
----------
Deville (1999), Survey Methodology 25, 193-203; Osier (2009), Survey Research Methods 3, 167-195.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, Ints, not_none
from mpi.estimates.quantities import Quantities, Statistic
from mpi.estimates.rows import Rows, domain_sums
from mpi.inference.variance import Draws, replicate_totals
from mpi.profile import DeprivationProfile
from mpi.profile.lines import AT_QUANTILE, BELOW, HOUSEHOLDS_AT, PERSONS_AT, SUMS
from mpi.vocabulary.options import Unit


@dataclass(frozen=True, eq=False)
class LineErrors:
    """The L relative lines of a profile, each in A areas: L A places, line by line.

    Attributes
    ----------
    profile : DeprivationProfile
    unit : {"persons", "households"}
    """

    profile: DeprivationProfile
    unit: Unit

    @property
    def places(self) -> int:
        """The number of lines times areas."""
        return len(self.profile.lines) * self.areas

    @property
    def areas(self) -> int:
        """The number of areas of a line; those of the line with most, and the place of units in none."""
        return max(len(one.areas) for one in self.profile.lines) + 1

    @cached_property
    def area(self) -> Ints:
        """The area of each cell; shape (c,)."""
        own = self.profile.cells.line_area
        return np.zeros(len(self.profile.cells), np.int64) if own is None else own

    @cached_property
    def defined(self) -> NDArray[np.bool_]:
        """Lines that have an error: incomes vary around their quantile; shape (L A,)."""
        return self._density > 0

    @cached_property
    def _density(self) -> Floats:
        """N f(q) of each line; shape (L A,)."""
        found = np.zeros((len(self.profile.lines), self.areas))
        for i, one in enumerate(self.profile.lines):
            found[i] = np.bincount(self._area_of(i), self._sums(i, AT_QUANTILE), self.areas)
            found[i, len(one.areas) :] = 0.0
        return found.ravel()

    def _area_of(self, line: int) -> Ints:
        return self.area if len(self.profile.lines[line].areas) > 1 or self._by_area(line) else np.zeros_like(self.area)

    def _by_area(self, line: int) -> bool:
        return self.profile.lines[line].areas != ("",)

    def _sums(self, line: int, which: int) -> Floats:
        own = not_none(self.profile.cells.line_sums)
        return own[:, SUMS * line + which]

    @cached_property
    def moves(self) -> Floats:
        """How each cell moves the lines; 0 where a line has no error; shape (c, L A)."""
        cells = len(self.profile.cells)
        found = np.zeros((cells, self.places))
        for i in range(len(self.profile.lines)):
            found[np.arange(cells), i * self.areas + self._area_of(i)] = self._sums(i, BELOW)
        return found * self._per_weight

    @cached_property
    def _per_weight(self) -> Floats:
        """The derivative of each line by the weight below its quantile; shape (L A,)."""
        share = np.repeat([float(Fraction(one.relative)) for one in self.profile.lines], self.areas)
        return np.where(self.defined, -share / np.where(self.defined, self._density, 1.0), 0.0)

    def of_units(self, whole: Rows, units: int) -> Floats:
        """How each sampling unit moves the lines; shape (units, L A)."""
        found = np.zeros((units, self.places))
        np.add.at(found, np.repeat(whole.unit, np.diff(whole.starts, append=len(whole.order))), self.moves[whole.order])
        return found

    def slopes(self, rows: Rows, table: Quantities, chosen: Sequence[Statistic]) -> Floats:
        """How the lines move some statistics in the domains; NaN where a line without an error does; (g, s, L A)."""
        found = np.zeros((rows.domains, len(chosen), self.places))
        read = [s for s in chosen if s.lines]
        columns = list(dict.fromkeys(column for s in read for column in (s.y, s.x)))
        sums = dict(zip(columns, domain_sums(rows, table, columns).T, strict=True)) if columns else {}
        held: dict[tuple[int, int], Floats] = {}
        for i, s in enumerate(chosen):
            below = 1.0 if s.kind == "total" else np.where(sums[s.x] > 0, sums[s.x], 1.0) if s.lines else 1.0
            ratio = 0.0 if s.kind == "total" or not s.lines else sums[s.y] / below
            for part in s.lines:
                own = slice(part.line * self.areas, (part.line + 1) * self.areas)
                if part.area is not None:
                    found[:, i, own.start + part.area] = 1.0
                    continue
                for column in (part.y, part.x):
                    if (part.line, column) not in held:
                        held[part.line, column] = self._at_line(rows, table, part.line, column)
                y, x = held[part.line, part.y], held[part.line, part.x]
                found[:, i, own] = (y - np.reshape(ratio, (-1, 1)) * x) / np.reshape(below, (-1, 1))
            found[:, i] = np.where(self._lost(rows, s), np.nan, found[:, i])
        return found

    def _at_line(self, rows: Rows, table: Quantities, line: int, column: int) -> Floats:
        """Sums of a quantity weighted by the kernel at the line, by domain and area; shape (g, A)."""
        kernel = self._sums(line, PERSONS_AT if self.unit == "persons" else HOUSEHOLDS_AT)[rows.order]
        place = rows.cell_domain * self.areas + self._area_of(line)[rows.order]
        sums = np.bincount(place, kernel * table.values(column)[rows.which], rows.domains * self.areas)
        found: Floats = sums.astype(np.float64).reshape(rows.domains, self.areas)
        return found

    def _lost(self, rows: Rows, statistic: Statistic) -> NDArray[np.bool_]:
        """Places of lines without an error that a statistic reads in a domain; shape (g, L A)."""
        found = np.zeros((rows.domains, self.places), np.bool_)
        for part in statistic.lines:
            for a, value in enumerate(self.profile.lines[part.line].value):
                place = part.line * self.areas + a
                if value is None or self.defined[place] or part.area not in (None, a):
                    continue
                met = (self._area_of(part.line)[rows.order] == a) & (rows.weight > 0)
                found[:, place] = np.bincount(rows.cell_domain[met], minlength=rows.domains) > 0
                if part.area is not None:
                    found[:, place] = True
        return found

    def by_code(self, code: Ints, size: int) -> Floats:
        """How the units of each row of calibration variables move the lines, by design weights; shape (b, L A)."""
        cells = self.profile.cells
        design = cells.design_person_weight
        if design is None:
            return np.zeros((size, self.places))
        ratio = np.where(cells.person_weight > 0, design / np.where(cells.person_weight > 0, cells.person_weight, 1), 0)
        found = np.zeros((size, self.places))
        np.add.at(found, code, self.moves * ratio[:, None])
        return found

    def of_replicates(self, factors: Floats | Draws, whole: Rows, *, of_cells: bool) -> Floats:
        """How far each replicate moves the lines from where they are; shape (L A, R)."""
        if of_cells:
            own, cells = self.profile.cells.line_replicates, len(self.profile.cells)
            number = factors.shape[1]
            found = np.zeros((self.places, number))
            for i in range(len(self.profile.lines)):
                part = np.zeros((cells, number)) if own is None else own[:, i * number : (i + 1) * number]
                np.add.at(found[i * self.areas : (i + 1) * self.areas], self._area_of(i), part)
            moved = found * self._per_weight[:, None]
        else:
            moves = self.of_units(whole, int(factors.shape[0]))
            edges = np.zeros(1, np.int64)
            moved = replicate_totals(edges, moves, factors, np.arange(len(moves)))[0]
        away: Floats = moved - self.moves.sum(axis=0)[:, None]
        return away


def given_lines(chosen: Sequence[Statistic]) -> Iterator[tuple[int, float]]:
    """The places of statistics that are a line itself, and the line; NaN where there is none."""
    for i, s in enumerate(chosen):
        for part in s.lines:
            if part.area is not None:
                yield i, np.nan if part.value is None else part.value


def line_errors(profile: DeprivationProfile, unit: Unit) -> LineErrors | None:
    """The lines of a profile that have errors; None without such lines, and in a census."""
    if not profile.lines or profile.cells.line_sums is None or profile.sample.census:
        return None
    return LineErrors(profile, unit)
