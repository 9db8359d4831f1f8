"""Decompositions of change between two rounds: incidence and intensity, indicators, groups, and the number of poor.

All parts have errors, from independent samples or from one joint sample of rounds that share PSUs. They are accounting:
they say how a change is made up, not why it came.

References: Alkire et al. (2015), chapters 9.2 and 9.3; Apablaza and Yalonetzky (2013); Shorrocks (2013).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Keys, Patterns, Plan, estimates_for
from mpi.analysis.indicator_shares import shapley_of_patterns
from mpi.changes import in_order
from mpi.changes.joint import check_joint
from mpi.changes.rounds import FIRST, ROUND, SECOND, relation, together, under
from mpi.columns import arrow
from mpi.columns.values import Text
from mpi.errors import Fault, UsageError, counted
from mpi.errors.arguments import public
from mpi.estimates import By, Estimates, Request
from mpi.estimates.combining import Terms
from mpi.estimates.contrasts import check_adjust
from mpi.estimates.derived import Derived, Row, derived_of
from mpi.estimates.estimating import sets_of
from mpi.estimates.slopes import Sloped, where
from mpi.language import phrase
from mpi.pipeline.estimating import profile_for, rules_for
from mpi.profile import DeprivationProfile
from mpi.specs.measure import K, Measure, cutoffs_of
from mpi.specs.microdata import Microdata
from mpi.specs.reliability import Reliability
from mpi.vocabulary.options import Adjust, DegreesOfFreedom, Rounds, Unit

TWO = 2


@public
def decompose_change(
    profiles: Sequence[DeprivationProfile | Microdata],
    measure: Measure,
    *,
    by: str | By = (),
    k: K | Sequence[K] | None = None,
    unit: Unit = "persons",
    level: float = 0.95,
    df: DegreesOfFreedom = "domain",
    rounds: Rounds | None = None,
    harmonised: bool = False,
    adjust: Adjust = "none",
    reliability: str | Path | Reliability | None = None,
) -> Derived:
    """How the change of M0, H and the number of poor between two rounds is made up, with sampling errors.

    Parameters
    ----------
    profiles : sequence of two DeprivationProfile or Microdata
        In any order; they are sorted by time.
    measure, k, unit, level, df, rounds, harmonised, adjust, reliability
        As for `mpi.change`.
    by : str or sequence of str
        Domains, whose changes are decomposed each for itself; and each item splits the change of the whole into what
        happened within its groups and what their shares of the population did.

    Returns
    -------
    Derived
        By cutoff and domain. `change_M0 = incidence + intensity` (Shapley: ΔH times the mean A, ΔA times the mean H)
        with `interaction` (ΔH ΔA) beside; `change_poor = rate + population` (ΔH times the mean population, and the
        reverse); `contribution` of each indicator and dimension, which add up to `change_M0`; `shapley_H` and
        `shapley_M0` of each indicator (the value of H, of M0, when only some deprivations count); and for each item of
        `by` (`groups`) the parts of its groups, `within` (mean share times ΔM0) = `within_incidence` +
        `within_intensity`, and `demographic` (mean M0 times Δshare), whose sums over the groups stand in rows without a
        domain and add up to the change of the whole.

    Raises
    ------
    UsageError
        If there are not two rounds, or as `mpi.change`.
    DataError
        As `mpi.change`; or if rounds share PSUs whose joint sample cannot be made, as with replicate weights.

    References
    ----------
    Alkire et al. (2015), chapters 9.2 and 9.3; Apablaza and Yalonetzky (2013); Shorrocks (2013), Journal of Economic
    Inequality 11.
    """
    check_adjust(adjust)
    if len(profiles) != TWO:
        text = phrase(
            "a decomposition is of the change between two rounds, not {rounds}", rounds=counted(len(profiles), "round")
        )
        raise UsageError(Fault("MPI-E012", None, text, phrase("give the profiles of two rounds")))
    ordered = in_order([profile_for(one, measure, by) for one in profiles])
    how = relation(ordered, rounds)
    ordered, notices = under(ordered, measure, harmonised=harmonised)
    request = Request(
        measure=measure,
        rules=rules_for(ordered[1], reliability),
        by=by,
        k=k,
        unit=unit,
        level=level,
        df=df,
        adjust=adjust,
    )
    pair = _independent(ordered, request) if how == "independent" else _joint(ordered, request)
    rows = [*_own_rows(pair, request), *_group_rows(pair, request)]
    made = derived_of(rows, pair.last, domains=pair.domains, level=level, adjust=adjust)
    period = f"{ordered[0].period} - {ordered[1].period}"
    return replace(_about(made, ordered[1], period), notices=(*notices, *made.notices))


def _about(made: Derived, profile: DeprivationProfile, period: str) -> Derived:
    table = made.table
    for name, text in (("survey", profile.survey), ("period", period)):
        own = arrow.array_of(Text(np.zeros(len(table), np.int64), (text,)))
        table = table.set_column(table.column_names.index(name), name, own)
    return replace(made, table=table)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """The figures of two rounds: of two samples, or of one in which the round is a domain.

    Attributes
    ----------
    rounds : pair of Estimates
        The same where there is one sample.
    prefixes : pair of tuple of str
        What the labels of a round begin with.
    plan : Plan
    sets : sequence of tuple of str
        Crossings of domains, the first of them empty.
    domains : tuple of str
    """

    rounds: tuple[Estimates, Estimates]
    prefixes: tuple[tuple[str, ...], tuple[str, ...]]
    plan: Plan
    sets: Sequence[tuple[str, ...]]
    domains: tuple[str, ...]

    @property
    def last(self) -> Estimates:
        """The later round."""
        return self.rounds[1]

    def labels(self, names: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The groups of a set, those of both rounds."""
        found = [self._at(i, names) for i in range(TWO)]
        return sorted({label for own in found for label in own})

    def _at(self, i: int, names: tuple[str, ...]) -> Mapping[tuple[str, ...], int]:
        """First place of each group of a set in a round."""
        basis, prefix = self.rounds[i].basis, self.prefixes[i]
        wanted = frozenset((*([ROUND] if prefix else []), *names))
        number = next(n for n, own in enumerate(basis.sets) if frozenset(own) == wanted)
        size, own = len(basis.table.statistics), basis.sets[number]
        order = [own.index(name) for name in names]
        rest = [own.index(ROUND)] if prefix else []
        return {
            tuple(label[j] for j in order): int(basis.offsets[number]) + g * size
            for g, label in enumerate(basis.labels(number))
            if tuple(label[j] for j in rest) == prefix
        }

    def row(
        self,
        keys: Keys,
        names: tuple[str, ...],
        labels: Sequence[tuple[str, ...]],
        reads: Sequence[_Read],
        value: Callable[..., Sloped],
    ) -> Row:
        """A formula over figures of both rounds in some groups."""
        samples = list(dict.fromkeys(id(one) for one in self.rounds))
        places: list[list[NDArray[np.int64]]] = [[] for _ in samples]
        columns: list[tuple[int, int]] = []
        for one in reads:
            at = self._at(one.round, names if one.group is None else one.names)
            targets = labels if one.group is None else [one.group] * len(labels)
            sample = samples.index(id(self.rounds[one.round]))
            columns.append((sample, len(places[sample])))
            places[sample].append(np.array([at[label] + one.figure if label in at else -1 for label in targets]))
        terms = [
            Terms(next(r for r in self.rounds if id(r) == sample), np.stack(own, axis=1))
            for sample, own in zip(samples, places, strict=True)
        ]
        starts = np.cumsum([0, *(one.places.shape[1] for one in terms)])
        unit = np.eye(int(starts[-1]))
        parts = [
            Sloped(terms[s].values[:, i], np.broadcast_to(unit[starts[s] + i], (len(labels), len(unit))))
            for s, i in columns
        ]
        groups = [dict(zip(names, label, strict=True)) for label in labels]
        return Row(keys=keys, groups=groups, terms=terms, value=value(*parts))


@dataclass(frozen=True, slots=True)
class _Read:
    """A figure that a formula reads: its place in the plan, its round, and its group, if not that of the row."""

    figure: int
    round: int
    names: tuple[str, ...] = ()
    group: tuple[str, ...] | None = None


def _independent(ordered: Sequence[DeprivationProfile], request: Request) -> _Pair:
    (first, plan), (last, _) = (estimates_for(profile, request, _plan) for profile in ordered)
    return _Pair(rounds=(first, last), prefixes=((), ()), plan=plan, sets=last.basis.sets, domains=last.domains)


def _joint(ordered: Sequence[DeprivationProfile], request: Request) -> _Pair:
    before, after = ordered
    check_joint(before, after)
    sets = sets_of(before, request.by, request.unit)
    domains = list(dict.fromkeys(name for names in sets for name in names))
    both = together(before, after, domains)
    asked = replace(request, by=[(ROUND,), *((ROUND, *names) for names in sets)])
    found, plan = estimates_for(both, asked, _plan)
    return _Pair(
        rounds=(found, found), prefixes=((FIRST,), (SECOND,)), plan=plan, sets=[(), *sets], domains=tuple(domains)
    )


def _plan(patterns: Patterns) -> Plan:
    """Per cutoff: H, A, M0, the population, the number of poor; parts of dimensions and indicators; Shapley values."""
    plan, scored, measure = Plan(), patterns.scored, patterns.measure
    ratio = {"kind": "ratio", "counts_units": False}
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):

        def add(
            name: str, above: NDArray[np.bool_] | NDArray[np.float64], below: NDArray[np.bool_], **options: object
        ) -> None:
            plan.figure({"figure": name, "k": cutoff.text}, above, below, k=k, **options)  # noqa: B023  called at once

        included, score = patterns.included, scored.score
        add("H", poor, included)
        add("A", score * poor, poor, **ratio)
        add("M0", score * poor, included, **ratio)
        add("N", included, included, kind="total")
        add("poor", poor, included, kind="total")
        for i, one in enumerate(measure.dimensions):
            add(f"dimension:{one.name}", scored.dimension_part[:, i] * poor, included, **ratio)
        for j, indicator in enumerate(measure.indicators):
            if _adds_up(measure) and not indicator.monitor:
                add(f"indicator:{indicator.name}", scored.part[:, j] * poor, included, **ratio)
        if _adds_up(measure) and measure.missing != "reweight":
            by_count, by_score = shapley_of_patterns(measure, scored.deprived & included[:, None], cutoff)
            for j, indicator in enumerate(measure.indicators):
                if not indicator.monitor:
                    add(f"shapley_H:{indicator.name}", by_count[:, j], included, **ratio)
                    add(f"shapley_M0:{indicator.name}", by_score[:, j], included, **ratio)
    return plan


def _adds_up(measure: Measure) -> bool:
    """Whether the score is a sum over indicators: no dimension counts as a whole."""
    return all(one.at_least is None for one in measure.dimensions)


def _own_rows(pair: _Pair, request: Request) -> list[Row]:
    """The change of each group of each set, in parts."""
    rows = []
    measure = request.measure
    dimension_of = {one.name: one.dimension for one in measure.indicators}
    for names in pair.sets:
        labels = pair.labels(names)
        for cutoff in cutoffs_of(measure, request.k):
            at = {one.keys["figure"]: i for i, one in enumerate(pair.plan.figures) if one.keys["k"] == cutoff.text}
            for figure, (reads, value) in PARTS.items():
                read = [_Read(at[name], i) for name in reads for i in range(TWO)]
                rows.append(pair.row(_keys(figure, cutoff.text), names, labels, read, value))
            for name, place in at.items():
                kind, _, part = str(name).partition(":")
                if part:
                    figure = "contribution" if kind in ("dimension", "indicator") else kind
                    dimension = part if kind == "dimension" else dimension_of[part]
                    keys = _keys(figure, cutoff.text, dimension, None if kind == "dimension" else part)
                    read = [_Read(place, i) for i in range(TWO)]
                    rows.append(pair.row(keys, names, labels, read, _difference))
    return rows


def _group_rows(pair: _Pair, request: Request) -> list[Row]:
    """What each group of each set does to the change of the whole, and the sums over the groups."""
    rows = []
    for names in pair.sets[1:]:
        labels, title = pair.labels(names), ":".join(names)
        for cutoff in cutoffs_of(request.measure, request.k):
            at = {one.keys["figure"]: i for i, one in enumerate(pair.plan.figures) if one.keys["k"] == cutoff.text}
            figures = [at[name] for name in ("H", "A", "M0", "N")]
            whole = [_Read(at["N"], i, (), ()) for i in range(TWO)]
            for figure, value in GROUPS.items():
                keys = _keys(figure, cutoff.text, groups=title)
                own = [_Read(place, i) for place in figures for i in range(TWO)]
                rows.append(pair.row(keys, names, labels, [*own, *whole], value))
                every = [_Read(place, i, names, label) for label in labels for place in figures for i in range(TWO)]
                rows.append(pair.row(keys, (), [()], [*whole, *every], _summed(value)))
    return rows


def _keys(
    figure: str, k: str, dimension: str | None = None, indicator: str | None = None, groups: str | None = None
) -> Keys:
    return {"figure": figure, "k": k, "dimension": dimension, "indicator": indicator, "groups": groups}


def _difference(before: Sloped, after: Sloped) -> Sloped:
    return after - before


def _mean(before: Sloped, after: Sloped) -> Sloped:
    return (before + after) * 0.5


# Each reads its figures in both rounds, one figure after the other.
PARTS: Mapping[str, tuple[tuple[str, ...], Callable[..., Sloped]]] = {
    "change_M0": (("M0",), _difference),
    "incidence": (("H", "A"), lambda h1, h2, a1, a2: (h2 - h1) * _mean(a1, a2)),
    "intensity": (("H", "A"), lambda h1, h2, a1, a2: (a2 - a1) * _mean(h1, h2)),
    "interaction": (("H", "A"), lambda h1, h2, a1, a2: (h2 - h1) * (a2 - a1)),
    "change_H": (("H",), _difference),
    "change_poor": (("poor",), _difference),
    "rate": (("H", "N"), lambda h1, h2, n1, n2: (h2 - h1) * _mean(n1, n2)),
    "population": (("H", "N"), lambda h1, h2, n1, n2: (n2 - n1) * _mean(h1, h2)),
}


def _within(*figures: Sloped) -> Sloped:
    _, _, _, _, m1, m2, n1, n2, all1, all2 = figures
    return _mean(n1 / all1, n2 / all2) * (m2 - m1)


def _within_incidence(*figures: Sloped) -> Sloped:
    h1, h2, a1, a2, _, _, n1, n2, all1, all2 = figures
    return _mean(n1 / all1, n2 / all2) * (h2 - h1) * _mean(a1, a2)


def _within_intensity(*figures: Sloped) -> Sloped:
    h1, h2, a1, a2, _, _, n1, n2, all1, all2 = figures
    return _mean(n1 / all1, n2 / all2) * (a2 - a1) * _mean(h1, h2)


def _demographic(*figures: Sloped) -> Sloped:
    _, _, _, _, m1, m2, n1, n2, all1, all2 = figures
    return (n2 / all2 - n1 / all1) * _mean(m1, m2)


GROUPS: Mapping[str, Callable[..., Sloped]] = {
    "within": _within,
    "within_incidence": _within_incidence,
    "within_intensity": _within_intensity,
    "demographic": _demographic,
}


def _summed(value: Callable[..., Sloped]) -> Callable[..., Sloped]:
    """The sum over all groups; groups in which it is undefined (A, where nobody is poor) are left out."""

    def summed(all1: Sloped, all2: Sloped, *figures: Sloped) -> Sloped:
        total = all1 * 0.0
        for first in range(0, len(figures), 8):
            own = value(*figures[first : first + 8], all1, all2)
            total += where(np.isfinite(own.value), own, all1 * 0.0)
        return total

    return summed
