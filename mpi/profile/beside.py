"""The profile of a second measure, from that of the first which kept its deprivations: no row is read again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mpi.profile.cells import grouped
from mpi.profile.marks import beside_name, marks_of, places_of
from mpi.profile.model import DeprivationProfile
from mpi.specs.measure import Measure


def seen_by(profile: DeprivationProfile, measure: Measure) -> DeprivationProfile:
    """The units of a profile under a measure that judged them beside its own.

    Parameters
    ----------
    profile : DeprivationProfile
        Made with the measure `beside` it.
    measure : Measure
        Without a universe of its own.

    Raises
    ------
    KeyError
        If the profile was made without it.
    """
    cells, places = profile.cells, places_of(profile.marks)
    pattern, unknown = (np.zeros(len(cells), np.uint64) for _ in range(2))
    for j, name in enumerate(measure.names):
        true, known = marks_of(cells.pattern, cells.unknown, places[beside_name(measure.name, name)])
        pattern |= true.astype(np.uint64) << np.uint64(j)
        unknown |= (~known).astype(np.uint64) << np.uint64(j)
    own = replace(
        cells, pattern=pattern, unknown=unknown, amounts=None, line_sums=None, line_area=None, line_replicates=None
    )
    return replace(
        profile, measure=measure.name, indicators=measure.names, identification=measure.identification,
        fingerprint="", rules={}, marks=(), amounts=(), lines=(), cells=grouped(own),
    )  # fmt: skip
