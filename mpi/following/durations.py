"""Chronic and transient poverty over several editions: who was poor for how many of them, exactly.

Alkire et al. (2015), chapter 9.4; Alkire, Apablaza, Chakravarty and Yalonetzky (2017), Journal of Policy Modeling 39.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from mpi.analysis.asked import Plan
from mpi.errors import Fault, UsageError
from mpi.following.seen import Course
from mpi.language import phrase
from mpi.specs.exact import fraction
from mpi.specs.measure import Cutoff

USUAL = (Fraction(1, 2), Fraction(1))


def durations_of(tau: str | Fraction | Sequence[str | Fraction] | None) -> tuple[Fraction, ...]:
    """Duration cutoffs as fractions; 1/2 and 1 if none is given.

    Raises
    ------
    UsageError
        If one is not above 0 and at most 1.
    """
    if tau is None:
        return USUAL
    given = [tau] if isinstance(tau, str | Fraction) else list(tau)
    found = []
    for one in given:
        try:
            value = one if isinstance(one, Fraction) else fraction(one)
        except (ValueError, ZeroDivisionError):
            value = Fraction(0)
        if not 0 < value <= 1:
            text = phrase("the duration tau {tau!r} is no share of the editions", tau=str(one))
            raise UsageError(Fault("MPI-E261", None, text, phrase("write a fraction above 0 and up to 1, such as 1/2")))
        found.append(value)
    return tuple(dict.fromkeys(found))


def chronic_plan(course: Course, cutoffs: Sequence[Cutoff], durations: Sequence[Fraction]) -> Plan:
    """Chronic and transient poverty of those who are in all editions with known scores.

    Duration D is the share of the editions in which a unit is poor; it is chronically poor if D >= tau, transiently if
    0 < D < tau. M0_C = H_C A_C D_C: the chronically poor, their mean score in editions in which they are poor, and
    their mean duration. `never` are poor in none.
    """
    plan, editions = Plan(), range(course.sequences.editions)
    number = len(editions)
    balanced = course.kept(editions)
    everyone = np.ones(len(balanced), np.bool_)
    for name, group in (("balanced", balanced), ("left_out", course.units & ~balanced)):
        plan.figure({"figure": name, "k": None, "tau": None}, group, everyone, kind="total")
    ratio = {"kind": "ratio", "counts_units": False}
    for k, cutoff in enumerate(cutoffs):
        poor = [course.edition(t).poor(cutoff) & balanced for t in editions]
        times = np.sum(poor, axis=0)
        score = np.sum([course.edition(t).score * own for t, own in zip(editions, poor, strict=True)], axis=0)
        plan.figure({"figure": "never", "k": cutoff.text, "tau": None}, balanced & (times == 0), balanced, k=k)
        for tau in durations:
            keys = {"k": cutoff.text, "tau": str(tau)}
            chronic = balanced & (times * tau.denominator >= tau.numerator * number) & (times > 0)
            transient = balanced & (times > 0) & ~chronic
            plan.figure({"figure": "H_C", **keys}, chronic, balanced, k=k)
            plan.figure({"figure": "A_C", **keys}, score * chronic, times * chronic * 1.0, k=k, **ratio)
            plan.figure({"figure": "D_C", **keys}, times * chronic / number, chronic, k=k, **ratio)
            plan.figure({"figure": "M0_C", **keys}, score * chronic / number, balanced, k=k, **ratio)
            plan.figure({"figure": "transient", **keys}, transient, balanced, k=k)
            plan.figure({"figure": "M0_T", **keys}, score * transient / number, balanced, k=k, **ratio)
            plan.figure({"figure": "chronic_number", **keys}, chronic, everyone, kind="total", k=k)
            plan.figure({"figure": "transient_number", **keys}, transient, everyone, kind="total", k=k)
    return plan
