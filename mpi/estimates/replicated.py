"""Replicate estimates: every statistic computed again with each replicate's weights, from cells or PSU totals.

Replicate weights come with the survey (a matrix over the cells) or are made from its strata and PSUs (a factor for each
PSU); either way an estimate of a replicate is the same ratio of two totals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats, not_none
from mpi.errors import Fault, UsageError, counted
from mpi.estimates.line_errors import LineErrors, given_lines
from mpi.estimates.quantities import Quantities
from mpi.estimates.rows import Rows, cell_sums
from mpi.inference.variance import Draws, Stages, jackknife_factors, rao_wu_draws, replicate_totals, replicate_variance
from mpi.language import phrase
from mpi.profile import DeprivationProfile, Spaces, ranks
from mpi.profile.sample import MOST_REPLICATES, Sample
from mpi.vocabulary.options import Unit, Variance

BLOCK = 8_000_000  # replicate estimates at once: 64 MB an array


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Replicates:
    """Replicate weights, or factors of the weights, and how their estimates make a variance.

    Attributes
    ----------
    factors : float64 or Draws, shape (c, R) or (P, R)
        The unit's replicate weight of each cell of the profile, or the factor of each PSU.
    of_cells : bool
        Which of the two.
    scale : float
    rscales : float64, shape (R,)
    mse : bool
        As in `Replication`.
    df : int
        Degrees of freedom of the whole: as the producer states them, or the rank of the survey's weights less 1; of the
        design, and fewer than the replicates, where they are made here.
    spaces : Spaces or None
        From which the degrees of freedom of domains are counted; None where `df` is that of every domain, or where
        those of a domain come from its strata and PSUs.
    """

    factors: Floats | Draws
    of_cells: bool
    scale: float
    rscales: Floats
    mse: bool
    df: int
    spaces: Spaces | None = None

    @property
    def number(self) -> int:
        """The number of replicates R."""
        return int(self.factors.shape[1])

    def freedom(self, group: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
        """Degrees of freedom of groups of units; `group` is that of each row of `spaces`, below 0: none.

        The rank of the replicate weights among the rows of a group, less 1, as R's `degf` of a subset; those of the
        whole where the rank is higher than the spaces can tell.
        """
        if self.spaces is None:
            return np.full(groups, self.df, np.int64)
        found = ranks(self.spaces, group, groups)
        beyond = (found == self.spaces.rows.shape[1]) & (self.number > found)
        return np.where(beyond, self.df, np.maximum(found - 1, 0))


def declared_replicates(profile: DeprivationProfile, unit: Unit) -> Replicates | None:
    """The replicate weights that came with the survey; None without them."""
    how, cells = profile.sample.declared.replication, profile.cells
    weights = cells.person_replicates if unit == "persons" else cells.household_replicates
    if how is None or weights is None:
        return None
    df = profile.sample.replicate_df if how.df is None else how.df
    spaces = profile.spaces if how.df is None else None
    return Replicates(
        factors=weights,
        of_cells=True,
        scale=how.scale,
        rscales=np.array(how.rscales),
        mse=how.mse,
        df=df or 0,
        spaces=spaces,
    )


def domain_freedom(
    profile: DeprivationProfile, replicates: Replicates, names: Sequence[str], codes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Degrees of freedom of each domain from the survey's replicate weights; shape (g,), see `groups_of_spaces`."""
    if replicates.spaces is None:
        return np.full(len(codes), replicates.df, np.int64)
    return replicates.freedom(groups_of_spaces(profile, names, codes), len(codes))


def groups_of_spaces(profile: DeprivationProfile, names: Sequence[str], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The domain of each row of the profile's spaces, among crossings of some domains; int64, shape (m,).

    Parameters
    ----------
    profile : DeprivationProfile
    names : sequence of str
    codes : int64, shape (g, number of names)
        The level of each name in each domain; ascending.
    """
    spaces = not_none(profile.spaces)
    places = [profile.domain(name) for name in names]
    if not places:
        return np.zeros(len(spaces.rows), np.int64)
    sizes = [max(1, len(profile.domains[place].labels)) for place in places]
    known = np.ravel_multi_index(list(codes.T), sizes)
    own = np.ravel_multi_index([spaces.domains[:, place] for place in places], sizes)
    at = np.minimum(np.searchsorted(known, own), max(0, len(known) - 1))
    return np.where(known[at] == own, at, -1) if len(known) else np.full(len(own), -1, np.int64)


def made_replicates(
    profile: DeprivationProfile, stages: Stages, variance: Variance, replicates: int, seed: int
) -> Replicates:
    """Replicates made from the strata and PSUs: the jackknife JKn, or the bootstrap of Rao and Wu.

    Raises
    ------
    UsageError
        If the profile keeps no PSUs, has replicate weights already, or corrects for a second stage.

    References
    ----------
    Rao and Wu (1988), Journal of the American Statistical Association 83, 231-241; Lumley (2010), chapter 2.3.
    """
    sample = profile.sample
    reasons = {
        phrase("the survey is a census"): sample.census,
        phrase("the survey has replicate weights of its own"): sample.declared.replication is not None,
        phrase("the design corrects for a second stage"): sample.declared.ssu_fpc is not None,
        phrase("the weights are calibrated, and each replicate would have to be"): sample.declared.calibration
        is not None,
        phrase("the profile keeps no PSUs"): not sample.clustered,
        phrase("strata with one PSU cannot lose it"): bool(stages.singles.size) and stages.single_psu != "certainty",
    }
    for reason, holds in reasons.items():
        if holds:
            remedy = (
                phrase("declare the household's key as `psu:`")
                if "no PSUs" in reason
                else phrase('use variance="design"')
            )
            if "one PSU" in reason:
                remedy = phrase("set `single_psu:` to certainty or collapse in the survey's design")
            raise UsageError(
                Fault("MPI-E009", None, phrase("no replicates can be made: {reason}", reason=reason), remedy)
            )
    return MAKERS[variance](sample, stages, replicates, seed)


def _design_df(sample: Sample) -> int:
    """PSUs less strata, of the whole design."""
    return int(sample.psus.sum() - np.count_nonzero(sample.psus))


def _jackknife(sample: Sample, stages: Stages, _replicates: int, _seed: int) -> Replicates:
    """JKn: a replicate for each PSU, without it."""
    sampled = True if stages.fractions is None else stages.fractions < 1
    if not ((sample.psus > 1) & sampled).any():
        text = phrase("no replicates can be made: no stratum has PSUs that the jackknife could leave out")
        raise UsageError(Fault("MPI-E009", None, text, phrase('use variance="design"')))
    factors, rscales = jackknife_factors(
        sample.psu_stratum, sample.psus, stages.fractions, single_psu=stages.single_psu
    )
    return Replicates(factors=factors, of_cells=False, scale=1.0, rscales=rscales, mse=False, df=_design_df(sample))


def _bootstrap(sample: Sample, stages: Stages, replicates: int, seed: int) -> Replicates:
    """The bootstrap of Rao and Wu: in each replicate one PSU fewer than each stratum has, drawn with replacement."""
    if not 1 < replicates <= MOST_REPLICATES:
        text = phrase("no variance can be made of {replicates}", replicates=counted(replicates, "replicate"))
        remedy = (
            phrase("take 500 or more")
            if replicates <= 1
            else phrase("take at most {most_replicates:,}", most_replicates=MOST_REPLICATES)
        )
        raise UsageError(Fault("MPI-E009", None, text, remedy))
    if seed < 0:
        text = phrase("the seed {seed} is below 0", seed=seed)
        raise UsageError(Fault("MPI-E009", None, text, phrase("take any number from 0")))
    factors = rao_wu_draws(
        sample.psu_stratum,
        sample.psus,
        replicates,
        np.random.default_rng(seed),
        stages.fractions,
        single_psu=stages.single_psu,
    )
    df = min(replicates - 1, _design_df(sample))
    return Replicates(
        factors=factors, of_cells=False, scale=1 / (replicates - 1), rscales=np.ones(replicates), mse=False, df=df
    )


# How replicates are made of the PSUs, by the name of the method: with `design`, every `Variance` that there is.
MAKERS: Mapping[Variance, Callable[[Sample, Stages, int, int], Replicates]] = {
    "jackknife": _jackknife,
    "bootstrap": _bootstrap,
}


def replicate_estimates(
    rows: Rows,
    whole: Rows,
    table: Quantities,
    statistics: Sequence[int],
    replicates: Replicates,
    *,
    lines: LineErrors | None = None,
) -> Iterator[tuple[slice, Floats]]:
    """Estimates of some statistics with each replicate's weights, for runs of domains.

    Parameters
    ----------
    rows, whole : Rows
        By the domains; of the total.
    table : Quantities
    statistics : sequence of int, length s
        Places in `table.statistics`.
    replicates : Replicates
    lines : LineErrors, optional
        Each replicate moves the relative lines too, by their linearised values.

    Yields
    ------
    slice
        Domains, a run of the g domains.
    float64, shape (domains of the run, s, R)
        NaN where the denominator of a replicate is 0.
    """
    chosen = [table.statistics[i] for i in statistics]
    columns = list(dict.fromkeys(column for s in chosen for column in (s.y, s.x)))
    place = {column: i for i, column in enumerate(columns)}
    y, x = [place[s.y] for s in chosen], [place[s.x] for s in chosen]
    share = np.array([s.kind == "share" for s in chosen])
    total = np.array([s.kind == "total" for s in chosen])
    overall = None
    slopes = moved = None
    if lines is not None and any(s.lines for s in chosen):
        slopes = lines.slopes(rows, table, chosen)
        moved = lines.of_replicates(replicates.factors, whole, of_cells=replicates.of_cells)
    if share.any() and rows is not whole:
        overall = _totals(whole, table, columns, replicates, slice(0, 1))[0]
    step = max(1, BLOCK // (max(len(columns), len(chosen)) * replicates.number))
    for first in range(0, rows.domains, step):
        run = slice(first, min(first + step, rows.domains))
        totals = _totals(rows, table, columns, replicates, run)
        above, below = totals[:, y], totals[:, x]
        if overall is not None:  # of the total itself they are there
            below[:, share] = overall[np.array(x)[share]]
        below[:, total] = 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(below > 0, above / below, np.nan)
        for i, given in given_lines(chosen):
            found[:, i] = given
        yield run, found if slopes is None else found + slopes[run] @ not_none(moved)


def replicated_variance(
    rows: Rows,
    whole: Rows,
    table: Quantities,
    statistics: Sequence[int],
    replicates: Replicates,
    *,
    estimate: Floats,
    lines: LineErrors | None = None,
) -> tuple[Floats, NDArray[np.int64]]:
    """Variances of some statistics in all domains, and how many replicates were undefined; shape (g, s) each."""
    variance, undefined = np.full(estimate.shape, np.nan), np.zeros(estimate.shape, np.int64)
    for run, found in replicate_estimates(rows, whole, table, statistics, replicates, lines=lines):
        variance[run], undefined[run] = replicate_variance(
            found, estimate[run], scale=replicates.scale, rscales=replicates.rscales, mse=replicates.mse
        )
    return variance, undefined


def _totals(rows: Rows, table: Quantities, columns: Sequence[int], replicates: Replicates, run: slice) -> Floats:
    """Totals of q quantities with each replicate's weights in a run of domains; shape (domains, q, R)."""
    domain = rows.cell_domain if replicates.of_cells else rows.domain
    edges = np.searchsorted(domain, np.arange(run.start, run.stop + 1))
    part = slice(int(edges[0]), int(edges[-1]))
    if replicates.of_cells:
        patterns = rows.which[part]
        values = np.column_stack([table.values(column)[patterns].astype(np.float64) for column in columns])
        place = rows.order[part]
    else:
        cells = slice(int(rows.starts[part.start]) if part.start < len(rows.starts) else len(rows.which), None)
        starts = rows.starts[part] - cells.start
        cells = slice(cells.start, int(rows.starts[part.stop]) if part.stop < len(rows.starts) else len(rows.which))
        values = cell_sums(rows, table, columns, starts, cells=cells)
        place = rows.psu[part]
    return replicate_totals(edges[:-1] - edges[0], values, replicates.factors, place)
