"""The figures that a chart draws, read from the tidy table: one point each, with its interval and its standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mpi.disclosure.publishable import Publishable
from mpi.errors import Fault, UnmadeError, listed
from mpi.errors.omissions import reason, unmade


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: proportions as they are, not percentages; None where there is no number.

    Attributes
    ----------
    standing : str
        One of `mpi.disclosure.publishable.STANDINGS`.
    population : float or None
        Weighted units of its domain.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    standing: str = "undefined"
    population: float | None = None

    @property
    def drawn(self) -> bool:
        """Whether there is a number to draw."""
        return self.value is not None


NONE = Point(None)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The figures of one period, unit and cutoff, in total or by one domain.

    Attributes
    ----------
    rows : Publishable
    period, k, unit : str
    domain : str or None
        None: of all units that `where` leaves.
    """

    rows: Publishable
    period: str
    k: str
    unit: str
    domain: str | None

    def points(
        self, statistic: str, *, dimension: str | None = None, indicator: str | None = None
    ) -> dict[str | None, Point]:
        """The points by code, in the order of the table; under None if the view is a total."""
        where = {"indicator": indicator} if indicator else {"indicator": None, "dimension": dimension}
        return {
            None if self.domain is None else row[self.domain]: Point(
                row["estimate"], row["ci_low"], row["ci_high"], row["standing"], row["population"]
            )
            for row in self.rows.only(statistic, **where).rows()
        }

    def point(self, statistic: str, *, dimension: str | None = None, indicator: str | None = None) -> Point:
        """The point of a total; one without number if the table has none."""
        return self.points(statistic, dimension=dimension, indicator=indicator).get(None, NONE)


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
            _refuse(f"the figures have no domain {name!r}", figures.domains)
    found: dict[str, str] = {}
    for name, value, place in (("period", period, -1), ("unit", unit, 0), ("k", k, 0)):
        known = words(figures, name)
        if not known or (value is not None and value not in known):
            _refuse(f"the figures have no {name} {value!r}", known)
        found[name] = known[place] if value is None else value
    fixed: dict[str, str | None] = {name: asked.get(name) for name in figures.domains if name != domain}
    rows = _narrowed(figures, {"period": found["period"], "unit": found["unit"], **fixed}, found["k"], domain)
    if not len(rows):
        places = ", ".join(f"{name} {value}" for name, value in asked.items()) or domain or "the total"
        _refuse(f"the figures have no row for {places} at k = {found['k']}", ())
    return View(rows, found["period"], found["k"], found["unit"], domain)


def words(figures: Publishable, name: str) -> list[str]:
    """The words of a column, each once, in the order of the table."""
    column = figures.table[name].combine_chunks().unique().to_pylist()
    return [word for word in column if word is not None]


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


def _narrowed(figures: Publishable, where: Mapping[str, str | None], k: str, domain: str | None) -> Publishable:
    import pyarrow.compute as pc

    table = figures.table
    keep = pc.or_kleene(pc.equal(table["k"], k), pc.is_null(table["k"]))
    for name, value in where.items():
        own = pc.is_null(table[name]) if value is None else pc.fill_null(pc.equal(table[name], value), False)
        keep = pc.and_(pc.fill_null(keep, False), own)
    if domain is not None:
        keep = pc.and_(keep, pc.is_valid(table[domain]))
    return Publishable(table.filter(keep), figures.domains, figures.notices, figures.disclosure)


def _refuse(text: str, known: object) -> None:
    names = [str(name) for name in known] if isinstance(known, (list, tuple)) else []
    remedy = f"there are {listed(names, 20)}" if names else "estimate them first, or ask for others"
    raise UnmadeError(Fault("MPI-P001", None, text, remedy), reason("absent"))
