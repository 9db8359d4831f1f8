"""Bands of the deprivation score: vulnerable, poor, severely poor, as shares that add up, and as numbers of units.

Alkire et al. (2015), chapter 5.5; the bands of the global MPI (UNDP and OPHI): vulnerable from 1/5 to below 1/3, severe
from 1/2.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff, Measure, cutoffs_of

EVERYONE = "everyone"
VULNERABLE, SEVERE = Cutoff(Fraction(1, 5)), Cutoff(Fraction(1, 2))


def bands(profile: DeprivationProfile, request: Request) -> Derived:
    """Shares and numbers of units by band of the score: below the lowest cutoff, between two, from the highest on.

    Parameters
    ----------
    profile : DeprivationProfile
    request : Request
        Its `k` are the cutoffs that part the bands; 1/5, the measure's first and 1/2 if left out.

    Returns
    -------
    Derived
        `figure` is `share` (of the units that are included), `number`, or `mean_score`; `band` is its name, `scores`
        its scores, as `[1/5, 1/3)`. The bands add up to 1 (to the units included); `poor` and `everyone` are beside.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    asked = request.k if request.k is not None else usual(request.measure)
    cutoffs = sorted(cutoffs_of(request.measure, asked), key=lambda one: (one.k, one.strict))
    return answer(profile, replace(request, k=cutoffs), _plan)


def usual(measure: Measure) -> list[Cutoff]:
    """The cutoffs between vulnerable, poor and severe: those of the global MPI around the measure's first."""
    own = measure.cutoffs[0]
    return [*([VULNERABLE] if own.k > VULNERABLE.k else []), own, *([SEVERE] if own.k < SEVERE.k else [])]


def _plan(patterns: Patterns) -> Plan:
    plan, included, score = Plan(), patterns.included, patterns.scored.score
    for (name, scores), inside in zip(names_of(patterns.measure, patterns.cutoffs), _inside(patterns), strict=True):
        keys = {"band": name, "scores": scores}
        if name != EVERYONE:  # whose share is 1 by definition
            plan.figure({"figure": "share", **keys}, inside, included)
        plan.figure({"figure": "number", **keys}, inside, included, kind="total")
        plan.figure({"figure": "mean_score", **keys}, score * inside, inside, kind="ratio", counts_units=False)
    return plan


def _inside(patterns: Patterns) -> list[NDArray[np.bool_]]:
    """Who is in each band, then among the poor at the measure's first cutoff, then everybody; shape (p,) each."""
    edges = [patterns.included, *patterns.poor, np.zeros_like(patterns.included)]
    parts = [low & ~high for low, high in itertools.pairwise(edges)]
    return [*parts, patterns.scored.poor(patterns.measure.cutoffs[0]), patterns.included]


def names_of(measure: Measure, cutoffs: Sequence[Cutoff]) -> list[tuple[str, str]]:
    """Name and scores of each band between the cutoffs, then of the poor and of everybody."""
    poor = measure.cutoffs[0]
    scores = [_scores(low, high) for low, high in zip([None, *cutoffs], [*cutoffs, None], strict=True)]
    names = list(scores)
    if [one.text for one in cutoffs] == [one.text for one in usual(measure)]:
        own = {VULNERABLE.text: "vulnerable", SEVERE.text: "severe"} | {poor.text: "poor"}
        names = ["not_poor" if cutoffs[0] is poor else "not_vulnerable", *(own[one.text] for one in cutoffs)]
        if "severe" in names:
            names[names.index("poor")] = "poor_not_severe"
    return [*zip(names, scores, strict=True), ("poor", _scores(poor, None)), (EVERYONE, "[0, 1]")]


def _scores(low: Cutoff | None, high: Cutoff | None) -> str:
    """An interval of scores, such as `[1/5, 1/3)`; a bracket holds its end, a parenthesis does not."""
    first = "[0" if low is None else f"{'(' if low.strict else '['}{low.text.lstrip('>')}"
    last = "1]" if high is None else f"{high.text.lstrip('>')}{']' if high.strict else ')'}"
    return f"{first}, {last}"
