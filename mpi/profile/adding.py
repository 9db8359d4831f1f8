"""Units become cells, and cells of several blocks are added: equal keys become one, designs become their union."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mpi.columns.values import Ints
from mpi.profile.cells import Cells, Domain, Tabulation, concatenated, grouped, selected, stacked
from mpi.profile.drawn import Codes, drawn, united
from mpi.profile.labels import levels, places, union
from mpi.profile.sample import Declared
from mpi.profile.spaces import joined_spaces, spaces_of
from mpi.profile.units import Units


def tabulated(units: Units, declared: Declared) -> Tabulation:
    """The cells and the design of one block of units; a census has neither strata nor PSUs.

    Raises
    ------
    ValueError
        If the units lack what the design declares, or have what it does not.
    """
    n = len(units.pattern)
    domains, codes = [], []
    for name, level, text in units.domains:
        labels, code = levels(text)
        domains.append(Domain(name, level, labels))
        codes.append(code)
    sample, rows = drawn(units, declared)
    cells = Cells(
        domains=stacked(codes, n),
        stratum=rows.stratum,
        psu=rows.psu,
        pattern=units.pattern,
        unknown=units.unknown,
        persons=units.persons * (units.person_weight > 0),
        households=units.households * (units.household_weight > 0),
        person_weight=units.person_weight,
        household_weight=units.household_weight,
        person_squares=units.person_weight**2,
        household_squares=units.household_weight**2,
        ssu=rows.ssu,
        calibration=rows.calibration,
        amounts=units.amounts,
    )
    if rows.calibration is not None:
        cells = replace(
            cells,
            design_person_weight=units.design_person_weight,
            design_household_weight=units.design_household_weight,
        )
    if sample.declared.replication is not None:
        cells = replace(
            cells, person_replicates=units.person_replicates, household_replicates=units.household_replicates
        )
    cells = replace(cells, line_sums=units.line_sums, line_area=units.line_area, line_replicates=units.line_replicates)
    spaces, how = None, sample.declared.replication
    if how is not None and how.df is None and units.person_replicates is not None:
        spaces = spaces_of(cells.domains, units.person_replicates)
    return Tabulation(tuple(domains), sample, grouped(cells), spaces)


def joined(parts: Sequence[Tabulation]) -> Tabulation:
    """The tabulation of all units of several: labels, strata and PSUs become their unions.

    Parameters
    ----------
    parts : sequence of Tabulation
        At least one; with the same domains and the same kind of design.
    """
    first = parts[0]
    domains = tuple(
        Domain(domain.name, domain.level, union(part.domains[i].labels for part in parts))
        for i, domain in enumerate(first.domains)
    )
    sample, codes = united([part.sample for part in parts])
    recoded = [_recoded(part, domains, new) for part, new in zip(parts, codes, strict=True)]
    held = [
        replace(part.spaces, domains=_recoded_domains(part.spaces.domains, part.domains, domains))
        for part in parts
        if part.spaces is not None
    ]
    lost = any(part.spaces is None and len(part.cells) for part in parts)
    spaces = None if lost or not held else joined_spaces(held)
    return Tabulation(domains, sample, grouped(concatenated(recoded)), spaces)


def with_levels(whole: Tabulation, declared: Mapping[str, Sequence[str]]) -> Tabulation:
    """A tabulation with the levels that its domains are declared to have, also those that no unit is in.

    Parameters
    ----------
    whole : Tabulation
    declared : mapping of str to sequence of str
        Levels by domain; others of the data stay.
    """
    domains = tuple(replace(one, labels=union((one.labels, declared.get(one.name, ())))) for one in whole.domains)
    # Labels keep their order, and so do the cells.
    cells = replace(whole.cells, domains=_recoded_domains(whole.cells.domains, whole.domains, domains))
    spaces = whole.spaces and replace(
        whole.spaces, domains=_recoded_domains(whole.spaces.domains, whole.domains, domains)
    )
    return Tabulation(domains, whole.sample, cells, spaces)


def _recoded_domains(codes: Ints, own: tuple[Domain, ...], new: tuple[Domain, ...]) -> Ints:
    """Codes of the domains, shape (n, D), as those of the common domains."""
    columns = [places(a.labels, b.labels)[codes[:, i]] for i, (a, b) in enumerate(zip(own, new, strict=True))]
    return stacked(columns, len(codes))


def with_drawn(whole: Tabulation, units: Units, declared: Declared) -> Tabulation:
    """A tabulation with units that were drawn and are nobody's: they are in its design alone."""
    none = selected(whole.cells, np.zeros(len(whole.cells), np.bool_))
    domains = tuple(replace(domain, labels=()) for domain in whole.domains)
    return joined([whole, Tabulation(domains, drawn(units, declared)[0], none)])


def _recoded(part: Tabulation, domains: tuple[Domain, ...], codes: Codes) -> Cells:
    """The cells with the codes of the common domains and the common design."""
    cells = part.cells
    return replace(
        cells,
        domains=_recoded_domains(cells.domains, part.domains, domains),
        stratum=codes.stratum[cells.stratum],
        psu=codes.psu[cells.psu],
        ssu=None if cells.ssu is None or codes.ssu is None else codes.ssu[cells.ssu],
        calibration=None
        if cells.calibration is None or codes.calibration is None
        else codes.calibration[cells.calibration],
    )
