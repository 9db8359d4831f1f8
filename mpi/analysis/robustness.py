"""Robustness of a ranking of domains to cutoffs, weights, left-out indicators and rules for unknowns.

References: Alkire et al. (2015), chapter 8; Alkire, Kanagaratnam, Nogales and Suppa (2019) on pairs that stay
significant.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from mpi.analysis.rank_robustness import kendall_tau
from mpi.columns import arrow
from mpi.columns.values import Floats
from mpi.errors import Fault, Notice, UsageError
from mpi.errors.arguments import public
from mpi.estimates import Estimates, Request, estimates_of
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.covariance import differences_of_pairs
from mpi.estimates.forms import plain_html
from mpi.estimates.tidy import refuse_columns
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff, K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.vocabulary.options import MISSING, RANKED, Adjust, DegreesOfFreedom, Missing, Unit

Weights = Mapping[str, str | int | Fraction]
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Robustness:
    """How a ranking of n domains fares under a alternatives; the first of these is the measure as it is.

    Attributes
    ----------
    statistic, domain : str
    alternatives : pyarrow.Table
        One row each: `alternative`, `k`, `weights`, `without`, `missing` (what is other than in the measure; null: as
        there), `domains` (with a figure in it and in the first), `tau_b`, `spearman`, `pairs`, `kept` (pairs of the
        same order as in the first), `significant` (pairs that differ significantly in the first),
        `kept_significantly` (of these, those that differ significantly, in the same order, in the alternative).
    pairs : pyarrow.Table
        One row for each two domains: `first`, `second`, `difference`, `se`, `p` (of the first alternative), `kept` (in
        how many of the other alternatives), `alternatives` (how many others have both figures), `kept_everywhere`,
        `significant`, `kept_significantly` (significant in the first and, in the same order, in every other).
    figures : pyarrow.Table
        `alternative`, `domain`, `estimate`, `se`.
    notices : tuple of Notice
        Those of the estimates, each once.
    """

    statistic: str
    domain: str
    alternatives: pa.Table
    pairs: pa.Table
    figures: pa.Table
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        return (
            f"Robustness: {self.statistic} by {self.domain}, {self.alternatives.num_rows:,} alternatives, "
            f"{self.pairs.num_rows:,} pairs of domains"
        )

    def _repr_html_(self) -> str:
        return plain_html(self.alternatives, repr(self))


@public
def robustness(
    profile: DeprivationProfile | Microdata,
    measure: Measure,
    *,
    by: str,
    statistic: str = "M0",
    k: K | Sequence[K] = (),
    weights: Mapping[str, Weights] | None = None,
    without: Sequence[str] = (),
    missing: Sequence[Missing] = (),
    unit: Unit = "persons",
    df: DegreesOfFreedom = "domain",
    adjust: Adjust = "none",
) -> Robustness:
    """What becomes of the order of domains under other cutoffs, weights, indicators and rules for unknowns.

    The alternatives are all combinations of what is given and what the measure has; each is estimated with its errors.

    Parameters
    ----------
    profile, measure, unit, df
        As for `mpi.estimate`. The first cutoff of the measure is that of the baseline.
    by : str
        The domain whose groups are ranked.
    statistic : {"M0", "H"}
    k : str, Fraction or sequence
        Other cutoffs.
    weights : mapping of str to mapping, optional
        Other weights by a name, each as for `Measure.with_weights`.
    without : sequence of str
        Indicators that are left out, one at a time; their weight goes to their dimension.
    missing : sequence of str
        Other rules for unknowns: `exclude`, `reweight`, `deprived`, `not_deprived`.
    adjust : {"none", "holm", "bh"}
        Correction of p-values within each alternative. A pair is significant at 5 %.

    Returns
    -------
    Robustness

    Raises
    ------
    UsageError
        If the domain has fewer than two groups with figures, or an alternative cannot be made.

    References
    ----------
    Alkire et al. (2015), chapters 8.1 and 8.3; tau-b and mean ranks: Kendall (1945).
    """
    check_adjust(adjust)
    profile = profile_for(profile, measure, by)
    check_ranked(profile, by, statistic, ("alternative", "estimate", "se"))
    if wrong := [one for one in missing if one not in MISSING]:
        text = phrase("there is no rule for unknowns {name!r}", name=wrong[0])
        raise UsageError(Fault("MPI-E005", None, text, phrase("write {names}", names=", ".join(MISSING))))
    rules = rules_for(profile, "none")
    variants = alternatives(measure, k, weights or {}, without, missing)
    asked = Request(measure=measure, rules=rules, by=by, unit=unit, df=df, adjust=adjust)
    return alternatives_of(profile, asked, variants, by=by, statistic=statistic)


def alternatives_of(
    profile: DeprivationProfile,
    request: Request,
    variants: Iterable[Variant],
    *,
    by: str,
    statistic: str,
    groups: Collection[str] | None = None,
) -> Robustness:
    """The order of the groups of a domain under each variant of a measure, the first of which is the measure itself.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
        Whose measure and cutoff are those of each variant.
    variants : iterable of Variant
    by, statistic : str
    groups : collection of str, optional
        The codes that take part; all of the domain if left out.

    Raises
    ------
    UsageError, DataError
        As `robustness`.
    """
    made: list[_Alternative] = []
    for one in variants:
        found = estimates_of(profile, replace(request, measure=one.measure, k=one.cutoff), statistics=statistic)
        made.append(_compared(one, found, by, request.adjust, groups))
    return _told(made, statistic, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A measure and what is other in it than in the one that was given; None: nothing.

    Attributes
    ----------
    measure : Measure
    cutoff : Cutoff
    k, weights, without, missing : str or None
    """

    measure: Measure
    cutoff: Cutoff
    k: str | None
    weights: str | None
    without: str | None
    missing: str | None

    @property
    def name(self) -> str:
        """What is other, in a few words; `baseline` of the measure itself."""
        parts = {"k": self.k, "weights": self.weights, "without": self.without, "missing": self.missing}
        return ", ".join(f"{name} {text}" for name, text in parts.items() if text) or "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alternative:
    """The figures of a variant by group, and the differences of all pairs of groups; NaN where there is none."""

    variant: Variant
    codes: tuple[str, ...]
    estimate: Floats
    se: Floats
    difference: Floats
    error: Floats
    p: Floats
    notices: tuple[Notice, ...]


def alternatives(
    measure: Measure,
    k: K | Sequence[K],
    weights: Mapping[str, Weights],
    without: Sequence[str],
    missing: Sequence[Missing],
) -> Iterator[Variant]:
    """The measure itself, then every combination of what is given; as for `robustness`."""
    own = measure.cutoffs[0]
    others = [] if isinstance(k, Sequence) and not isinstance(k, str) and not k else cutoffs_of(measure, k)
    cutoffs = [None, *(one for one in others if one.text != own.text)]
    left_out = [without] if isinstance(without, str) else without
    for cutoff, name, indicator, rule in itertools.product(
        cutoffs, [None, *weights], [None, *left_out], [None, *(one for one in missing if one != measure.missing)]
    ):
        made = measure if name is None else measure.with_weights(weights[name])
        made = made if indicator is None else made.without(indicator)
        made = made if rule is None else replace(made, missing=rule)
        yield Variant(
            measure=made,
            cutoff=cutoff or own,
            k=None if cutoff is None else cutoff.text,
            weights=name,
            without=indicator,
            missing=rule,
        )


def _compared(
    variant: Variant, found: Estimates, by: str, adjust: Adjust, groups: Collection[str] | None
) -> _Alternative:
    """The figures of a variant and the differences of its groups."""
    wanted = [code is not None and (groups is None or code in groups) for code in found.table[by].to_pylist()]
    own = found.take(np.flatnonzero(wanted))
    codes = tuple(str(code) for code in own.table[by].to_pylist())
    estimate, se = (np.array(own.table[name].to_numpy(), np.float64) for name in ("estimate", "se"))
    one, other = np.triu_indices(len(codes), 1)
    difference = estimate[one] - estimate[other]
    error, p = np.full(len(one), np.nan), np.full(len(one), np.nan)
    if len(one) and not found.basis.profile.sample.census:
        table = differences_of_pairs(own.covariance(), one, other, adjust=adjust)
        error, p = (np.array(table[name].to_numpy(), np.float64) for name in ("se", "p_adjusted"))
    return _Alternative(
        variant=variant,
        codes=codes,
        estimate=estimate,
        se=se,
        difference=difference,
        error=error,
        p=p,
        notices=found.notices,
    )


def _told(made: Sequence[_Alternative], statistic: str, by: str) -> Robustness:
    first, number = made[0], len(made)
    if np.isfinite(first.estimate).sum() < 2:  # noqa: PLR2004  an order is of two
        text = phrase("a ranking by {domain} needs two groups with figures", domain=by)
        raise UsageError(Fault("MPI-E210", None, text, phrase("estimate by another domain")))
    pairs = np.isfinite(first.difference)
    significant = pairs & (first.p < SIGNIFICANT)
    rows = []
    kept, held, met = (np.zeros(len(pairs), np.int64) for _ in range(3))
    for one in made:
        both = pairs & np.isfinite(one.difference)
        same = both & (np.sign(one.difference) == np.sign(first.difference))
        surely = significant & same & (one.p < SIGNIFICANT)
        if one is not first:
            kept += same
            held += surely
            met += both
        counts = {"pairs": both, "kept": same, "significant": significant & both, "kept_significantly": surely}
        rows.append(_about(one.variant) | _alike(first, one) | {name: int(flag.sum()) for name, flag in counts.items()})
    at, other = np.triu_indices(len(first.codes), 1)
    told = {
        "first": [first.codes[i] for i in at.tolist()],
        "second": [first.codes[i] for i in other.tolist()],
        "difference": nullable(first.difference),
        "se": nullable(first.error),
        "p": nullable(first.p),
        "kept": kept,
        "alternatives": met,
        "kept_everywhere": (kept == number - 1) & pairs,
        "significant": significant,
        "kept_significantly": significant & (held == number - 1),
    }
    figures = {
        "alternative": [one.variant.name for one in made for _ in one.codes],
        by: [code for one in made for code in one.codes],
        "estimate": nullable(np.concatenate([one.estimate for one in made])),
        "se": nullable(np.concatenate([one.se for one in made])),
    }
    return Robustness(
        statistic=statistic,
        domain=by,
        alternatives=pa.Table.from_pylist(rows),
        pairs=pa.table(told),
        figures=pa.table(figures),
        notices=tuple(dict.fromkeys(notice for one in made for notice in one.notices)),
    )


def _about(variant: Variant) -> dict[str, Any]:
    return {
        "alternative": variant.name,
        "k": variant.k,
        "weights": variant.weights,
        "without": variant.without,
        "missing": variant.missing,
    }


def _alike(first: _Alternative, one: _Alternative) -> dict[str, Any]:
    """Rank correlations of the groups that have a figure in both."""
    both = np.isfinite(first.estimate) & np.isfinite(one.estimate)
    x, y = first.estimate[both], one.estimate[both]
    tau, rho = kendall_tau(x, y), spearman(x, y)
    return {
        "domains": int(both.sum()),
        "tau_b": None if np.isnan(tau) else tau,
        "spearman": None if np.isnan(rho) else rho,
    }


def spearman(x: Floats, y: Floats) -> float:
    """Spearman's rank correlation with mean ranks of ties; NaN where one of the rankings is all ties.

    Parameters
    ----------
    x, y : float64, shape (n,)
    """
    ranks = [np.searchsorted(np.sort(v), v, "left") + np.searchsorted(np.sort(v), v, "right") for v in (x, y)]
    a, b = (rank - rank.mean() for rank in ranks) if len(x) else (np.zeros(0), np.zeros(0))
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / size if size else float("nan")


def check_ranked(profile: DeprivationProfile, by: str, statistic: str, columns: Collection[str]) -> None:
    """Refuse what no ranking is made of: a statistic, several domains, or one called as a column of the results."""
    profile.domain(by)
    refuse_columns([by], columns)
    if statistic not in RANKED:
        text = phrase("domains are not ranked by {statistic!r} here", statistic=statistic)
        raise UsageError(Fault("MPI-E004", None, text, phrase("write {names}", names=", ".join(RANKED))))


def nullable(values: Floats) -> pa.Array:
    """Numbers with nulls for NaN."""
    known = np.isfinite(values)
    return arrow.numbers(np.where(known, values, 0.0), None if known.all() else known)
