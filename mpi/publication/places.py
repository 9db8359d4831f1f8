"""The places that the analysis `supply` of a study compares with those who need them, before the microdata are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mpi.errors import Fault, MpiError, UsageError
from mpi.policies.supplying import offers
from mpi.specs.study import Study


def tables_of_places(study: Study, data: Path) -> tuple[Path, ...]:
    """The files of places that its analyses name, each once."""
    return tuple(dict.fromkeys(data / one.table for spec in study.analyses for one in spec.offers))


def places_of(study: Study, data: Path) -> dict[str, Mapping[str, float]]:
    """By indicator the places of each code.

    Raises
    ------
    DataError, UsageError
        With the faults of all tables.
    """
    found: dict[str, Mapping[str, float]] = {}
    faults: list[Fault] = []
    kind: type[MpiError] = UsageError
    for spec in study.analyses:
        for one in spec.offers:
            try:
                found[one.indicator] = offers(data / one.table, one.code, one.column, spec.by[0][0])
            except MpiError as error:
                faults, kind = [*faults, *error.faults], type(error)
    if faults:
        raise kind(*dict.fromkeys(faults))
    return found
