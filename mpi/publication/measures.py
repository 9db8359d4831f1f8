"""Several measures of one study: the figures of each further one, and what a reader compares them by.

The microdata are read once: the profile of the first measure holds the deprivations of the others. Each is estimated
and protected as if it were alone; what one hides, no comparison of the two shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mpi.disclosure import protect
from mpi.disclosure.publishable import Publishable, stacked
from mpi.estimates import Estimates
from mpi.pipeline.estimating import estimate
from mpi.profile import DeprivationProfile
from mpi.profile.beside import seen_by
from mpi.specs.measure import Measure
from mpi.specs.study import Study
from mpi.vocabulary.options import Unit


def figures_by(
    study: Study, profiles: Sequence[DeprivationProfile], measure: Measure
) -> tuple[list[Estimates], Publishable]:
    """The figures of a study by another of its measures.

    Parameters
    ----------
    study : Study
    profiles : sequence of DeprivationProfile
        Of the rounds, the oldest first, each with the measure beside its own.
    measure : Measure

    Returns
    -------
    list of Estimates
        Of the last round, for who protects what is compared.
    Publishable
        Of all rounds and units, at the measure's own cutoffs.
    """
    return estimated_by(study, (seen_by(profile, measure) for profile in profiles), measure)


def estimated_by(
    study: Study, profiles: Iterable[DeprivationProfile], measure: Measure
) -> tuple[list[Estimates], Publishable]:
    """The same of profiles that the measure made."""
    units: list[Unit] = [one for one in study.units if one == "persons" or measure.identification == "household"]
    parts: list[Publishable] = []
    last: list[Estimates] = []
    for profile in profiles:
        last = [
            estimate(
                profile,
                measure,
                by=study.sets,
                k=measure.cutoffs,
                unit=unit,
                level=study.level,
                df=study.df,
                variance=study.variance,
                reliability=study.reliability,
            )
            for unit in units or ["persons"]
        ]
        parts += protect(last, study.disclosure)
    return last, stacked(parts)


def measures_of(study: Study) -> tuple[Measure, ...]:
    """Those of a study, the one that leads first."""
    return (study.measure, *study.measures)
