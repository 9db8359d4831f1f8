"""An intruder who reads everything that is published of a round, and solves for what is hidden; exactly, and slowly.

His unknowns are the weights (or the number) of the units of each pattern in each atom, a group that no table tells
apart. Every figure that is shown is a linear form of them; he learns each form in the span of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.disclosure.publishable import Publishable
from mpi.specs.measure import Measure

PRIME = 2**31 - 1  # a form that is in the span of others over the fractions is so here, and hardly ever the reverse
Atom = Mapping[str, str]
Form = NDArray[np.int64]


@dataclass
class Span:
    """Linear forms modulo PRIME, in echelon form."""

    rows: list[Form]
    pivots: list[int]

    def rest(self, form: Form) -> Form:
        left = form % PRIME
        for row, pivot in zip(self.rows, self.pivots, strict=True):
            if left[pivot]:
                left = (left - left[pivot] * row) % PRIME
        return left

    def add(self, form: Form) -> None:
        left = self.rest(form)
        where = np.flatnonzero(left)
        if len(where):
            pivot = int(where[0])
            self.rows.append(left * pow(int(left[pivot]), -1, PRIME) % PRIME)
            self.pivots.append(pivot)

    def __contains__(self, form: Form) -> bool:
        return not self.rest(form).any()


@dataclass
class Intruder:
    """What a reader of tables knows, by unit of counting.

    `domains` are the columns of the tables; `atoms` the groups that occur; patterns are all that the measure allows.
    """

    measure: Measure
    atoms: Sequence[Atom]
    domains: Sequence[str]

    def __post_init__(self) -> None:
        self.patterns = list(product((0, 1), repeat=len(self.measure.indicators)))
        self.cutoffs = {cutoff.text: cutoff for cutoff in self.measure.cutoffs}
        self.base = 1
        for weight in self.measure.weights:
            self.base = self.base * weight.denominator
        self.weighted: dict[str, Span] = {}
        self.counts: dict[str, Span] = {}

    def form(self, where: Mapping[str, str | None], value: Callable[[tuple[int, ...]], int]) -> Form:
        inside = [all(code is None or atom[name] == code for name, code in where.items()) for atom in self.atoms]
        own = np.array([value(pattern) for pattern in self.patterns], np.int64)
        return np.outer(np.array(inside, np.int64), own).ravel()

    def poor(self, k: str, pattern: tuple[int, ...]) -> bool:
        score = sum((w * flag for w, flag in zip(self.measure.weights, pattern, strict=True)), Fraction(0))
        cutoff = self.cutoffs[k]
        return score > cutoff.k if cutoff.strict else score >= cutoff.k

    def parts(self, row: Mapping[str, Any]) -> list[int]:
        names = [i.name for i in self.measure.indicators]
        if row["indicator"]:
            return [names.index(row["indicator"])]
        return [j for j, i in enumerate(self.measure.indicators) if row["dimension"] in (None, i.dimension)]

    def told(self, row: Mapping[str, Any]) -> list[Form]:
        """The totals over which a figure is a ratio, and of what; the population first."""
        where = {name: row[name] for name in self.domains}
        k = row["k"]
        forms = [self.form(where, lambda _: 1)]
        weights = [int(w * self.base) for w in self.measure.weights]
        statistic = row["statistic"]
        if statistic in ("H", "A", "poor", "poor_share"):
            forms.append(self.form(where, lambda p: int(self.poor(k, p))))
        if statistic in ("A", "M0", "M0_share", "absolute_contribution", "percentage_contribution"):
            own = self.parts(row)
            forms.append(self.form(where, lambda p: self.poor(k, p) * sum(weights[j] * p[j] for j in own)))
        if statistic == "percentage_contribution":
            whole = range(len(weights))
            forms.append(self.form(where, lambda p: self.poor(k, p) * sum(weights[j] * p[j] for j in whole)))
        if statistic in ("censored_headcount", "poor_and_deprived"):
            (j,) = self.parts(row)
            forms.append(self.form(where, lambda p: self.poor(k, p) * p[j]))
        if statistic == "uncensored_headcount":
            (j,) = self.parts(row)
            forms.append(self.form(where, lambda p: p[j]))
        return forms

    def read(self, table: Publishable) -> None:
        """Take in every number of a table."""
        for row in table.rows():
            unit = row["unit"]
            weighted = self.weighted.setdefault(unit, Span([], []))
            counts = self.counts.setdefault(unit, Span([], []))
            where = {name: row[name] for name in self.domains}
            if row["n"] is not None:
                counts.add(self.form(where, lambda _: 1))
            if row["n_poor"] is not None:
                counts.add(self.form(where, lambda p, k=row["k"]: int(self.poor(k, p))))
            if row["estimate"] is not None:
                for form in self.told(row):
                    weighted.add(form)

    def knows(self, row: Mapping[str, Any]) -> bool:
        """Whether he finds the figure of a hidden row, or the units that it rests on."""
        weighted = self.weighted[row["unit"]]
        return all(form in weighted for form in self.told(row))

    def knows_numbers(self, row: Mapping[str, Any]) -> bool:
        """Whether he finds n and n_poor of a hidden row."""
        where = {name: row[name] for name in self.domains}
        counts = self.counts[row["unit"]]
        forms = [self.form(where, lambda _: 1)]
        if row["k"] is not None:
            forms.append(self.form(where, lambda p: int(self.poor(row["k"], p))))
        return all(form in counts for form in forms)
