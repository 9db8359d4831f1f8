"""What a chart is about: the period, unit and cutoff that it was asked for, or the usual ones; and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mpi.disclosure.figures import NO_FIGURE, Figure, Figures, read
from mpi.disclosure.publishable import Publishable
from mpi.errors import Fault, UnmadeError, listed
from mpi.errors.omissions import reason, unmade
from mpi.language import phrase


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class View:
    """The figures of one period, unit and cutoff, in total or by one domain.

    Attributes
    ----------
    figures : Figures
    period, k, unit : str
    domain : str or None
        None: of all units that `where` leaves.
    where : mapping of str to str
        Codes of other domains.
    """

    figures: Figures
    period: str
    k: str
    unit: str
    domain: str | None
    where: Mapping[str, str] = field(default_factory=dict)

    def points(
        self, statistic: str, *, dimension: str | None = None, indicator: str | None = None
    ) -> dict[str | None, Figure]:
        """The figures by code, in the order of the table; under None if the view is a total."""
        domains, codes = tuple(self.where), tuple(self.where.values())
        names = domains if self.domain is None else (*domains, self.domain)
        found = self.figures.groups(
            statistic, names, period=self.period, unit=self.unit, k=self.k, dimension=dimension, indicator=indicator
        )
        if self.domain is None:
            return {None: found[codes]} if codes in found else {}
        return {own[-1]: figure for own, figure in found.items() if own[:-1] == codes}

    def point(self, statistic: str, *, dimension: str | None = None, indicator: str | None = None) -> Figure:
        """The figure of a total; NO_FIGURE if the table has none."""
        return self.points(statistic, dimension=dimension, indicator=indicator).get(None, NO_FIGURE)


def view(
    figures: Publishable,
    *,
    domain: str | None = None,
    where: Mapping[str, str] | None = None,
    period: str | None = None,
    k: str | None = None,
    unit: str | None = None,
) -> View:
    """The figures that a chart is about.

    Parameters
    ----------
    figures : Publishable
    domain : str, optional
        The domain whose codes are drawn; the total if left out.
    where : mapping of str to str, optional
        Codes of other domains.
    period, k, unit : str, optional
        The last period, the first cutoff and the first unit of the table if left out.

    Raises
    ------
    UnmadeError
        If the table has no such figures.
    """
    asked = dict(where or {})
    for name in [*asked, *([domain] if domain is not None else [])]:
        if name not in figures.domains:
            _refuse(phrase("the figures have no domain {name!r}", name=name), figures.domains)
    found: dict[str, Any] = {}
    for name, value, place in (("period", period, -1), ("unit", unit, 0), ("k", k, 0)):
        known = words(figures, name)
        if not known or (value is not None and value not in known):
            _refuse(phrase("the figures have no {name} {value!r}", name=name, value=value), known)
        found[name] = known[place] if value is None else value
    made = View(figures=read(figures), **found, domain=domain, where=asked)
    if not any(
        made.points(statistic, dimension=dimension, indicator=indicator)
        for statistic, dimension, indicator in made.figures.parts
    ):
        places = ", ".join(f"{name} {value}" for name, value in asked.items()) or domain or phrase("the total")
        _refuse(phrase("the figures have no row for {places} at k = {k}", places=places, k=made.k), ())
    return made


def words(figures: Publishable, name: str) -> list[Any]:
    """The periods, units or cutoffs of a table (`period`, `unit`, `k`), each once, in its order."""
    return read(figures).met[name]


def two_periods(figures: Publishable) -> tuple[str, str]:
    """The first and the last period of a table.

    Raises
    ------
    UnmadeError
        If there is one period only.
    """
    known = words(figures, "period")
    if len(known) < 2:  # noqa: PLR2004  a change is between two
        raise unmade("round")
    return known[0], known[-1]


def _refuse(text: str, known: object) -> None:
    names = [str(name) for name in known] if isinstance(known, (list, tuple)) else []
    remedy = (
        phrase("there are {names}", names=listed(names, 20))
        if names
        else phrase("estimate them first, or ask for others")
    )
    raise UnmadeError(Fault("MPI-P001", None, text, remedy), reason("absent"))
