"""Which single deprivation keeps most of the poor poor: who would not be poor if it alone were gone.

Comes in: combinations of deprivations by area that may be published. Goes out: shares of the poor. Scores are integers,
so a household on the cutoff stays on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mpi.counting import scores
from mpi.disclosure.publishable import PublishableProfile
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import Unit

Lifted: TypeAlias = tuple[tuple[str, float], ...]


def lifted_by(profile: PublishableProfile, measure: Measure, cutoff: Cutoff, unit: Unit) -> Mapping[str, Lifted]:
    """By area, the share of its poor who would not be poor without one deprivation, all others staying as they are.

    The shares of several indicators do not add up, since the same household may be lifted by each. They are those of
    the critical deprivations of the poor: nothing is said of what a programme would achieve or cost.

    Parameters
    ----------
    profile : PublishableProfile
        c cells.
    measure : Measure
        Its scores must follow from the patterns alone, see `mpi.maps.live.can_be_live`.
    cutoff : Cutoff
    unit : {"persons", "households"}
        Whose shares they are.

    Returns
    -------
    mapping of str to tuple of (str, float)
        By the code of each area with poor: names of indicators that lift someone, the largest share first.

    References
    ----------
    Alkire et al. (2015), chapter 5.5.3: the counting vector and its critical deprivations.
    """
    patterns, which = np.unique(profile.pattern, return_inverse=True)
    weights = profile.persons if unit == "persons" else profile.households

    def poor(without: int) -> NDArray[np.bool_]:
        left = patterns & ~np.uint64(without)
        return scores(measure, left, np.zeros(len(left), np.uint64)).poor(cutoff)

    def sums(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.bincount(profile.area, weights * chosen[which], len(profile.codes)).astype(np.float64)

    now = poor(0)
    whole = sums(now)
    shares = np.stack([sums(now & ~poor(1 << j)) for j in range(len(measure.indicators))], axis=1)
    found = {}
    for code, total, own in zip(profile.codes, whole.tolist(), shares, strict=True):
        if total > 0:
            order = np.argsort(-own, kind="stable").tolist()
            found[code] = tuple((measure.indicators[j].name, float(own[j]) / total) for j in order if own[j] > 0)
    return found
