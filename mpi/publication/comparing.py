"""Tests of differences of H, so that no order is said by eye: between the groups of a domain, of an area and its whole.

Comes in: the estimates of the published round, and what disclosure control left of them. Goes out: p-values by pair of
codes, and comparisons by area; groups that are not shown have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mpi.claims import rankable
from mpi.disclosure.figures import Figure, Figures, read
from mpi.disclosure.publishable import Publishable
from mpi.estimates import Estimates
from mpi.estimates.covariance import MOST as MOST_ROWS
from mpi.estimates.covariance import differences_of_pairs
from mpi.publication.model import Comparison, Comparisons, Drawable, DrawnMap, Tests, Whole
from mpi.specs.study import Study

MOST = 150  # groups, all pairs of which are compared


def tests_of(study: Study, estimates: Estimates, shown: Publishable, period: str) -> Mapping[str, Tests]:
    """By domain, the p-values of the differences of H between all pairs of its groups that may be ranked.

    They are of the first unit at the first cutoff, corrected for the number of pairs (Holm). A domain with more than
    150 such groups, or with fewer than two, has none; so has a census.

    Parameters
    ----------
    study : Study
    estimates : Estimates
        Of the published round and the first unit.
    shown : Publishable
        The same after disclosure control.
    period : str
    """
    if estimates.basis.profile.sample.census:
        return {}
    unit, k = study.units[0], study.cutoffs[0].text
    found = {}
    for (domain,) in (names for names in study.sets if len(names) == 1):
        own = read(shown).groups("H", (domain,), period=period, unit=unit, k=k)
        codes = [code for (code,), figure in own.items() if rankable(figure, census=False)]
        if 1 < len(codes) <= MOST:
            found[domain] = _of_domain(estimates, domain, codes, k)
    return found


def _of_domain(estimates: Estimates, domain: str, codes: list[str], k: str) -> Tests:
    others: dict[str, str | None] = {name: None for name in estimates.domains if name != domain}
    rows = estimates.only("H", k=k, **others)
    chosen = [place for place, row in enumerate(rows.rows()) if row[domain] in set(codes)]
    table = rows.take(np.array(chosen, np.int64)).covariance().differences(adjust="holm")
    ends = zip(table[domain].to_pylist(), table[f"{domain}_other"].to_pylist(), strict=True)
    tested = zip(ends, table["p_adjusted"].to_pylist(), strict=True)
    return {frozenset(pair): p for pair, p in tested if p is not None}


class _Pair(NamedTuple):
    """An area, and the whole that it is compared with; a row of estimates is found by its domain and its code."""

    area: tuple[str, str]
    whole: Whole
    reference: tuple[str, str] | None
    difference: float


def comparisons_of(
    study: Study, estimates: Estimates, shown: Publishable, maps: Sequence[Drawable | DrawnMap], period: str
) -> Mapping[str, Comparisons]:
    """By the domain of each map, how H of its areas compares with the total and with the group that holds each.

    They are of the first unit at the first cutoff. An area is in its whole, so the errors of both are correlated: the
    test takes their covariance. The p-values are not corrected for their number, since a reader asks about one area.
    Areas and wholes that may not be ranked have no comparison.

    Parameters
    ----------
    study : Study
    estimates : Estimates
        Of the published round and the first unit.
    shown : Publishable
        The same after disclosure control.
    maps : sequence of Drawable or DrawnMap
    period : str
    """
    figures, census = read(shown), estimates.basis.profile.sample.census
    pairs = [pair for drawn in maps for pair in _pairs(study, figures, drawn, period, census=census)]
    known = [None] * len(pairs) if census else _p_values(estimates, pairs, study.cutoffs[0].text)
    found: dict[str, dict[str, dict[Whole, Comparison]]] = {}
    for pair, p in zip(pairs, known, strict=True):
        if census or p is not None:
            domain, code = pair.area
            found.setdefault(domain, {}).setdefault(code, {})[pair.whole] = Comparison(pair.difference, p)
    return found


def _pairs(study: Study, figures: Figures, drawn: Drawable | DrawnMap, period: str, *, census: bool) -> Iterator[_Pair]:
    """The comparisons of the areas of a map that are precise enough on both sides."""
    unit, k, domain = study.units[0], study.cutoffs[0].text, drawn.spec.domain
    above = drawn.spec.upper.domain if drawn.spec.upper is not None else None

    def good(figure: Figure | None) -> float | None:
        return figure.value if figure is not None and rankable(figure, census=census) else None

    def groups(name: str) -> Mapping[tuple[str, ...], Figure]:
        return figures.groups("H", (name,), period=period, unit=unit, k=k)

    whole = good(figures.one("H", period=period, unit=unit, k=k))
    areas, own = drawn.areas, groups(domain)
    held = groups(above) if above is not None and above in figures.domains else {}
    for code, place in zip(areas.codes, areas.upper.tolist(), strict=True):
        incidence = good(own.get((code,)))
        if incidence is None:
            continue
        if whole is not None:
            yield _Pair((domain, code), "total", None, incidence - whole)
        holder = areas.upper_codes[place] if place >= 0 else ""
        one = good(held.get((holder,)))
        if one is not None and above is not None:
            yield _Pair((domain, code), "upper", (above, holder), incidence - one)


def _p_values(estimates: Estimates, pairs: Sequence[_Pair], k: str) -> list[float | None]:
    """The p-value of each difference; None where nothing can be tested."""
    wanted: set[tuple[str, str] | None] = {one for pair in pairs for one in (pair.area, pair.reference)}
    rows = estimates.only("H", k=k)
    at: dict[tuple[str, str] | None, int] = {}
    for place, row in enumerate(rows.rows()):
        levels = [(name, str(row[name])) for name in estimates.domains if row[name] is not None]
        group = levels[0] if levels else None
        if len(levels) < 2 and group in wanted:  # noqa: PLR2004
            at[group] = place
    if not at or len(at) > MOST_ROWS:
        return [None] * len(pairs)
    order = {group: number for number, group in enumerate(at)}
    one = np.array([order[pair.area] for pair in pairs], np.int64)
    other = np.array([order[pair.reference] for pair in pairs], np.int64)
    covariance = rows.take(np.array(list(at.values()), np.int64)).covariance()
    tested = differences_of_pairs(covariance, one, other, adjust="none")
    p: list[float | None] = tested["p"].to_pylist()
    return p
