"""Dominance: whether one domain is at least as poor as another whatever the poverty cutoff, and how surely.

References: Alkire et al. (2015), chapter 8.1.1; Lasso de la Vega (2010); the intersection-union test: Berger (1982),
Technometrics 24, 295-300.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.analysis.robustness import check_ranked, nullable
from mpi.columns.values import Floats
from mpi.counting import distinct_patterns, scores
from mpi.errors import Fault, Notice, UsageError
from mpi.errors.arguments import public
from mpi.estimates import Estimates, Request, estimates_of
from mpi.estimates.covariance import covariance, variance_of_pairs
from mpi.estimates.forms import plain_html
from mpi.estimates.joint_df import JointFreedom
from mpi.estimates.linearising import WholeDesign
from mpi.inference.distributions import student_two_sided_p
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.profile import DeprivationProfile, fitted
from mpi.specs.measure import Cutoff, K, Measure
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import DegreesOfFreedom, Unit

SIGNIFICANT = 0.05
ROUNDED = "MPI-N007"  # of a cutoff that looks rounded: nobody wrote these
MOST_CUTOFFS = 500  # each has a covariance matrix of its own


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Dominance:
    """Curves of H or M0 over the cutoff, and which of two domains lies above the other everywhere.

    Attributes
    ----------
    statistic, domain : str
    curves : pyarrow.Table
        The domain (null: all), `k`, `estimate`, `se`, `ci_low`, `ci_high`: at every score that occurs within the range
        of cutoffs. Between two of them the curves are level, so that this is every attainable score.
    pairs : pyarrow.Table
        `first`, `second`; `dominates` (`first` or `second`: never less poor, and poorer at one cutoff; null: neither);
        `least_t` (the smallest t of the differences, over the cutoffs at which they have an error), `df`, `p`
        (one-sided, of the smallest t: that the other is poorer at some cutoff), `significant` (p below 5 %).
    notices : tuple of Notice
        Those of the estimates.
    """

    statistic: str
    domain: str
    curves: pa.Table
    pairs: pa.Table
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        found = self.pairs.num_rows - self.pairs["dominates"].null_count
        return f"Dominance: {self.statistic} by {self.domain}, {found:,} of {self.pairs.num_rows:,} pairs of domains"

    def _repr_html_(self) -> str:
        return plain_html(self.pairs, repr(self))


@public
def dominance(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    *,
    by: str,
    statistic: str = "H",
    lowest: K | None = None,
    highest: K | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
) -> Dominance:
    """Compare domains at every attainable score, with a joint test.

    Parameters
    ----------
    profile, measure, unit, level, df
        As for `mpi.estimate`.
    by : str
        The domain whose groups are compared.
    statistic : {"H", "M0"}
    lowest, highest : str or Fraction, optional
        The range of cutoffs; all scores above 0 if left out.

    Returns
    -------
    Dominance

    Raises
    ------
    UsageError
        If no score that occurs lies in the range, or too many do, or as `mpi.estimate`.

    References
    ----------
    First-order dominance in H implies that in M0: Alkire et al. (2015), chapter 8.1.1. A pair dominates significantly
    if its difference is above 0 at every cutoff by a one-sided t test (intersection-union).
    """
    profile = profile_for(profile, measure, by)
    check_ranked(profile, by, statistic, ("k", "estimate", "se", "ci_low", "ci_high"))
    cutoffs = _cutoffs(profile, measure, lowest, highest)
    rules = rules_for(profile, "none")
    asked = Request(measure=measure, rules=rules, by=by, k=cutoffs, unit=unit, level=level, df=df)
    found = estimates_of(profile, asked, statistics=statistic)
    table = found.table
    curves = pa.table({by: table[by], **{name: table[name] for name in ("k", "estimate", "se", "ci_low", "ci_high")}})
    notices = tuple(one for one in found.notices if one.code != ROUNDED)
    return Dominance(statistic=statistic, domain=by, curves=curves, pairs=_pairs(found, by, cutoffs), notices=notices)


def _cutoffs(profile: DeprivationProfile, measure: Measure, lowest: K | None, highest: K | None) -> list[Cutoff]:
    """The scores above 0 that occur within the range."""
    own = fitted(profile, measure)
    distinct = distinct_patterns(own.cells.pattern, own.cells.unknown)
    found = scores(measure, distinct.pattern, distinct.unknown)
    low = Fraction(0) if lowest is None else measure.cutoff(lowest).k
    high = Fraction(1) if highest is None else measure.cutoff(highest).k
    occurring = {Fraction(text) for text in found.text() if text is not None}
    kept = sorted(score for score in occurring if score > 0 and low <= score <= high)
    if not any(occurring):
        text = phrase("nobody is deprived in anything, so there are no curves to compare")
        raise UsageError(Fault("MPI-E001", None, text, phrase("leave dominance out: all groups are alike")))
    if not 0 < len(kept) <= MOST_CUTOFFS:
        text = phrase(
            "{number:,} scores occur from {low} to {high}: it takes 1 to {most}",
            number=len(kept),
            low=str(low),
            high=str(high),
            most=MOST_CUTOFFS,
        )
        remedy = phrase("give a narrower range of cutoffs") if kept else phrase("give another range of cutoffs")
        raise UsageError(Fault("MPI-E001", None, text, remedy))
    return [Cutoff(score) for score in kept]


def _pairs(found: Estimates, by: str, cutoffs: list[Cutoff]) -> pa.Table:
    """Verdicts for each two groups that have figures at all cutoffs."""
    groups = found.table[by].to_pylist()
    rows: dict[str, list[int]] = {cutoff.text: [] for cutoff in cutoffs}
    for j, (code, k) in enumerate(zip(groups, found.table["k"].to_pylist(), strict=True)):
        if code is not None:
            rows[k].append(j)
    codes = list(dict.fromkeys(code for code in groups if code is not None))
    one, other = np.triu_indices(len(codes), 1)
    difference, error = _differences([found.take(own) for own in rows.values()], one, other)
    freedom = _freedom(found.take(rows[cutoffs[0].text]), one, other)
    above, below = _order(difference), _order(-difference)
    sign = np.where(above, 1, np.where(below, -1, 0))
    least, df, p = _joint(difference * sign, error, np.broadcast_to(freedom, error.shape))
    none = sign == 0
    least[none], p[none] = np.nan, np.nan
    return pa.table(
        {
            "first": [codes[i] for i in one.tolist()],
            "second": [codes[i] for i in other.tolist()],
            "dominates": pa.array([{1: "first", -1: "second"}.get(int(way)) for way in sign], pa.string()),
            "least_t": nullable(least),
            "df": nullable(np.where(none, np.nan, df)),
            "p": nullable(p),
            "significant": p < SIGNIFICANT,
        }
    )


def _differences(
    at_cutoffs: Sequence[Estimates], one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Differences of pairs of groups and their errors, NaN of a census; shape (cutoffs, pairs) each."""
    estimate = np.array([own.table["estimate"].to_numpy() for own in at_cutoffs], np.float64)
    basis, error = at_cutoffs[0].basis, np.full((len(at_cutoffs), len(one)), np.nan)
    if not basis.profile.sample.census:
        whole = WholeDesign(basis)
        for i, own in enumerate(at_cutoffs):
            error[i] = np.sqrt(variance_of_pairs(covariance(own, whole), one, other))
    return estimate[:, one] - estimate[:, other], error


def _freedom(own: Estimates, one: NDArray[np.int64], other: NDArray[np.int64]) -> Floats:
    """Degrees of freedom of pairs of groups, shape (pairs,): alike at all cutoffs, as H and M0 are about everyone."""
    if own.basis.profile.sample.census:
        return np.zeros(len(one))
    return JointFreedom(own.basis, own.places).of_pairs(one, other).astype(np.float64)


def _order(difference: Floats) -> NDArray[np.bool_]:
    """Whether the first is never below the second, and above it somewhere; False where a figure is missing."""
    known = np.logical_and.reduce(np.isfinite(difference) & (difference >= 0), axis=0)
    found: NDArray[np.bool_] = np.asarray(known & np.logical_or.reduce(difference > 0, axis=0))
    return found


def _joint(difference: Floats, error: Floats, freedom: Floats) -> tuple[Floats, Floats, Floats]:
    """The smallest t over the cutoffs, its degrees of freedom, and its one-sided p; NaN without an error anywhere."""
    usable = (error > 0) & (freedom > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(usable, difference / error, np.inf)
    at = np.argmin(t, axis=0)[None]
    least, df = np.take_along_axis(t, at, 0)[0], np.take_along_axis(freedom, at, 0)[0]
    least = np.where(usable.any(axis=0), least, np.nan)
    p = np.full(len(least), np.nan)
    known = np.isfinite(least)
    half = student_two_sided_p(least[known], df[known]) / 2
    p[known] = np.where(least[known] > 0, half, 1 - half)
    return least, df, p
