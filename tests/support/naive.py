"""A slow twin of the package's arithmetic: plain loops over households, in exact fractions.

Written from the definitions (Alkire and Foster 2011; Lumley 2010, chapter 2), not from the code. What comes out is
exact, so a difference is a fault of the package or its rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from mpi.specs.indicators import Indicator
from mpi.specs.measure import Cutoff, Measure

ZERO, ONE = Fraction(0), Fraction(1)
Flags = tuple[bool | None, ...]
Key = tuple[str | None, str, str | None, str | None]


@dataclass(frozen=True)
class Household:
    """One row: a household with its members, its weight, its place in the design and its groups."""

    flags: Flags
    weight: Fraction = ONE
    members: int = 1
    stratum: str = ""
    psu: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """An exact estimate (None: 0/0) with its variance, degrees of freedom and unweighted counts."""

    estimate: Fraction | None
    variance: Fraction | None
    df: int
    n: int
    n_poor: int | None
    population: Fraction


def resolved(measure: Measure, flags: Flags) -> Flags:
    """Flags once the rules for unknowns have spoken."""
    found: list[bool | None] = []
    for indicator, flag in zip(measure.indicators, flags, strict=True):
        rule: str = indicator.missing
        if rule == "unknown" and not indicator.monitor:
            rule = measure.missing
        found.append({"deprived": True, "not_deprived": False}.get(rule) if flag is None else flag)
    return tuple(found)


def dimension_verdict(measure: Measure, name: str, flags: Flags) -> bool | None:
    """Whether at least m of a combined dimension's indicators are deprived; None if that depends on the unknown."""
    dimension = next(d for d in measure.dimensions if d.name == name)
    own = [flag for indicator, flag in scored(measure, name, flags)]
    assert dimension.at_least is not None
    if own.count(True) >= dimension.at_least:
        return True
    return None if own.count(True) + own.count(None) >= dimension.at_least else False


def scored(measure: Measure, dimension: str, flags: Flags) -> list[tuple[Indicator, bool | None]]:
    pairs = zip(measure.indicators, resolved(measure, flags), strict=True)
    return [(i, flag) for i, flag in pairs if i.dimension == dimension and not i.monitor]


def dimension_score(measure: Measure, name: str, flags: Flags) -> Fraction | None:
    """What a dimension adds to the score; None if it is not known."""
    dimension = next(d for d in measure.dimensions if d.name == name)
    if dimension.at_least is not None:
        verdict = dimension_verdict(measure, name, flags)
        return None if verdict is None else dimension.weight * verdict
    own = scored(measure, name, flags)
    if measure.missing == "reweight" and own:
        known = [(i.weight, flag) for i, flag in own if flag is not None]
        if not known:
            return None
        return dimension.weight * sum((w for w, flag in known if flag), ZERO) / sum((w for w, _ in known), ZERO)
    if any(flag is None for _, flag in own):
        return None
    return sum((i.weight for i, flag in own if flag), ZERO)


def score(measure: Measure, flags: Flags) -> Fraction | None:
    """The deprivation score; None if it is not known, so that the household is left out."""
    parts = [dimension_score(measure, d.name, flags) for d in measure.dimensions]
    return None if None in parts else sum((p for p in parts if p is not None), ZERO)


def indicator_part(measure: Measure, j: int, flags: Flags) -> Fraction:
    """What a deprived indicator adds to the score: its weight, or more where others of its dimension are unknown."""
    indicator = measure.indicators[j]
    if not resolved(measure, flags)[j]:
        return ZERO
    if measure.missing != "reweight" or indicator.monitor:
        return indicator.weight
    dimension = next(d for d in measure.dimensions if d.name == indicator.dimension)
    left = sum((i.weight for i, flag in scored(measure, dimension.name, flags) if flag is not None), ZERO)
    return indicator.weight * dimension.weight / left


def is_poor(measure: Measure, cutoff: Cutoff, flags: Flags) -> bool:
    c = score(measure, flags)
    return c is not None and (c > cutoff.k if cutoff.strict else c >= cutoff.k)


@dataclass(frozen=True)
class Judged:
    """A household with all results of a measure, computed once."""

    household: Household
    score: Fraction | None
    flags: Flags
    parts: tuple[Fraction, ...]
    dimensions: Mapping[str, Fraction]
    combined: Mapping[str, bool]
    poor: Mapping[str, bool]


def judged(measure: Measure, cutoffs: Sequence[Cutoff], household: Household) -> Judged:
    flags = household.flags
    return Judged(
        household,
        score(measure, flags),
        resolved(measure, flags),
        tuple(indicator_part(measure, j, flags) for j in range(len(flags))),
        {d.name: dimension_score(measure, d.name, flags) or ZERO for d in measure.dimensions},
        {d.name: dimension_verdict(measure, d.name, flags) is True for d in measure.dimensions if d.at_least},
        {cutoff.text: is_poor(measure, cutoff, flags) for cutoff in cutoffs},
    )


Quantity = Callable[[Judged], Fraction]


@dataclass(frozen=True)
class Statistic:
    key: Key
    sort: str
    y: Quantity
    x: Quantity


def everyone(h: Judged) -> Fraction:
    return ONE


def included(h: Judged) -> Fraction:
    return Fraction(h.score is not None)


def statistics(measure: Measure, cutoffs: Sequence[Cutoff]) -> Iterator[Statistic]:
    """Every statistic as a ratio of two totals."""
    yield Statistic((None, "population_share", None, None), "share", included, included)
    yield Statistic((None, "excluded", None, None), "proportion", lambda h: ONE - included(h), everyone)
    for j, indicator in enumerate(measure.indicators):

        def unknown(h: Judged, j: int = j) -> Fraction:
            return Fraction(h.household.flags[j] is None)

        yield Statistic((None, "unknown", indicator.dimension, indicator.name), "proportion", unknown, everyone)
    yield from headcounts(measure, None, "uncensored_headcount", included)
    for cutoff in cutoffs:
        k = cutoff.text

        def poor(h: Judged, k: str = k) -> Fraction:
            return Fraction(h.poor[k])

        def censored(h: Judged, k: str = k) -> Fraction:
            return (h.score or ZERO) * h.poor[k]

        yield Statistic((k, "H", None, None), "proportion", poor, included)
        yield Statistic((k, "A", None, None), "ratio", censored, poor)
        yield Statistic((k, "M0", None, None), "ratio", censored, included)
        yield Statistic((k, "poor", None, None), "total", poor, included)
        yield Statistic((k, "poor_share", None, None), "share", poor, poor)
        yield Statistic((k, "M0_share", None, None), "share", censored, censored)
        yield from headcounts(measure, k, "censored_headcount", poor)
        yield from headcounts(measure, k, "poor_and_deprived", poor, "total")
        yield from contributions(measure, k, poor, censored)


def headcounts(
    measure: Measure, k: str | None, name: str, among: Quantity, kind: str = "proportion"
) -> Iterator[Statistic]:
    for dimension in measure.dimensions:
        if dimension.at_least is not None:

            def deprived_there(h: Judged, dimension: str = dimension.name) -> Fraction:
                return h.combined[dimension] * among(h)

            yield Statistic((k, name, dimension.name, None), kind, deprived_there, included)
    for j, indicator in enumerate(measure.indicators):

        def deprived(h: Judged, j: int = j) -> Fraction:
            return (h.flags[j] is True) * among(h)

        def known(h: Judged, j: int = j) -> Fraction:
            return (h.flags[j] is not None) * included(h)

        yield Statistic(
            (k, name, indicator.dimension, indicator.name), kind, deprived, known if k is None else included
        )


def contributions(measure: Measure, k: str, poor: Quantity, censored: Quantity) -> Iterator[Statistic]:
    parts: list[tuple[str, str | None, Quantity]] = []
    for dimension in measure.dimensions:

        def of_dimension(h: Judged, name: str = dimension.name) -> Fraction:
            return h.dimensions[name] * poor(h)

        parts.append((dimension.name, None, of_dimension))
    for j, indicator in enumerate(measure.indicators):
        if indicator.weight:

            def of_indicator(h: Judged, j: int = j) -> Fraction:
                return h.parts[j] * poor(h)

            parts.append((indicator.dimension, indicator.name, of_indicator))
    for name, x in (("absolute_contribution", included), ("percentage_contribution", censored)):
        for dimension_name, indicator_name, y in parts:
            yield Statistic((k, name, dimension_name, indicator_name), "ratio", y, x)


def figures(
    measure: Measure,
    cutoffs: Sequence[Cutoff],
    households: Sequence[Household],
    where: Mapping[str, str],
    unit: str,
    *,
    clustered: bool,
    errors: bool = True,
) -> dict[Key, Figure]:
    """Every figure of a domain, from all households of the survey.

    Parameters
    ----------
    where : mapping of str to str
        The domain: for each group the code.
    clustered : bool
        Whether PSUs are those of the households; otherwise each household is its own.
    errors : bool
        Whether variances are wanted, which take long.
    """
    survey = Survey(
        [judged(measure, cutoffs, h) for h in households],
        [all(h.groups[group] == code for group, code in where.items()) for h in households],
        [h.weight * h.members if unit == "persons" else h.weight for h in households],
        [h.members if unit == "persons" else 1 for h in households],
        psus(households, clustered),
    )
    found = {}
    for statistic in statistics(measure, cutoffs):
        base = statistic.x if statistic.sort == "proportion" else included
        k = statistic.key[0]
        estimate = survey.estimate(statistic, base)
        found[statistic.key] = Figure(
            estimate,
            None if estimate is None or not errors else survey.variance(statistic, estimate),
            survey.df(base, everywhere=statistic.sort == "share"),
            survey.count(base),
            None if k is None else survey.count(lambda h, k=k: Fraction(h.poor[k])),
            survey.total(base),
        )
    return found


def psus(households: Sequence[Household], clustered: bool) -> dict[tuple[str, str], list[int]]:
    """The households of each PSU drawn, by (stratum, PSU)."""
    found: dict[tuple[str, str], list[int]] = {}
    for i, h in enumerate(households):
        found.setdefault((h.stratum, h.psu if clustered else str(i)), []).append(i)
    return found


@dataclass(frozen=True)
class Survey:
    """All households, which of them are in the domain, and for each its weight and unweighted units."""

    households: Sequence[Judged]
    inside: Sequence[bool]
    weights: Sequence[Fraction]
    units: Sequence[int]
    psus: Mapping[tuple[str, str], Sequence[int]]

    def total(self, q: Quantity, *, everywhere: bool = False) -> Fraction:
        rows = zip(self.households, self.inside, self.weights, strict=True)
        return sum((weight * q(h) for h, inside, weight in rows if inside or everywhere), ZERO)

    def count(self, q: Quantity) -> int:
        rows = zip(self.households, self.inside, self.weights, self.units, strict=True)
        return sum(number for h, inside, weight, number in rows if inside and weight and q(h))

    def estimate(self, s: Statistic, base: Quantity) -> Fraction | None:
        x = self.total(s.x, everywhere=s.sort == "share")
        if not x or not self.total(base):
            return None
        return self.total(s.y) / (ONE if s.sort == "total" else x)

    def variance(self, s: Statistic, estimate: Fraction) -> Fraction:
        """The ultimate cluster variance of the linearised statistic; strata with one PSU add nothing."""
        x_total = ONE if s.sort == "total" else self.total(s.x, everywhere=s.sort == "share")
        z: dict[str, list[Fraction]] = {}
        for (stratum, _), members in self.psus.items():
            total = ZERO
            for i in members:
                h, inside = self.households[i], self.inside[i]
                if inside or s.sort == "share":
                    y = s.y(h) if inside else ZERO
                    total += self.weights[i] * (y if s.sort == "total" else y - estimate * s.x(h))
            z.setdefault(stratum, []).append(total / x_total)
        found = ZERO
        for totals in z.values():
            n = len(totals)
            if n > 1:
                mean = sum(totals, ZERO) / n
                found += Fraction(n, n - 1) * sum(((t - mean) ** 2 for t in totals), ZERO)
        return found

    def df(self, base: Quantity, *, everywhere: bool) -> int:
        """PSUs less strata, both with a member of positive weight in the domain."""
        present = [
            stratum
            for (stratum, _), members in self.psus.items()
            if any((everywhere or self.inside[i]) and self.weights[i] and base(self.households[i]) for i in members)
        ]
        return len(present) - len(set(present))
