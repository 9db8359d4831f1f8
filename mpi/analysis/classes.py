"""Classes of a measure, and the crossing of multidimensional with income poverty: shares with errors.

CONEVAL's and other offices' classes are functions of deprivations and of conditions on variables, which the profile
keeps as further parts of a cell's pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Patterns, Plan, answer, line_figures
from mpi.classifying import check_classes, class_of, facts_of
from mpi.errors import Fault, UsageError
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.lines import FoundLine


def classes(profile: DeprivationProfile, request: Request) -> Derived:
    """Shares, numbers and mean scores of the measure's classes, by cutoff of `poor`.

    Returns
    -------
    Derived
        `figure` is `share` (of the units whose class is known; they add up to 1), `number`, or `mean_score`; `class` is
        its name; `unknown` is the share of the units whose score is known and class is not.

    Raises
    ------
    UsageError
        If the measure has no classes, the profile was made without them; or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    if not request.measure.classes:
        text = phrase("the measure {name} has no classes", name=request.measure.name)
        raise UsageError(Fault("MPI-E213", None, text, phrase("declare them under `classes:` in the measure")))
    _check(profile)
    check_classes(request.measure)
    return answer(profile, request, partial(_classes, profile.lines))


def crossing(profile: DeprivationProfile, request: Request) -> Derived:
    """The four groups of multidimensional and income poverty, and whom each of the two misses, by cutoff.

    Returns
    -------
    Derived
        `figure` is `share` or `number` of a `group`: `both`, `only_multidimensional`, `only_income`, `neither` (they
        add up), `multidimensional`, `income`, `either`; or `missed_by_income` (of the multidimensionally poor, who are
        not income poor), `missed_by_multidimensional` (the reverse). Units whose score or income poverty is unknown
        leave.

    Raises
    ------
    UsageError
        If the measure does not say who is income poor, the profile was made without it; or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    if request.measure.income_poor is None:
        text = phrase("the measure {name} does not say who is income poor", name=request.measure.name)
        raise UsageError(Fault("MPI-E213", None, text, phrase("write `income_poor: income < line` in the measure")))
    _check(profile)
    return answer(profile, request, partial(_crossing, profile.lines))


def _check(profile: DeprivationProfile) -> None:
    """Refuse a profile of ready-made deprivations, which has nothing else of a unit."""
    if not profile.rules:
        text = phrase("a profile of ready-made deprivations has no conditions on variables")
        raise UsageError(Fault("MPI-E213", None, text, phrase("make the profile from microdata: mpi.survey(frame)")))


def _classes(lines: Sequence[FoundLine], patterns: Patterns) -> Plan:
    plan, measure, scored = Plan(), patterns.measure, patterns.scored
    for k, cutoff in enumerate(patterns.cutoffs):
        found = np.where(scored.included, class_of(measure, facts_of(measure, scored, cutoff)), -1)
        known = found >= 0
        for i, one in enumerate(measure.classes):
            keys, inside = {"class": one.name, "k": cutoff.text}, found == i
            plan.figure({"figure": "share", **keys}, inside, known, k=k)
            plan.figure({"figure": "number", **keys}, inside, known, kind="total", k=k)
            plan.figure(
                {"figure": "mean_score", **keys}, scored.score * inside, inside, kind="ratio", k=k, counts_units=False
            )
        plan.figure(
            {"figure": "unknown", "class": None, "k": cutoff.text}, scored.included & ~known, scored.included, k=k
        )
    line_figures(plan, patterns, lines)
    return plan


def _crossing(lines: Sequence[FoundLine], patterns: Patterns) -> Plan:
    plan, scored = Plan(), patterns.scored
    known: NDArray[np.bool_] = scored.included & scored.states_known[:, 0]
    income = scored.states[:, 0] & known
    for k, (cutoff, own) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        poor, by_k = own & known, {"k": cutoff.text}
        groups = {
            "both": poor & income, "only_multidimensional": poor & ~income, "only_income": income & ~poor,
            "neither": known & ~poor & ~income, "multidimensional": poor, "income": income, "either": poor | income,
        }  # fmt: skip
        for name, group in groups.items():
            plan.figure({"figure": "share", "group": name, **by_k}, group, known, k=k)
            plan.figure({"figure": "number", "group": name, **by_k}, group, known, kind="total", k=k)
        missed = {"group": None, **by_k}
        plan.figure({"figure": "missed_by_income", **missed}, poor & ~income, poor, k=k)
        plan.figure({"figure": "missed_by_multidimensional", **missed}, income & ~poor, income, k=k)
    line_figures(plan, patterns, lines)
    return plan
