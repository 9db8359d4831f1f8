"""Published series beside the estimates of a publication: what an office said, figure by figure, with its breaks.

Comes in: the tables that a study names. Goes out: published figures of its unit, its first cutoff and its domains, and
rows that hold the estimate of a period against them. Published figures are no microdata and hide nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mpi.changes.rounds import decimal_year
from mpi.comparing.entries import Entry, Key
from mpi.comparing.reading import published_of
from mpi.disclosure.figures import NO_FIGURE, Figure, Figures
from mpi.specs.published import Published
from mpi.specs.study import Study

MAIN = ("H", "A", "M0")
Codes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A published series.

    Attributes
    ----------
    about : Published
        Title, source, edition, licence, note and breaks.
    entries : mapping of Key to Entry
        Those of the study's units, its first cutoff and its domains, and of all units.
    """

    about: Published
    entries: Mapping[Key, Entry]

    @property
    def periods(self) -> tuple[str, ...]:
        """The published periods, in their order."""
        found = dict.fromkeys(key.period for key in self.entries if key.period is not None)
        return tuple(sorted(found, key=lambda period: (decimal_year(period) or 0.0, period)))

    def statistics(self, domains: tuple[str, ...] = ()) -> tuple[tuple[str, str | None], ...]:
        """Statistics with their indicators that are published by some domains, the main ones first."""
        there = dict.fromkeys(
            (key.statistic, key.indicator)
            for key in self.entries
            if tuple(name for name, _ in key.domains) == tuple(sorted(domains))
        )
        return tuple(sorted(there, key=lambda one: MAIN.index(one[0]) if one[0] in MAIN else len(MAIN)))

    def one(
        self, statistic: str, period: str, codes: Codes = (), indicator: str | None = None
    ) -> tuple[Figure, Entry | None]:
        """A published figure as the report shows figures, and the entry itself; of none an empty figure."""
        for key, entry in self.entries.items():
            if (key.statistic, key.period, key.domains, key.indicator) == (statistic, period, codes, indicator):
                return _figure(entry), entry
        return NO_FIGURE, None

    def unit(self, statistic: str) -> str:
        """What a statistic counts."""
        return next((key.unit or "persons" for key in self.entries if key.statistic == statistic), "persons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An estimate held against a published figure.

    Attributes
    ----------
    period : str
    codes : tuple of (str, str)
        Domains and codes; empty for all units.
    own, published : Figure
    difference : float or None
        The estimate less the published figure; None where one of them is not shown.
    inside : bool or None
        Whether the published figure lies in the interval of the estimate, at its rounding.
    """

    period: str
    codes: Codes
    own: Figure
    published: Figure
    difference: float | None
    inside: bool | None


def series_of(study: Study) -> tuple[Series, ...]:
    """The published series of a study.

    Raises
    ------
    UsageError, DataError
        If a table is not as its mapping says.
    """
    found = []
    for about in study.published:
        if about.table is None:
            continue
        entries = {
            key: entry
            for key, entry in published_of(about.table, about).entries.items()
            if _belongs(key, study) and entry.value is not None
        }
        found.append(Series(about, entries))
    return tuple(found)


def held(
    series: Series,
    figures: Figures,
    statistic: str,
    domains: tuple[str, ...] = (),
    *,
    k: str,
    indicator: str | None = None,
) -> list[Held]:
    """The estimates of a statistic beside what is published, by period and group; published ones alone among them."""
    unit = series.unit(statistic)
    rows = []
    wanted = tuple(sorted(domains))
    keys = [
        key
        for key in series.entries
        if key.statistic == statistic and key.indicator == indicator and tuple(n for n, _ in key.domains) == wanted
    ]
    keys.sort(key=lambda key: (key.domains, decimal_year(key.period or "") or 0.0, key.period or ""))
    for key in keys:
        entry = series.entries[key]
        own = figures.one(
            statistic, dict(key.domains) or None, period=key.period or "", unit=unit, k=k, indicator=indicator
        )
        rows.append(_held(key, entry, own))
    return rows


def _held(key: Key, entry: Entry, own: Figure) -> Held:
    published = _figure(entry)
    difference = inside = None
    if own.value is not None and published.value is not None:
        difference = own.value - published.value
        if own.low is not None and own.high is not None:
            half = float(entry.half)
            inside = own.low - half <= published.value <= own.high + half
    return Held(
        period=key.period or "", codes=key.domains, own=own, published=published, difference=difference, inside=inside
    )


def _belongs(key: Key, study: Study) -> bool:
    names = tuple(name for name, _ in key.domains)
    sets = {tuple(sorted(own)) for own in study.sets}
    at_k = key.k is None or key.k == study.cutoffs[0].text
    return at_k and (key.unit is None or key.unit in study.units) and (not names or tuple(sorted(names)) in sets)


def _figure(entry: Entry) -> Figure:
    value, se, low, high = (
        None if number is None else float(number) for number in (entry.value, entry.se, entry.low, entry.high)
    )
    return Figure(value=value, se=se, low=low, high=high, standing="shown")
