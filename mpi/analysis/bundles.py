"""The commonest exact sets of deprivations among the poor, with sampling errors.

Alkire et al. (2015), chapter 7; which sets are the commonest is taken from all units at the first cutoff, and not
subject to an error itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Patterns, Plan, answer
from mpi.analysis.score_distribution import bundles as commonest
from mpi.errors import Fault, UsageError
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Measure, cutoffs_of

MOST = 12  # bundles
JOIN = " + "


def bundles(profile: DeprivationProfile, request: Request, *, persons: int = 0, households: int = 0) -> Derived:
    """The commonest exact sets of deprivations of the poor.

    Parameters
    ----------
    profile, request
    persons, households : int
        The fewest units of the sample, unweighted, that a bundle has.

    Returns
    -------
    Derived
        Of up to twelve sets in column `bundle` (indicators joined by ` + `; the commonest at the first cutoff first),
        by cutoff: `of_poor` (share of the poor who have these deprivations and no others), `share` (of all), `number`.

    Raises
    ------
    UsageError
        If nobody is poor at the first cutoff, or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    first = cutoffs_of(request.measure, request.k)[0]
    found = commonest(profile, request.measure, first, unit=request.unit, most=MOST)
    names = [
        row["indicators"]
        for row in found.to_pylist()
        if row["persons"] >= persons and row["households"] >= households and row["indicators"]
    ]
    if not names:
        text = phrase("nobody is poor at k = {k} with a set of deprivations that can be shown", k=first.text)
        raise UsageError(Fault("MPI-E213", None, text, phrase("ask for a lower cutoff first, or leave bundles out")))
    return answer(profile, request, lambda patterns: _plan(patterns, names))


def _plan(patterns: Patterns, names: Sequence[str]) -> Plan:
    plan, measure = Plan(), patterns.measure
    for name in names:
        has = held(measure, patterns.scored.deprived, name.split()) & patterns.included
        bundle = JOIN.join(name.split())
        for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
            keys = {"bundle": bundle, "k": cutoff.text}
            plan.figure({"figure": "of_poor", **keys}, has & poor, poor, k=k)
            plan.figure({"figure": "share", **keys}, has & poor, patterns.included, k=k)
            plan.figure({"figure": "number", **keys}, has & poor, patterns.included, kind="total", k=k)
    return plan


def held(measure: Measure, deprived: NDArray[np.bool_], names: Sequence[str]) -> NDArray[np.bool_]:
    """Which patterns have exactly some deprivations, of the indicators that count; shape (p,).

    Parameters
    ----------
    measure : Measure
    deprived : bool, shape (p, d)
    names : sequence of str
    """
    counted = [j for j, one in enumerate(measure.indicators) if not one.monitor]
    wanted = np.array([measure.indicators[j].name in names for j in counted])
    found: NDArray[np.bool_] = (deprived[:, counted] == wanted).all(axis=1)
    return found
