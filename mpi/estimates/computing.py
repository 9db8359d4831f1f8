"""Points, variances, design effects and counts of all statistics in all domains, as arrays.

Statistics are taken in blocks, so that memory stays bounded whatever the number of PSUs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.estimates.basis import Basis
from mpi.estimates.linearising import (
    Points,
    linearised,
    needs_whole_design,
    ratio_points,
    scale_of,
    share_points,
    stages_of,
    whole_design_variance,
)
from mpi.estimates.quantities import INCLUDED, Quantities, Statistic, of_kind, proportion_bases
from mpi.estimates.replicated import domain_freedom, replicated_variance
from mpi.estimates.rows import Rows, added_up, cell_sums, domain_sums, units_from_band
from mpi.inference.variance import (
    ShareSquares,
    Stages,
    degrees_of_freedom,
    linearised_variance,
    scaling,
    second_stage_variance,
    share_variance,
)
from mpi.profile import DeprivationProfile, Sample

BLOCK = 8_000_000  # values of rows times statistics at once: 64 MB an array
NO_SPREAD = 1e-12  # of the sum of squares: what rounding leaves of equal values


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Estimated:
    """What one set of g domains yields for s statistics and b cutoffs; NaN where undefined.

    Attributes
    ----------
    estimate, variance, deff : float64, shape (g, s)
        A domain without degrees of freedom has no variance, whatever the rule for `df`.
    undefined : int64, shape (g, s)
        Replicates that leave the statistic undefined, and are left out of its variance.
    df : int64, shape (g, s)
        Degrees of freedom by the requested rule.
    freedom : int64, shape (g, s)
        Those of the domain itself.
    n, psus : int64, shape (g, s)
        Unweighted units of the statistic; PSUs with at least one of them.
    population : float64, shape (g, s)
        Weight of these units.
    everyone : int64, shape (g,)
        Unweighted units, those with an unknown score too.
    included : int64, shape (g,)
        Those whose score is known.
    n_poor : int64, shape (g, b)
        Unweighted poor units.
    units : int64, shape (g, s)
        Unweighted units in the numerator or the denominator, whichever are fewer; of ratios the poor.
    enumerated : bool, shape (g, s)
        Whether the design says that all units of the statistic's strata were drawn: its error is then 0.
    """

    estimate: Floats
    variance: Floats
    deff: Floats
    undefined: NDArray[np.int64]
    df: NDArray[np.int64]
    freedom: NDArray[np.int64]
    n: NDArray[np.int64]
    psus: NDArray[np.int64]
    population: Floats
    everyone: NDArray[np.int64]
    included: NDArray[np.int64]
    n_poor: NDArray[np.int64]
    units: NDArray[np.int64]
    enumerated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Units of b bases in g domains, as in `Estimated`; shape (g, b)."""

    n: NDArray[np.int64]
    psus: NDArray[np.int64]
    population: Floats
    df: NDArray[np.int64]
    freedom: NDArray[np.int64]


def estimated(basis: Basis, rows: Rows, names: Sequence[str]) -> Estimated:
    """Every statistic in every domain.

    Parameters
    ----------
    basis : Basis
    rows : Rows
        By the domains.
    names : sequence of str
        What the domains are crossed from.
    """
    table, sample = basis.table, basis.profile.sample
    bases, base = proportion_bases(table)
    counts = _counts(basis, rows, bases, names)
    estimate, variance, deff = (np.full((rows.domains, len(base)), np.nan) for _ in range(3))
    undefined = np.zeros(estimate.shape, np.int64)
    for block in _blocks(table, max(len(rows.starts), rows.domains)):
        chosen = [table.statistics[s] for s in block]
        known: dict[int, Floats] = {}
        points = (
            share_points(rows, basis.whole, table, chosen)
            if chosen[0].kind == "share"
            else ratio_points(rows, table, chosen, known)
        )
        estimate[:, block] = points.estimate
        if sample.census:
            continue
        variance[:, block], undefined[:, block] = _variance(basis, rows, block, points)
        if chosen[0].kind != "share":
            n, population = counts.n.take(base[block], axis=1), counts.population.take(base[block], axis=1)
            deff[:, block] = _deff(
                rows, table, chosen, points, variance[:, block], n=n, population=population, known=known
            )
    # Not `[:, base]`, whose result lies column by column in memory: a table is made of it row by row.
    n, psus, population, df, freedom = (getattr(counts, name).take(base, axis=1) for name in _Counts.__slots__)
    share = of_kind(table, "share")
    if share.any():
        whole = _counts(basis, basis.whole, [INCLUDED], ())
        df[:, share], freedom[:, share] = whole.df, whole.freedom
    # Inside one PSU the linearised values always add up to 0: this tells nothing about other PSUs.
    variance[freedom <= 0] = np.nan
    wide = share | np.array([bool(s.lines) for s in table.statistics], np.bool_)
    whole_strata = _enumerated(sample, rows)[:, None] & ~wide | _enumerated(sample, basis.whole)[:, None] & wide
    variance[whole_strata & np.isfinite(estimate)] = 0.0
    deff[~(variance > 0)] = np.nan
    everyone = added_up(rows, np.add.reduceat(rows.count, rows.starts))
    undefined[everyone == 0] = 0  # no unit was sampled there: no replicate is at fault
    n_poor = units_from_band(rows, table).take(table.lowest, axis=1)
    rests_on = _rests_on(rows, table, n, n_poor)
    return Estimated(
        estimate=estimate,
        variance=variance,
        deff=deff,
        undefined=undefined,
        df=df,
        freedom=freedom,
        n=n,
        psus=psus,
        population=population,
        everyone=everyone,
        included=added_up(rows, _units(rows, table.values(INCLUDED) > 0)),
        n_poor=n_poor,
        units=rests_on,
        enumerated=whole_strata,
    )


def _rests_on(rows: Rows, table: Quantities, n: NDArray[np.int64], n_poor: NDArray[np.int64]) -> NDArray[np.int64]:
    """Unweighted units in the numerator or denominator of each statistic, whichever are fewer; shape (g, s)."""
    cutoff = np.array([-1 if s.k is None else s.k for s in table.statistics], np.int64)
    found = np.where(cutoff < 0, n, np.minimum(n, n_poor.take(np.maximum(cutoff, 0), axis=1)))
    counting = np.flatnonzero([s.counts_units and s.dimension is not None for s in table.statistics])
    above = domain_sums(rows, table, [table.statistics[i].y for i in counting.tolist()], rows.count)
    found[:, counting] = np.minimum(found.take(counting, axis=1), np.rint(above).astype(np.int64))
    return found


def _variance(basis: Basis, rows: Rows, block: NDArray[np.int64], points: Points) -> tuple[Floats, NDArray[np.int64]]:
    """Variances, NaN where the estimate is undefined, and the number of undefined replicates; shape (g, s) each."""
    table, profile = basis.table, basis.profile
    chosen = [table.statistics[s] for s in block]
    none = np.zeros(points.estimate.shape, np.int64)
    if basis.replicates is not None:
        return replicated_variance(
            rows, basis.whole, table, block.tolist(), basis.replicates, estimate=points.estimate, lines=basis.lines
        )
    if needs_whole_design(profile, chosen):
        variance = whole_design_variance(basis, rows, block, points)
    elif chosen[0].kind == "share":
        variance = _share_variance(profile, rows, basis.whole, table, chosen)
    else:
        variance = _ratio_variance(profile, rows, table, chosen, points)
    return np.where(np.isnan(points.estimate), np.nan, variance), none


def _blocks(table: Quantities, rows: int) -> Iterator[NDArray[np.int64]]:
    """Positions of statistics that are computed together: shares separately, and not too many at once.

    Statistics with the same base are together, whatever their cutoffs: one pass over the cells is enough for all.
    Those that depend on a relative line are apart, for they vary over the whole design.
    """
    width = max(1, BLOCK // max(1, rows))
    shares, lines = of_kind(table, "share"), np.array([bool(s.lines) for s in table.statistics], np.bool_)
    order = np.argsort([table.columns[s.y].base for s in table.statistics], kind="stable")
    for places in (order[~(shares | lines)[order]], order[lines[order]], order[shares[order]]):
        for first in range(0, len(places), width):
            yield places[first : first + width]


def _units(rows: Rows, flag: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Unweighted units of each row whose pattern has a flag of shape (p,); shape (r,)."""
    found: NDArray[np.int64] = np.add.reduceat(rows.count * flag[rows.which], rows.starts)
    return found


def _counts(basis: Basis, rows: Rows, bases: Sequence[int], names: Sequence[str]) -> _Counts:
    sample, table = basis.profile.sample, basis.table
    n, psus, df, freedom = (np.zeros((rows.domains, len(bases)), np.int64) for _ in range(4))
    first, repeated = rows.psu_starts, basis.replicates
    of_file = repeated is not None and repeated.of_cells  # nothing is known of the strata and PSUs behind
    if repeated is not None and of_file:
        freedom[:] = domain_freedom(basis.profile, repeated, names, rows.codes)[:, None]
        df[:] = freedom if isinstance(basis.rule, str) and basis.rule != "design" else repeated.df
        if not isinstance(basis.rule, str):
            df[:] = basis.rule
    for b, column in enumerate(bases):
        flag = table.values(column) > 0
        n[:, b] = added_up(rows, _units(rows, flag))
        # Under clustering a household may be split by its persons and is counted with the first: persons without it.
        households = np.where(flag[rows.which] & (rows.count > 0), np.maximum(rows.households, 1), 0)
        present: NDArray[np.int64] = np.add.reduceat(households, rows.starts)
        if sample.clustered:
            present = np.minimum(np.add.reduceat(present, first), 1)
        domain, stratum = (rows.domain[first], rows.stratum[first]) if sample.clustered else (rows.domain, rows.stratum)
        np.add.at(psus[:, b], domain, present)
        if not sample.census and not of_file:
            df[:, b], freedom[:, b] = (
                degrees_of_freedom(domain, stratum, present, domains=rows.domains, psus=sample.psus, rule=rule)
                for rule in (basis.rule, "domain")
            )
            if repeated is not None:
                freedom[:, b] = np.minimum(freedom[:, b], repeated.df)
                if isinstance(basis.rule, str):
                    df[:, b] = np.minimum(df[:, b], repeated.df)
    return _Counts(n, psus, domain_sums(rows, table, bases), df, freedom)


def _enumerated(sample: Sample, rows: Rows) -> NDArray[np.bool_]:
    """Whether every unit of the strata that a domain meets was drawn, by the design's own corrections; shape (g,).

    If all clusters were drawn, this is not enough: only a second stage in the design says whether all their households
    were drawn. Nor is it known of replicate weights, and calibration spreads the error of other strata.
    """
    first, second = sample.sampling_fractions, sample.ssu_fractions
    found = np.zeros(rows.domains, np.bool_)
    if first is None or sample.declared.calibration is not None or (second is None and sample.unit == "PSU"):
        return found
    drawn = first[rows.stratum] >= 1
    if second is not None:
        drawn &= second[rows.psu] >= 1
    found[rows.domain] = True
    found[rows.domain[~drawn]] = False
    return found


def _ratio_variance(
    profile: DeprivationProfile, rows: Rows, table: Quantities, chosen: Sequence[Statistic], points: Points
) -> Floats:
    """Variances of ratios and totals from their linearised values; shape (g, s)."""
    sample, stages = profile.sample, stages_of(profile.sample)
    z = linearised(rows, table, chosen, points)
    scale = scale_of(chosen, points.estimate)
    first = rows.psu_starts
    if sample.declared.ssu_fpc is not None:
        second = second_stage_variance(rows.domain, rows.psu, z, domains=rows.domains, stages=stages)
        z = np.add.reduceat(z, first, axis=0)
    else:
        second, first = np.zeros(1), np.arange(len(z))
    squares = None if sample.clustered else _squares(rows, table, chosen, points)
    factor: Floats | float = 1.0
    if stages.single_psu == "scaled":
        factor, stages = _scaling(rows, table, chosen, stages), replace(stages, single_psu="certainty")
    return second + factor * linearised_variance(
        rows.domain[first], rows.stratum[first], z, domains=rows.domains, stages=stages, squares=squares, scale=scale
    )


def _scaling(rows: Rows, table: Quantities, chosen: Sequence[Statistic], stages: Stages) -> Floats:
    """L / (L - L_single) over the strata with a unit of each statistic, unknown ones excluded; shape (g, s)."""
    found = np.empty((rows.domains, len(chosen)))
    single = np.isin(np.arange(len(stages.psus)), stages.singles)
    of_base: dict[int, Floats] = {}
    for i, statistic in enumerate(chosen):
        base = statistic.x if statistic.kind == "proportion" else INCLUDED
        if base not in of_base:
            present = _units(rows, table.values(base) > 0) > 0
            pairs = np.unique(rows.domain[present] * len(stages.psus) + rows.stratum[present])
            domain, stratum = np.divmod(pairs, len(stages.psus))
            strata = np.bincount(domain, minlength=rows.domains)
            of_base[base] = scaling(strata, np.bincount(domain, single[stratum], rows.domains).astype(np.int64))
        found[:, i] = of_base[base]
    return found


def _squares(rows: Rows, table: Quantities, chosen: Sequence[Statistic], points: Points) -> Floats:
    """Sums over households of the squares of their linearised totals, where each is its own PSU; shape (r, s)."""
    squares = np.empty((len(rows.starts), len(chosen)))
    for place, statistic in enumerate(chosen):
        y, x = table.values(statistic.y), table.values(statistic.x)
        residual = y[rows.which] - points.ratio[rows.cell_domain, place] * x[rows.which]
        squares[:, place] = np.add.reduceat(rows.squares * residual**2, rows.starts)
    return squares / points.divisor[rows.domain] ** 2


def _deff(
    rows: Rows,
    table: Quantities,
    chosen: Sequence[Statistic],
    found: Points,
    variance: Floats,
    *,
    n: NDArray[np.int64],
    population: Floats,
    known: dict[int, Floats],
) -> Floats:
    """Variance over that of a simple random sample of as many units, without replacement; shape (g, s).

    References
    ----------
    Kish (1965), Survey Sampling, 8.2; R survey, `svymean(deff = TRUE)`.
    """
    columns = list(dict.fromkeys(column for s in chosen for column in s.moments if column not in known))
    sums = known | dict(zip(columns, domain_sums(rows, table, columns).T, strict=True))
    yy, yx, xx = (np.column_stack([sums[s.moments[i]] for s in chosen]) for i in range(3))
    total = np.array([s.kind == "total" for s in chosen])
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(total, found.estimate / population, found.estimate)
        size = yy + mean**2 * xx
        spread = size - 2 * mean * yx
        simple = np.where(spread > NO_SPREAD * size, spread, np.nan) * (population - n) / (n - 1) / found.divisor**2
        return np.where((population > n) & (n > 1), variance / simple, np.nan)


def _share_variance(
    profile: DeprivationProfile, rows: Rows, whole: Rows, table: Quantities, chosen: Sequence[Statistic]
) -> Floats:
    """Variances of each domain's share in the total over all domains, over the full design; shape (g, s)."""
    y, x = [s.y for s in chosen], [s.x for s in chosen]
    own, everyone = cell_sums(rows, table, y, rows.starts), cell_sums(whole, table, x, whole.starts)
    matched, squares = np.zeros_like(own), None
    if profile.sample.clustered:
        place = np.zeros(len(profile.sample.psu_labels), np.int64)
        place[whole.psu] = np.arange(len(whole.psu))
        matched = everyone[place[rows.psu]]
    else:
        squares = ShareSquares(
            cell_sums(rows, table, [s.moments[0] for s in chosen], rows.starts, rows.squares),
            cell_sums(rows, table, [s.moments[1] for s in chosen], rows.starts, rows.squares),
            cell_sums(whole, table, [s.moments[2] for s in chosen], whole.starts, whole.squares),
        )
    return share_variance(
        rows.domain,
        rows.stratum,
        own,
        matched,
        domains=rows.domains,
        stages=stages_of(profile.sample),
        population_stratum=whole.stratum,
        population_x=everyone,
        squares=squares,
    )
