"""Numbers of persons deprived, and poor and deprived; rates among the poor; what groups have more than their share of.

Alkire et al. (2015), chapters 5.5.2 and 5.5.3.
"""

from __future__ import annotations

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.profile import DeprivationProfile


def numbers(profile: DeprivationProfile, request: Request) -> Derived:
    """How many are deprived in each indicator, poor or not, and how common each deprivation is among the poor.

    Returns
    -------
    Derived
        For each indicator `deprived` and, by cutoff, `poor_and_deprived` (numbers of units), `among_poor` and
        `among_not_poor` (shares of those), and `excess` (their ratio). Numbers are sums of weights of those whose
        score is known; nothing is scaled up for those left out.

    Raises
    ------
    UsageError, DataError
        As `mpi.estimate`.
    """
    return answer(profile, request, _plan)


def _plan(patterns: Patterns) -> Plan:
    plan, included = Plan(), patterns.included
    for j, one in enumerate(patterns.measure.indicators):
        keys = {"dimension": one.dimension, "indicator": one.name}
        deprived, known = patterns.scored.deprived[:, j] & included, patterns.scored.known[:, j] & included
        plan.figure({"figure": "deprived", "k": None, **keys}, deprived, included, kind="total")
        for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
            by_k = {"k": cutoff.text, **keys}
            plan.figure({"figure": "poor_and_deprived", **by_k}, deprived & poor, included, kind="total", k=k)
            places = [
                plan.figure({"figure": name, **by_k}, deprived & group, known & group, k=k)
                for name, group in (("among_poor", poor), ("among_not_poor", ~poor))
            ]
            plan.formula({"figure": "excess", **by_k}, places, lambda a, b: a / b)
    return plan
