"""A profile for a measure: refused if the measure would give other patterns, its indicators in the measure's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mpi.errors import Fault, UsageError, listed
from mpi.language import noun, phrase
from mpi.profile.cells import grouped
from mpi.profile.marks import all_bits
from mpi.profile.model import DeprivationProfile
from mpi.profile.norm import other_rules
from mpi.specs.indicators import amounts_of
from mpi.specs.measure import Measure

REMEDY = phrase("make the profile again with this measure (`mpi profile`), or take the measure that it was made with")


def fitted(profile: DeprivationProfile, measure: Measure) -> DeprivationProfile:
    """The profile with the indicators of a measure alone, in its order: patterns are told by name, not by place.

    Parameters
    ----------
    profile : DeprivationProfile
    measure : Measure
        May have other weights, dimensions, cutoffs, rules for unknowns and titles than that of the profile, another
        order, and fewer indicators; not other rules of what is a deprivation.

    Raises
    ------
    UsageError
        If the measure would give other patterns; what differs is named, all of it.
    """
    faults = []
    if profile.identification != measure.identification:
        text = phrase(
            "the profile identifies {units}, {name} {others}",
            units=noun(profile.identification, 2),
            name=measure.name,
            others=noun(measure.identification, 2),
        )
        faults.append(Fault("MPI-E005", measure.place, text, REMEDY))
    if lacking := [name for name in measure.names if name not in profile.indicators]:
        text = phrase(
            "{name} has indicators that the profile does not contain: {names}",
            name=measure.name,
            names=listed(lacking, len(lacking)),
        )
        faults.append(Fault("MPI-E005", measure.place, text, REMEDY))
    elif differ := other_rules(profile.rules, measure):
        text = phrase(
            "{name} has other rules than the profile was made by: {names}",
            name=measure.name,
            names=listed(differ, len(differ)),
        )
        faults.append(Fault("MPI-E110", measure.place, text, REMEDY))
    if faults:
        raise UsageError(*faults)
    profile = _with_amounts(profile, amounts_of(measure.indicators))
    if profile.indicators == measure.names:
        return profile
    places = [profile.indicators.index(name) for name in measure.names]
    places += [len(profile.indicators) + i for i in range(len(measure.states))]
    high = all_bits(len(profile.marks))
    pattern, unknown = (
        moved(words, places) | (words & high) for words in (profile.cells.pattern, profile.cells.unknown)
    )
    cells = grouped(replace(profile.cells, pattern=pattern, unknown=unknown))
    return replace(profile, indicators=measure.names, cells=cells)


def _with_amounts(profile: DeprivationProfile, wanted: Sequence[str]) -> DeprivationProfile:
    """The profile with some of its amounts alone, in their order; those that it has not are left to who needs them."""
    kept = tuple(name for name in wanted if name in profile.amounts)
    if kept == profile.amounts or profile.cells.amounts is None:
        return profile
    places = [profile.amounts.index(name) for name in kept]
    amounts = profile.cells.amounts[:, places] if kept else None
    return replace(profile, amounts=kept, cells=grouped(replace(profile.cells, amounts=amounts)))


def moved(words: NDArray[np.uint64], places: list[int]) -> NDArray[np.uint64]:
    """Words whose bit j is what was bit places[j]; shape (c,)."""
    found = np.zeros_like(words)
    for j, place in enumerate(places):
        found |= ((words >> np.uint64(place)) & np.uint64(1)) << np.uint64(j)
    return found
