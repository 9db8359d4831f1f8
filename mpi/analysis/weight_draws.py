"""Orders of domains under all weights: seeded draws, uniform over the simplex, whose verdicts are exact.

References: Alkire et al. (2015), chapter 8; Yalonetzky (2012), ECINEQ 257, on orders under any weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from mpi.analysis.robustness import check_ranked
from mpi.columns.values import Floats
from mpi.counting import Scores, distinct_patterns, least_units, scores
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import public
from mpi.estimates.rows import check_unit
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for
from mpi.profile import DeprivationProfile, fitted
from mpi.specs.measure import K, Measure
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import MOST_DRAWS, Unit

GRAINS = 2**30  # of a drawn weight vector, so that its sums are exact
BLOCK = 4_000_000  # scores at once: 32 MB


@public
def weight_draws(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    *,
    by: str,
    statistic: str = "M0",
    k: K | None = None,
    draws: int = 10_000,
    seed: int = 0,
    unit: Unit = "persons",
) -> tuple[pa.Table, pa.Table]:
    """H or M0 of domains under weights drawn uniformly from all that add up to 1: points, without sampling errors.

    Parameters
    ----------
    profile, measure, by, statistic, unit
        As for `robustness`; the score is a sum of weights (no combined dimension), unknowns are left out.
    k : str or Fraction, optional
        The cutoff; the measure's first if left out. Poor is who scores k or more (`>`: more), decided between integers:
        the drawn weights are multiples of 2^-30.
    draws, seed : int

    Returns
    -------
    domains : pyarrow.Table
        The domain, `estimate` (with the measure's own weights), `lowest`, `p5`, `median`, `p95`, `highest` of the
        draws.
    pairs : pyarrow.Table
        `first`, `second`, `first_higher`, `equal`, `second_higher`: shares of the draws; they add up to 1.

    Raises
    ------
    UsageError
        If the measure's score is no sum of weights, it redistributes the weights of unknowns, or as `mpi.estimate`.

    References
    ----------
    Uniform weights as spacings of ordered uniform numbers: Rubinstein (1982); Alkire et al. (2015), chapter 8.
    """
    profile = profile_for(profile, measure, by)
    check_ranked(profile, by, statistic, ("estimate", "lowest", "p5", "median", "p95", "highest"))
    check_unit(profile, measure, unit)
    check_draws(draws, seed)
    check_summed(measure)
    profile = fitted(profile, measure)
    cutoff = measure.cutoffs[0] if k is None else measure.cutoff(k)
    codes, shares, found = shares_of_patterns(profile, measure, by, unit)
    own = shares @ (found.poor(cutoff) * (1.0 if statistic == "H" else found.score))
    scored = [j for j, one in enumerate(measure.indicators) if not one.monitor]
    deprived = found.deprived[:, scored].astype(np.float64)
    drawn = drawn_weights(np.random.default_rng(seed), draws, deprived.shape[1])
    values = np.empty((len(codes), draws))
    step = max(1, BLOCK // max(1, len(deprived)))
    least = least_units(cutoff, GRAINS)
    for first in range(0, draws, step):
        score = deprived @ drawn[:, first : first + step]  # whole numbers below 2^53: exact
        poor = score >= least
        censored = poor.astype(np.float64) if statistic == "H" else np.where(poor, score, 0.0) / GRAINS
        values[:, first : first + step] = shares @ censored
    return _domains_drawn(by, codes, own, values), _pairs_drawn(codes, values)


def check_draws(draws: int, seed: int) -> None:
    """Refuse a number of draws or a seed that there is not.

    Raises
    ------
    UsageError
    """
    if not 0 < draws <= MOST_DRAWS:
        text = phrase("{draws} draws of weights: it takes 1 to {most:,}", draws=draws, most=MOST_DRAWS)
        raise UsageError(Fault("MPI-E211", None, text, phrase("take 10,000: shares are then known to half a point")))
    if seed < 0:
        raise UsageError(
            Fault("MPI-E009", None, phrase("the seed {seed} is below 0", seed=seed), phrase("take any number from 0"))
        )


def check_summed(measure: Measure) -> None:
    """Refuse a measure whose score is no sum of weights that are the same for all.

    Raises
    ------
    UsageError
    """
    if measure.missing == "reweight" or any(one.at_least is not None for one in measure.dimensions):
        text = phrase("the score of {name} is not a sum of weights that are the same for all", name=measure.name)
        remedy = phrase("draw weights of a measure with `missing: exclude` and without `combine`")
        raise UsageError(Fault("MPI-E213", None, text, remedy))


def shares_of_patterns(
    profile: DeprivationProfile, measure: Measure, by: str, unit: Unit
) -> tuple[tuple[str, ...], Floats, Scores]:
    """Groups with a figure, the share of each pattern in them, shape (g, p), and the patterns' scores."""
    cells = profile.cells
    domain = profile.domains[profile.domain(by)]
    distinct = distinct_patterns(cells.pattern, cells.unknown)
    found = scores(measure, distinct.pattern, distinct.unknown)
    weight = np.where(
        found.included[distinct.which], cells.person_weight if unit == "persons" else cells.household_weight, 0.0
    )
    code = cells.domains[:, profile.domain(by)] * len(found.included) + distinct.which
    sums = np.bincount(code, weight, len(domain.labels) * len(found.included)).reshape(len(domain.labels), -1)
    total = sums.sum(axis=1)
    kept = total > 0
    shares = sums[kept] / total[kept, None]
    codes = tuple(label for label, keep in zip(domain.labels, kept.tolist(), strict=True) if keep)
    if len(codes) < 2:  # noqa: PLR2004  an order is of two
        text = phrase("a ranking by {domain} needs two groups with figures", domain=by)
        raise UsageError(Fault("MPI-E210", None, text, phrase("estimate by another domain")))
    return codes, shares, found


def drawn_weights(rng: np.random.Generator, draws: int, indicators: int) -> Floats:
    """Weights in grains, uniform over the simplex: spacings of ordered uniform numbers; shape (d, draws)."""
    edges = np.sort(rng.integers(0, GRAINS, (indicators - 1, draws), endpoint=True), axis=0)
    ends = np.vstack([np.zeros((1, draws), np.int64), edges, np.full((1, draws), GRAINS)])
    return np.diff(ends, axis=0).astype(np.float64)


def _domains_drawn(by: str, codes: Sequence[str], own: Floats, values: Floats) -> pa.Table:
    low, p5, middle, p95, high = np.quantile(values, [0, 0.05, 0.5, 0.95, 1], axis=1)
    made = {"estimate": own, "lowest": low, "p5": p5, "median": middle, "p95": p95, "highest": high}
    return pa.table({by: list(codes), **made})


def _pairs_drawn(codes: Sequence[str], values: Floats) -> pa.Table:
    one, other = np.triu_indices(len(codes), 1)
    signs = [np.sign(values[a] - values[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    higher, equal, lower = (np.array([np.mean(sign == way) for sign in signs]) for way in (1, 0, -1))
    return pa.table(
        {
            "first": [codes[i] for i in one.tolist()],
            "second": [codes[i] for i in other.tolist()],
            "first_higher": higher,
            "equal": equal,
            "second_higher": lower,
        }
    )
