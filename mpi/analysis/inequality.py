"""Inequality among the poor, and the class M-gamma of the counting approach.

I = 4 V(c | poor) with the weight of the poor as divisor (Seth and Alkire 2017; Alkire et al. 2015, chapter 9.1);
M-gamma is the mean of the censored score to the power gamma: H at 0, M0 at 1, the squared count at 2 (Alkire and Foster
2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.estimates.slopes import Sloped
from mpi.profile import DeprivationProfile
from mpi.vocabulary.options import POWERS

BETA = 4.0  # so that I is at most 1


def inequality(profile: DeprivationProfile, request: Request) -> Derived:
    """Inequality of the deprivation scores among the poor.

    Returns
    -------
    Derived
        By cutoff: `M_gamma` for the powers in column `gamma`; `inequality_poor` (I, from 0, where all poor have one
        score, to 1); `mean_square_poor` (mean of the squared scores of the poor).

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    powers = request.powers or tuple(map(Fraction, POWERS))
    return answer(profile, request, lambda patterns: _plan(patterns, powers))


def _plan(patterns: Patterns, powers: Sequence[Fraction]) -> Plan:
    plan, score = Plan(), patterns.scored.score
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        keys = {"k": cutoff.text, "gamma": None}
        for gamma in powers:
            own = {"figure": "M_gamma", **keys, "gamma": str(gamma)}
            above = poor if gamma == 0 else (score if gamma == 1 else score ** float(gamma)) * poor
            kind = "proportion" if gamma == 0 else "ratio"
            plan.figure(own, above, patterns.included, kind=kind, k=k, counts_units=gamma == 0)
        options = {"kind": "ratio", "k": k, "counts_units": False}
        mean = plan.figure({"figure": "A", **keys}, score * poor, poor, shown=False, **options)
        square = plan.figure({"figure": "mean_square_poor", **keys}, score**2 * poor, poor, **options)
        plan.formula({"figure": "inequality_poor", **keys}, [square, mean], _inequality)
    return plan


def _inequality(square: Sloped, mean: Sloped) -> Sloped:
    return BETA * (square - mean * mean)
