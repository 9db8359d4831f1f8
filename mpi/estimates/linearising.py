"""Points and linearised values: what a unit adds to an estimate's error, by domain or over the whole design.

By domain: rows of PSUs with a member, fast for thousands of domains. Over the whole design: one column an estimate, one
row a sampling unit; covariances between domains, changes and calibrated weights need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none
from mpi.estimates.basis import Basis
from mpi.estimates.calibrated import Calibrated, calibrated
from mpi.estimates.calibrated_domains import variance_of_domains
from mpi.estimates.line_errors import given_lines
from mpi.estimates.quantities import INCLUDED, Quantities, Statistic
from mpi.estimates.rows import Grain, Rows, added_up, cell_sums, domain_sums, rows_of
from mpi.inference.variance import (
    Stages,
    joint_covariance,
    joint_second_stage,
    joint_second_stage_variance,
    joint_variance,
    without_noise,
)
from mpi.profile import DeprivationProfile, Sample

BLOCK = 8_000_000  # linearised values at once: 64 MB
PART = 2**16  # of them in the processor's cache: 0.5 MB


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Some statistics in g domains.

    Attributes
    ----------
    estimate : float64, shape (g, s)
        NaN where undefined.
    divisor : float64, shape (g, s)
        The total that divides each; 1 for totals.
    ratio : float64, shape (g, s)
        R in z = (y - R x) / X; 0 for totals.
    """

    estimate: Floats
    divisor: Floats
    ratio: Floats


def stages_of(sample: Sample) -> Stages:
    """The design as the variance functions take it."""
    second = sample.declared.ssu_fpc is not None
    return Stages(
        psus=sample.psus,
        single_psu=sample.single_psu,
        fractions=sample.sampling_fractions,
        psu_stratum=sample.psu_stratum if sample.clustered else None,
        ssus=sample.ssus if second else None,
        ssu_fractions=sample.ssu_fractions,
    )


def ratio_points(
    rows: Rows, table: Quantities, chosen: Sequence[Statistic], known: dict[int, Floats] | None = None
) -> Points:
    """Ratios and totals over the domains; the sums over domains by column are left in `known`."""
    known = {} if known is None else known
    columns = list(dict.fromkeys(column for s in chosen for column in (s.y, s.x)))  # many share one
    known.update(zip(columns, domain_sums(rows, table, columns).T, strict=True))
    above, below = (np.column_stack([known[getattr(s, part)] for s in chosen]) for part in ("y", "x"))
    total = np.array([s.kind == "total" for s in chosen])
    defined = below > 0
    divisor = np.where(total | ~defined, 1.0, below)
    estimate = np.where(defined, above / divisor, np.nan)
    for i, given in given_lines(chosen):
        estimate[:, i] = np.where(defined[:, i], given, np.nan)
    return Points(estimate, divisor, np.where(total | ~defined, 0.0, estimate))


def share_points(rows: Rows, whole: Rows, table: Quantities, chosen: Sequence[Statistic]) -> Points:
    """Shares of each domain in the total of x over all domains."""
    own = domain_sums(rows, table, [s.y for s in chosen])
    overall = domain_sums(whole, table, [s.x for s in chosen])
    defined = (domain_sums(rows, table, [INCLUDED]) > 0) & (overall > 0)
    divisor = np.where(defined, overall, 1.0)
    estimate = np.where(defined, own / divisor, np.nan)
    return Points(estimate, divisor, np.where(defined, estimate, 0.0))


def linearised(rows: Rows, table: Quantities, chosen: Sequence[Statistic], points: Points) -> Floats:
    """Linearised totals of ratios and totals: z = (y - R x) / X, and z = y for totals; shape (r, s)."""
    columns = list(dict.fromkeys(column for s in chosen for column in (s.y, s.x)))
    place = {column: i for i, column in enumerate(columns)}
    sums = cell_sums(rows, table, columns, rows.starts)
    y, x = (np.array([place[getattr(s, part)] for s in chosen], np.int64) for part in ("y", "x"))
    z = np.empty((len(rows.starts), len(chosen)), order="F")
    step = max(1, PART // max(1, len(z)))
    for first in range(0, len(chosen), step):  # a row a statistic, of so few that temporaries stay in the cache
        run = slice(first, first + step)
        ratio, divisor = (values[:, run].T.take(rows.domain, axis=1) for values in (points.ratio, points.divisor))
        np.multiply(ratio, sums.T[x[run]], out=ratio)
        np.subtract(sums.T[y[run]], ratio, out=ratio)
        np.divide(ratio, divisor, out=z.T[run])
    return z


def needs_whole_design(profile: DeprivationProfile, chosen: Sequence[Statistic]) -> bool:
    """Whether units outside a domain add to the variance in a way that only the whole design shows."""
    declared = profile.sample.declared
    of_line = any(s.lines for s in chosen)
    return of_line or declared.calibration is not None or (declared.ssu_fpc is not None and chosen[0].kind == "share")


def scale_of(chosen: Sequence[Statistic], estimate: Floats) -> Floats:
    """Size of each statistic, below 1e-12 of which an error is rounding: 1, of totals the total; shape (..., s)."""
    total = np.array([s.kind == "total" for s in chosen])
    return np.where(total, np.maximum(np.abs(np.nan_to_num(estimate)), 1.0), 1.0)


def whole_design_variance(basis: Basis, rows: Rows, block: NDArray[np.int64], points: Points) -> Floats:
    """Variances of some statistics in all domains from linearised values over the whole design; shape (g, s)."""
    whole, table = WholeDesign(basis), basis.table
    chosen = [table.statistics[s] for s in block]
    scales = scale_of(chosen, points.estimate)
    found, sure = np.zeros(points.estimate.shape), np.zeros(points.estimate.shape, np.bool_)
    if whole.apart and not any(s.lines for s in chosen):
        # The part of a share that all units have is not the domain's own.
        ratio = np.zeros_like(points.ratio) if chosen[0].kind == "share" else points.ratio
        own = linearised(rows, table, chosen, replace(points, ratio=ratio))
        stages = replace(whole.stages, single_psu="certainty") if whole.stages.singles.size else whole.stages
        found, sure = variance_of_domains(
            not_none(whole.calibrated),
            rows,
            table,
            chosen,
            own,
            ratio=points.ratio,
            divisor=points.divisor,
            stages=stages,
        )
        found = without_noise(found * whole.stages.scaling, scales)
    left = np.argwhere(~sure)
    step = len(block) * max(1, BLOCK // max(1, whole.units * len(block)))
    for first in range(0, len(left), step):
        domain, statistic = left[first : first + step].T
        z = whole.values(rows, domain, block[statistic])
        variance = whole.variance(np.nan_to_num(z), scales[domain, statistic])
        found[domain, statistic] = np.where(np.isnan(z).any(axis=0), np.nan, variance)
    return found


@dataclass(frozen=True, eq=False)
class WholeDesign:
    """The design of a basis with one row a sampling unit: a PSU, a second-stage unit, or a cell of households."""

    basis: Basis

    @cached_property
    def rows(self) -> Rows:
        """The total, by unit."""
        return self.by(())

    def by(self, names: Sequence[str]) -> Rows:
        """The rows of a set of domains, kept for the next question."""
        basis, key = self.basis, tuple(names)
        if key not in self._sets:
            grain: Grain = "sampled" if basis.profile.sample.clustered else "cell"
            self._sets[key] = rows_of(basis.profile, names, basis.which, basis.unit, grain)
        return self._sets[key]

    @cached_property
    def _sets(self) -> dict[tuple[str, ...], Rows]:
        return {}

    @property
    def by_domain(self) -> bool:
        """Whether an estimate other than a share varies in the strata of its domain alone, PSUs in one stage."""
        centred = self.stages.single_psu == "centered" and bool(self.stages.singles.size)
        of_line = any(s.lines for s in self.basis.table.statistics)
        return self.calibrated is None and not self._second and not centred and not of_line

    @property
    def units(self) -> int:
        """The number of sampling units."""
        sample = self.basis.profile.sample
        return len(sample.ssu_labels) or len(sample.psu_labels) or len(self.basis.profile.cells)

    @cached_property
    def stages(self) -> Stages:
        """The design as the variance functions take it."""
        return stages_of(self.basis.profile.sample)

    @cached_property
    def calibrated(self) -> Calibrated | None:
        """The calibration; None if weights are taken as fixed."""
        if self.basis.profile.sample.declared.calibration is None:
            return None
        return calibrated(self.basis.profile, self.rows, self.units, self.basis.unit)

    @property
    def apart(self) -> bool:
        """Whether residuals of calibrated weights need not be written out: PSUs in one stage, none of them centred."""
        sample, stages = self.basis.profile.sample, self.stages
        centred = stages.single_psu == "centered" and bool(stages.singles.size)
        return self.calibrated is not None and sample.clustered and not self._second and not centred

    def values(self, rows: Rows, domain: NDArray[np.int64], statistic: NDArray[np.int64]) -> Floats:
        """Linearised totals of m estimates of one set, over the whole design.

        Parameters
        ----------
        rows : Rows
            Of the set.
        domain, statistic : int64, shape (m,)

        Returns
        -------
        float64, shape (units, m)
            NaN where the estimate is undefined.
        """
        table, whole = self.basis.table, self.rows
        chosen = [table.statistics[i] for i in statistic.tolist()]
        columns = list(dict.fromkeys(column for s in chosen for column in (s.y, s.x)))
        place = {column: i for i, column in enumerate(columns)}
        own, everyone = (cell_sums(part, table, columns, part.starts) for part in (rows, whole))
        totals, overall = added_up(rows, own), everyone.sum(axis=0)
        units = added_up(rows, cell_sums(rows, table, [INCLUDED], rows.starts))[:, 0]
        edges = np.searchsorted(rows.domain, np.arange(rows.domains + 1))
        z = np.zeros((self.units, len(chosen)))
        for i, (g, s) in enumerate(zip(domain.tolist(), chosen, strict=True)):
            run, y, x = slice(edges[g], edges[g + 1]), place[s.y], place[s.x]
            below = overall[x] if s.kind == "share" else totals[g, x]
            if below <= 0 or units[g] <= 0:
                z[:, i] = np.nan
            elif s.kind == "total":
                z[rows.unit[run], i] = own[run, y]
            elif s.kind == "share":
                z[whole.unit, i] = -totals[g, y] / below**2 * everyone[:, x]
                z[rows.unit[run], i] += own[run, y] / below
            else:
                z[rows.unit[run], i] = (own[run, y] - totals[g, y] / below * own[run, x]) / below
        slopes = self._slopes(rows, domain, statistic)
        if slopes is not None:
            z += self._line_moves @ slopes.T
        if self.calibrated is None:
            return z
        by_code = None if slopes is None else self._line_moves_by_code @ np.nan_to_num(slopes).T
        return self.calibrated.residuals(z, rows, table, domain.tolist(), chosen, by_code=by_code)

    def _slopes(self, rows: Rows, domain: NDArray[np.int64], statistic: NDArray[np.int64]) -> Floats | None:
        """How relative lines move m estimates, shape (m, places); None where none does."""
        lines, table = self.basis.lines, self.basis.table
        if lines is None or not any(table.statistics[i].lines for i in statistic.tolist()):
            return None
        distinct, which = np.unique(statistic, return_inverse=True)
        slopes = lines.slopes(rows, table, [table.statistics[i] for i in distinct.tolist()])
        found: Floats = slopes[domain, which]
        return found

    @cached_property
    def _line_moves(self) -> Floats:
        """How each sampling unit moves the relative lines; shape (units, places)."""
        return not_none(self.basis.lines).of_units(self.rows, self.units)

    @cached_property
    def _line_moves_by_code(self) -> Floats:
        """The same by row of the calibration variables, with design weights."""
        own = not_none(self.calibrated)
        return not_none(self.basis.lines).by_code(own.code, len(own.variables))

    def met(
        self, of_set: NDArray[np.int64], domain: NDArray[np.int64], statistic: NDArray[np.int64]
    ) -> NDArray[np.bool_] | None:
        """Strata with a unit of each estimate's domain, shape (H, m), where single PSUs are centred; else None.

        With calibrated weights units outside a domain have residuals too, so that all strata are met; as by what
        depends on a relative line.
        """
        if self.stages.single_psu != "centered" or not self.stages.singles.size or self.calibrated is not None:
            return None
        found = np.zeros((len(self.stages.psus), len(domain)), np.bool_)
        for number in np.unique(of_set).tolist():
            rows, own = self.by(self.basis.sets[number]), np.flatnonzero(of_set == number)
            strata = np.zeros((len(self.stages.psus), rows.domains), np.bool_)
            strata[rows.stratum, rows.domain] = True
            found[:, own] = strata[:, domain[own]]
        of_line = np.array([bool(self.basis.table.statistics[i].lines) for i in statistic.tolist()], np.bool_)
        return found | of_line

    def covariance(self, z: Floats, scale: Floats, met: NDArray[np.bool_] | None = None) -> Floats:
        """Covariance matrix of m estimates from `z`, shape (units, m), of finite values.

        `scale`, shape (m,), is their size, `met` the strata of their domains, as `met` has them.
        """
        found = joint_covariance(
            self.stratum, self._by_psu(z), stages=self.stages, concentration=self._concentration, scale=scale, met=met
        )
        if self._second:
            found = found + joint_second_stage(self._psu, z, stages=self.stages, scale=scale)
        return found

    def variance(self, z: Floats, scale: Floats) -> Floats:
        """Variances of m estimates; the diagonal of `covariance`."""
        found = joint_variance(
            self.stratum, self._by_psu(z), stages=self.stages, concentration=self._concentration, scale=scale
        )
        if self._second:
            found = found + joint_second_stage_variance(self._psu, z, stages=self.stages, scale=scale)
        return found

    def within(self, z: Floats, scale: Floats, units: NDArray[np.int64]) -> Floats:
        """The same from `z` of some units, shape (k, m): all those of the strata in which z is not 0, in one stage."""
        weights = None if self._concentration is None else self._concentration[units]
        return joint_variance(self.stratum[units], z, stages=self.stages, concentration=weights, scale=scale)

    @property
    def _psu(self) -> NDArray[np.int64]:
        """PSU of each second-stage unit."""
        return self.basis.profile.sample.ssu_psu

    @property
    def _second(self) -> bool:
        return self.basis.profile.sample.declared.ssu_fpc is not None

    @property
    def stratum(self) -> NDArray[np.int64]:
        """Of each PSU, or of each cell of households."""
        profile = self.basis.profile
        return profile.sample.psu_stratum if profile.sample.clustered else profile.cells.stratum

    @cached_property
    def _concentration(self) -> Floats | None:
        """Sum of squared weights over the square of their sum, of each cell of households that are PSUs."""
        if self.basis.profile.sample.clustered:
            return None
        rows = self.rows
        found = np.ones(self.units)
        weighted = rows.weight > 0
        found[rows.unit[weighted]] = rows.squares[weighted] / rows.weight[weighted] ** 2
        return found

    def _by_psu(self, z: Floats) -> Floats:
        if not self._second:
            return z
        psu = self.basis.profile.sample.ssu_psu
        sums = np.zeros((len(self.basis.profile.sample.psu_labels), z.shape[1]))
        first = np.flatnonzero(np.diff(psu, prepend=-1))
        sums[psu[first]] = np.add.reduceat(z, first, axis=0)
        return sums
