"""Calibrated weights: linearised values become residuals on the calibration variables, and errors become smaller.

z_k = w_k (u_k - B_k b), b the regression of u on the calibration variables B with the design weights d. The weights'
randomness thus enters, as far as the survey names its calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none
from mpi.errors import Fault, UsageError
from mpi.estimates.quantities import Column, Quantities, Statistic
from mpi.estimates.rows import Rows
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.vocabulary.options import Unit

SINGULAR = 1e-10  # of the largest eigenvalue: calibration variables may add up to one another


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Calibrated:
    """The calibration of a profile with b distinct rows of p calibration variables.

    Attributes
    ----------
    variables : float64, shape (b, p)
    inverse : float64, shape (p, p)
        Of the sum over units of d B B'.
    totals : float64, shape (units, p)
        Sum of w B over each sampling unit.
    code : int64, shape (c,)
        Row of `variables` of each cell of the profile.
    design_weight : float64, shape (c,)
        Sum of the unit's design weights in each cell.
    whole : Rows
        The total, by sampling unit.
    """

    variables: Floats
    inverse: Floats
    totals: Floats
    code: NDArray[np.int64]
    design_weight: Floats
    whole: Rows

    def residuals(
        self,
        z: Floats,
        rows: Rows,
        table: Quantities,
        domain: Sequence[int],
        chosen: Sequence[Statistic],
        *,
        by_code: Floats | None = None,
    ) -> Floats:
        """Linearised totals less those of their regression; see `WholeDesign.values`.

        `by_code`, shape (b, m), is what relative lines add to z, by row of the variables and with design weights.

        References
        ----------
        Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapter 6.6; R survey, `calibrate`.
        """
        edges = np.searchsorted(rows.cell_domain, np.arange(rows.domains + 1))
        sums: dict[tuple[int, int], Floats] = {}

        def of_domain(g: int, column: int) -> Floats:
            if (g, column) not in sums:
                sums[g, column] = self._by_code(rows, slice(edges[g], edges[g + 1]), table.values(column))
            return sums[g, column]

        everyone: dict[int, Floats] = {}
        crossed = np.zeros((len(self.variables), len(chosen)))
        for i, (g, s) in enumerate(zip(domain, chosen, strict=True)):
            if s.kind == "total":
                crossed[:, i] = of_domain(g, s.y)
                continue
            run = slice(edges[g], edges[g + 1])
            y = float(table.values(s.y)[rows.which[run]] @ rows.weight[run])
            if s.kind == "share":
                if s.x not in everyone:
                    everyone[s.x] = self._by_code(self.whole, slice(None), table.values(s.x))
                below = float(table.values(s.x)[self.whole.which] @ self.whole.weight)
                other = everyone[s.x]
            else:
                below = float(table.values(s.x)[rows.which[run]] @ rows.weight[run])
                other = of_domain(g, s.x)
            if below > 0:
                crossed[:, i] = (of_domain(g, s.y) - y / below * other) / below
        crossed += 0 if by_code is None else by_code
        slopes = self.inverse @ (self.variables.T @ crossed)
        residual: Floats = z - self.totals @ slopes
        return residual

    def _by_code(self, rows: Rows, run: slice, column: Column) -> Floats:
        """Design-weighted sums of a quantity by distinct row of the calibration variables; shape (b,)."""
        cells = rows.order[run]
        values = column[rows.which[run]] * self.design_weight[cells]
        sums: Floats = np.bincount(self.code[cells], values, len(self.variables)).astype(np.float64)
        return sums


def calibrated(profile: DeprivationProfile, whole: Rows, units: int, unit: Unit) -> Calibrated:
    """The calibration of a profile.

    Parameters
    ----------
    profile : DeprivationProfile
    whole : Rows
        The total, by sampling unit.
    units : int
        Number of sampling units.
    unit : {"persons", "households"}

    Raises
    ------
    UsageError
        If households are counted but persons were calibrated.
    """
    cells, by_person = profile.cells, profile.sample.declared.calibration == "person"
    if by_person and unit == "households":
        text = phrase("the weights were calibrated person by person, so households have no calibrated variance")
        raise UsageError(Fault("MPI-E007", None, text, phrase("use unit=persons")))
    # A calibrated design has these columns.
    which = not_none(cells.calibration)
    of_persons, of_households = not_none(cells.design_person_weight), not_none(cells.design_household_weight)
    variables = profile.sample.calibration
    size = len(variables)
    # The regression is over the rows that were calibrated: persons, or households of any number of persons.
    design = of_persons if by_person else of_households
    final = cells.person_weight if by_person else cells.household_weight
    gram = (variables * np.bincount(which, design, size)[:, None]).T @ variables
    totals = np.zeros((units, variables.shape[1]))
    unit_of_cell = np.repeat(whole.unit, np.diff(whole.starts, append=len(whole.order)))
    np.add.at(totals, unit_of_cell, final[whole.order, None] * variables[which[whole.order]])
    weight = of_persons if unit == "persons" else of_households
    return Calibrated(
        variables=variables, inverse=_inverse(gram), totals=totals, code=which, design_weight=weight, whole=whole
    )


def _inverse(gram: Floats) -> Floats:
    """Generalised inverse after scaling to a unit diagonal; shape (p, p)."""
    size = np.sqrt(np.diag(gram))
    size = np.where(size > 0, size, 1.0)
    scaled: Floats = np.linalg.pinv(gram / np.outer(size, size), rcond=SINGULAR, hermitian=True)
    inverse: Floats = scaled / np.outer(size, size)
    return inverse
