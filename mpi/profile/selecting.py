"""Parts of a tabulation: some levels of its domains, or some of its domains only. The design stays whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mpi.errors import Fault, UsageError, listed, nearest, phrase
from mpi.errors.findings import COMMON, named
from mpi.profile.cells import Domain, Tabulation, grouped, selected
from mpi.profile.sample import Sample
from mpi.profile.spaces import kept, reduced


def place_of(name: str, domains: Sequence[Domain]) -> int:
    """The place of a domain among the domains of a profile.

    Raises
    ------
    UsageError
        If it is none of them.
    """
    names = [domain.name for domain in domains]
    if name not in names:
        has = (
            phrase("the profile has {names}", names=listed(names, len(names)))
            if names
            else phrase("make the profile with the domain {name!r}", name=name)
        )
        raise UsageError(
            Fault(
                "MPI-E002", None, phrase("the profile has no domain {name!r}", name=name), nearest(name, names) or has
            )
        )
    return names.index(name)


def check_apart(sample: Sample, *, lines: bool) -> None:
    """Refuse to take some units without the others, where these are needed for the errors of figures of some.

    Raises
    ------
    UsageError
    """
    text = None
    if sample.declared.calibration is not None:
        text = phrase("the weights are calibrated, so units outside a domain are needed for its errors")
    elif lines and not sample.census:
        text = phrase("an income line rests on the incomes of all, so units outside a domain are needed for its error")
    if text is not None:
        raise UsageError(Fault("MPI-E015", None, text, phrase("estimate by the domain instead: by=...")))


def of_levels(held: Tabulation, levels: Mapping[str, str | Iterable[str]]) -> Tabulation:
    """The units of some levels of some domains.

    Raises
    ------
    UsageError
        If a domain or a code is not there.
    """
    keep, spaces = np.ones(len(held.cells), np.bool_), held.spaces
    for name, wanted in levels.items():
        place = place_of(name, held.domains)
        labels = held.domains[place].labels
        codes = {wanted} if isinstance(wanted, str) else set(wanted)
        for code in sorted(codes.difference(labels)):
            persons = np.bincount(held.cells.domains[:, place], held.cells.persons, len(labels))
            common = [label for label, number in zip(labels, persons, strict=True) if number >= COMMON]
            remedy = nearest(code, common) or phrase("there are {named}", named=named(labels, persons))
            raise UsageError(
                Fault(
                    "MPI-E003", None, phrase("the domain {name!r} has no code {code!r}", name=name, code=code), remedy
                )
            )
        inside = np.array([label in codes for label in labels], np.bool_)
        keep &= inside[held.cells.domains[:, place]]
        spaces = spaces and kept(spaces, inside[spaces.domains[:, place]])
    return replace(held, cells=selected(held.cells, keep), spaces=spaces)


def by_domains(held: Tabulation, names: Sequence[str]) -> Tabulation:
    """The same units by some of the domains only, with cells added up over the others.

    Raises
    ------
    UsageError
        If one of them is not there.
    """
    places = [place_of(name, held.domains) for name in names]
    cells = replace(held.cells, domains=held.cells.domains[:, places])
    spaces = held.spaces and reduced(replace(held.spaces, domains=held.spaces.domains[:, places]))
    return Tabulation(tuple(held.domains[i] for i in places), held.sample, grouped(cells), spaces)
