"""The profile by area that an interactive map may carry, so that its readers can set other weights and cutoffs.

Readers can add its combinations of deprivations up to any property, so the rules judge the combinations themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.counting import distinct_patterns, scores
from mpi.disclosure.publishable import PublishableProfile
from mpi.errors import counted
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.profile import DeprivationProfile, fitted
from mpi.specs.disclosure import Disclosure
from mpi.specs.measure import Measure


@public
def carried(
    profile: DeprivationProfile, measure: Measure, domain: str, disclosure: Disclosure
) -> tuple[PublishableProfile | None, str]:
    """The combinations of deprivations by area, or None with the reason in words.

    Units that the measure leaves out are not among them, and unknown deprivations are settled by its rules.

    Parameters
    ----------
    profile : DeprivationProfile
    measure : Measure
    domain : str
        Whose codes are the areas.
    disclosure : Disclosure
        Allows it if every combination in every area has enough units, or not at all.

    Raises
    ------
    UsageError
        If the profile was not built with the domain, or the measure would give other patterns.
    """
    profile, place = fitted(profile, measure), profile.domain(domain)
    if measure.missing == "reweight":
        return None, phrase("units with unknown indicators have weights of their own")
    if disclosure.profile_persons is None or disclosure.profile_households is None:
        return None, phrase(
            "the disclosure rules {name} do not allow maps with combinations of deprivations", name=disclosure.name
        )
    cells, distinct = profile.cells, distinct_patterns(profile.cells.pattern, profile.cells.unknown)
    found = scores(measure, distinct.pattern, distinct.unknown)
    bits = np.uint64(1) << np.arange(len(measure.indicators), dtype=np.uint64)
    settled = np.where(found.deprived, bits, np.uint64(0)).sum(axis=1, dtype=np.uint64)
    patterns, number = np.unique(settled, return_inverse=True)
    kept = found.included[distinct.which]
    key = cells.domains[:, place] * len(patterns) + number.ravel()[distinct.which]
    pairs, which = np.unique(key[kept], return_inverse=True)

    def summed(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.bincount(which.ravel(), values[kept], len(pairs)).astype(np.float64)

    area, pattern = np.divmod(pairs, max(1, len(patterns)))
    persons, households = summed(cells.persons), summed(cells.households)
    # Households are told apart only where all their members lie in one combination.
    apart = profile.identification == "household" and profile.domains[place].level == "household"
    small = (persons < disclosure.profile_persons) | (apart & (households < disclosure.profile_households))
    if small.any():
        text = phrase(
            "{combinations} of deprivations of {number:,} have fewer than {persons} or {households} in their area",
            combinations=counted(int(small.sum()), "combination"),
            number=len(pairs),
            persons=counted(disclosure.profile_persons, "person"),
            households=counted(disclosure.profile_households, "household"),
        )
        return None, text
    sizes = np.bincount(area, persons, len(profile.domains[place].labels))
    alike = int(np.count_nonzero((sizes > 0) & (sizes < disclosure.all_or_none)))
    if alike:
        text = phrase(
            "{areas} with fewer than {persons} would show what all or none of them lack",
            areas=counted(alike, "area"),
            persons=counted(disclosure.all_or_none, "person"),
        )
        return None, text
    made = PublishableProfile(
        domain=domain,
        codes=profile.domains[place].labels,
        area=area.astype(np.int64),
        pattern=patterns[pattern],
        persons=summed(cells.person_weight),
        households=summed(cells.household_weight),
    )
    return made, ""
