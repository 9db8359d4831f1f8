"""An intruder who reads everything that is published of a round, and solves for what is hidden; exactly, and slowly.

His unknowns are the weights (or the number) of the units of each pattern in each atom, a group that no table tells
apart. Every figure that is shown is a linear form of them; he learns each form in the span of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.disclosure.publishable import Publishable
from mpi.specs.measure import Cutoff, Measure

PRIME = 2**31 - 1  # a form that is in the span of others over the fractions is so here, and hardly ever the reverse
Atom = Mapping[str, str]
Form = NDArray[np.int64]


@dataclass
class Span:
    """Linear forms modulo PRIME, in echelon form."""

    rows: list[Form]
    pivots: list[int]
    seen: set[bytes] = field(default_factory=set)  # forms that were added, most of them again and again

    def rest(self, form: Form) -> Form:
        left = form % PRIME
        for row, pivot in zip(self.rows, self.pivots, strict=True):
            if left[pivot]:
                left = (left - left[pivot] * row) % PRIME
        return left

    def add(self, form: Form) -> None:
        held = form.tobytes()
        if held in self.seen:
            return
        self.seen.add(held)
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
        self.patterns = np.array(list(product((0, 1), repeat=len(self.measure.indicators))), np.int64)
        self.base = 1
        for weight in self.measure.weights:
            self.base = self.base * weight.denominator
        self.weights = np.array([int(w * self.base) for w in self.measure.weights], np.int64)
        self.poor = {cutoff.text: self.poor_at(cutoff) for cutoff in self.measure.cutoffs}
        self.weighted: dict[str, Span] = {}
        self.counts: dict[str, Span] = {}
        self.inside: dict[tuple[tuple[str, str | None], ...], Form] = {}  # atoms that lie in groups

    def poor_at(self, cutoff: Cutoff) -> Form:
        """1 for each pattern that is poor at a cutoff, else 0."""
        scores = [
            sum((w * flag for w, flag in zip(self.measure.weights, pattern, strict=True)), Fraction(0))
            for pattern in self.patterns.tolist()
        ]
        return np.array([score > cutoff.k if cutoff.strict else score >= cutoff.k for score in scores], np.int64)

    def form(self, where: Mapping[str, str | None], value: Form | int) -> Form:
        """A total over the patterns, each counted with its value, in the groups of some codes."""
        key = tuple(where.items())
        if key not in self.inside:
            inside = [all(code is None or atom[name] == code for name, code in key) for atom in self.atoms]
            self.inside[key] = np.array(inside, np.int64)[:, None]
        own = np.full(len(self.patterns), value, np.int64)
        return (self.inside[key] * own).ravel()

    def parts(self, row: Mapping[str, Any]) -> list[int]:
        names = [i.name for i in self.measure.indicators]
        if row["indicator"]:
            return [names.index(row["indicator"])]
        return [j for j, i in enumerate(self.measure.indicators) if row["dimension"] in (None, i.dimension)]

    def told(self, row: Mapping[str, Any]) -> list[Form]:
        """The totals over which a figure is a ratio, and of what; the population first."""
        where = {name: row[name] for name in self.domains}
        poor = self.poor.get(row["k"])
        forms = [self.form(where, 1)]
        weights = self.weights
        statistic = row["statistic"]
        if statistic in ("H", "A", "poor", "poor_share"):
            forms.append(self.form(where, poor))
        if statistic in ("A", "M0", "M0_share", "absolute_contribution", "percentage_contribution"):
            own = self.parts(row)
            forms.append(self.form(where, poor * (self.patterns[:, own] @ weights[own])))
        if statistic == "percentage_contribution":
            forms.append(self.form(where, poor * (self.patterns @ weights)))
        if statistic in ("censored_headcount", "poor_and_deprived"):
            (j,) = self.parts(row)
            forms.append(self.form(where, poor * self.patterns[:, j]))
        if statistic == "uncensored_headcount":
            (j,) = self.parts(row)
            forms.append(self.form(where, self.patterns[:, j]))
        return forms

    def read(self, table: Publishable) -> None:
        """Take in every number of a table."""
        for row in table.rows():
            unit = row["unit"]
            weighted = self.weighted.setdefault(unit, Span([], []))
            counts = self.counts.setdefault(unit, Span([], []))
            where = {name: row[name] for name in self.domains}
            if row["n"] is not None:
                counts.add(self.form(where, 1))
            if row["n_poor"] is not None:
                counts.add(self.form(where, self.poor[row["k"]]))
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
        forms = [self.form(where, 1)]
        if row["k"] is not None:
            forms.append(self.form(where, self.poor[row["k"]]))
        return all(form in counts for form in forms)
