"""The profile by area that an interactive map may carry, so that its readers can set other weights and cutoffs."""

from __future__ import annotations

import numpy as np

from mpi.counting import distinct_patterns, scores
from mpi.disclosure import Disclosure
from mpi.errors import counted
from mpi.measure import Measure
from mpi.profile import DeprivationProfile
from mpi.publishable import PublishableProfile


def carried(
    profile: DeprivationProfile, measure: Measure, domain: str, disclosure: Disclosure
) -> tuple[PublishableProfile | None, str]:
    """The combinations of deprivations by area, or None and why not.

    Parameters
    ----------
    profile : DeprivationProfile
    measure : Measure
    domain : str
        Whose codes are the areas.
    disclosure : Disclosure
        Allows it if every combination in every area has enough units, or not at all.
    """
    if any(one.at_least is not None for one in measure.dimensions):
        return None, "a dimension counts as a whole, and readers' weights are of single indicators"
    if measure.missing == "reweight":
        return None, "units with unknown indicators have weights of their own"
    if disclosure.profile_persons is None:
        return None, f"the disclosure rules {disclosure.name} let no map carry combinations of deprivations"
    cells = profile.cells
    distinct = distinct_patterns(cells.pattern, cells.unknown)
    found = scores(measure, distinct.pattern, distinct.unknown)
    bits = np.uint64(1) << np.arange(len(measure.indicators), dtype=np.uint64)
    settled = np.where(found.deprived, bits, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    kept = found.included[distinct.which]
    area = cells.domains[kept, profile.domain(domain)]
    pattern = settled[distinct.which][kept]
    order = np.lexsort((pattern, area))
    first = np.flatnonzero(
        (np.diff(area[order], prepend=-1) != 0) | (np.diff(pattern[order], prepend=pattern[order][:1]) != 0)
    )
    first = np.unique(np.concatenate([[0], first])).astype(np.int64) if len(order) else np.zeros(0, np.int64)

    def summed(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values[kept][order], first) if len(first) else values[:0]

    persons, households = summed(cells.persons), summed(cells.households)
    small = (persons < disclosure.profile_persons) | (households < (disclosure.profile_households or 0))
    if small.any():
        text = (f"{counted(int(small.sum()), 'combination')} of deprivations of {len(first):,} have fewer than "
                f"{counted(disclosure.profile_persons, 'person')} or "
                f"{counted(disclosure.profile_households or 0, 'household')} in their area")  # fmt: skip
        return None, text
    return PublishableProfile(
        domain, profile.domains[profile.domain(domain)].labels, area[order][first], pattern[order][first],
        summed(cells.person_weight), summed(cells.household_weight),
    ), ""  # fmt: skip
