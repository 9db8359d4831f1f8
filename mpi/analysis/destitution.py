"""Destitution: the same dimensions and cutoff with deeper deprivations, as a second measure on the same units.

Whoever is destitute must be poor: that is checked of each unit, not of totals, which could hide it. Alkire, Conconi and
Seth (2014), Measuring destitution in developing countries, OPHI Research in Progress 42a; Alkire, Roche and Vaz (2017),
World Development 94, 232-249. H_D / H is a ratio of two figures of the same units, with the error of their joint
covariance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mpi.analysis.asked import Keys, Patterns, Plan, answer
from mpi.analysis.second_measure import Both, check_inside, others_of, second_of, shared_indicators
from mpi.counting import distinct_patterns, scores
from mpi.errors import Fault, Notice, UsageError, counted, listed
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.profile import DeprivationProfile, fitted
from mpi.profile.marks import Mark
from mpi.specs.measure import Cutoff, Measure


def destitution(profile: DeprivationProfile, request: Request) -> Derived:
    """The destitute among the poor, at the measure's own cutoff or those that are asked for.

    Returns
    -------
    Derived
        By `k` and `other_k`, of the units that both measures judge: `share` of a `group`: `destitute`,
        `poor_not_destitute`, `destitute_not_poor`, `not_poor` (which add up); `H`, `M0`, `A` and `poor` (number) of the
        measure; `H_D`, `M0_D`, `A_D` and `destitute` of the deeper one; `ratio_H` = H_D / H, `ratio_M0`; `outside`, of
        the destitute the share who are not poor (0 where inclusion holds); `unjudged`, of those whom the measure judges
        the share whom the deeper one does not. By `indicator` that both have: `deprived_first`, `deprived_second`,
        `ratio_deprived` and `outside`.

    Raises
    ------
    UsageError
        If somebody is destitute and not poor, unless that is to be reported (`inclusion="report"`); as
        `mpi.analysis.second_measure.others_of`, or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    others = others_of(profile, request, "destitution")
    check_inside(request.measure, others)
    asked = replace(request, k=request.k or request.measure.cutoffs[0])
    own = fitted(profile, request.measure)
    told = [notice for other in others for notice in _inclusion(own, request, other)]
    made = answer(profile, asked, lambda patterns: _plan(patterns, profile.marks, others))
    return replace(made, notices=(*made.notices, *told))


def _inclusion(profile: DeprivationProfile, request: Request, other: Measure) -> list[Notice]:
    """Whether all who are destitute are poor, unit by unit; and the same of each indicator.

    Raises
    ------
    UsageError
        If not, and that is not only to be reported.
    """
    measure, cells = request.measure, profile.cells
    distinct = distinct_patterns(cells.pattern, cells.unknown)
    scored = scores(measure, distinct.pattern, distinct.unknown)
    both = Both(Patterns(measure, scored, [measure.cutoffs[0]], ~scored.known), second_of(other, profile.marks, scored))
    numbers = {
        unit: np.bincount(distinct.which, getattr(cells, f"{unit}s"), len(scored.included))
        for unit in ("person", "household")
    }
    poor, destitute = both.patterns.poor[0], both.second.poor
    outside = destitute & scored.included & ~poor

    def told(where: np.typing.NDArray[np.bool_]) -> dict[str, str]:
        return {f"{unit}s": counted(int(number[where].sum()), unit) for unit, number in numbers.items()}

    found = list[Notice]()
    deeper = []
    for name in shared_indicators(measure, other):
        one, two, _ = both.deprived(name)
        number = int(numbers["person"][two & ~one].sum())
        deeper += [f"{name} ({number:,})"] if number else []
    if deeper:
        text = phrase(
            "persons are deprived by the deeper rule of an indicator of {other} and not by that of {measure}: {names}",
            other=other.name, measure=measure.name, names=listed(deeper, len(deeper)),
        )  # fmt: skip
        found.append(Notice("MPI-N216", text))
    if numbers["person"][outside].sum():
        text = phrase(
            "{persons} of {households} are destitute by {other} and not poor by {measure}",
            other=other.name, measure=measure.name, **told(outside),
        )  # fmt: skip
        if request.inclusion == "refuse":
            remedy = phrase(
                "write deeper rules each of which implies that of the measure{names}; or have the figures all the "
                "same: `--inclusion report`, in a study `inclusion: report`",
                names=phrase(" (they do not in {names})", names=listed(deeper, len(deeper))) if deeper else "",
            )
            raise UsageError(Fault("MPI-E216", other.place, text, remedy))
        found.append(Notice("MPI-N216", text))
    unsure = destitute & ~scored.included
    if numbers["person"][unsure].sum():
        text = phrase(
            "of {persons} of {households} who are destitute by {other} it is not known whether they are poor",
            other=other.name, **told(unsure),
        )  # fmt: skip
        found.append(Notice("MPI-N216", text))
    return found


def _plan(patterns: Patterns, marks: Sequence[Mark], others: Sequence[Measure]) -> Plan:
    plan = Plan()
    for other in others:
        both = Both(patterns, second_of(other, marks, patterns.scored))
        for k, cutoff in enumerate(patterns.cutoffs):
            _at(plan, both, k, cutoff)
        for name in shared_indicators(patterns.measure, other):
            _of_indicator(plan, both, name)
    return plan


def _of_indicator(plan: Plan, both: Both, name: str) -> None:
    own, deeper, base = both.deprived(name)

    def keys(figure: str) -> Keys:
        return both.keys(None, figure=figure, group=None, indicator=name)

    pair = [plan.figure(keys("deprived_first"), own, base), plan.figure(keys("deprived_second"), deeper, base)]
    plan.figure(keys("outside"), deeper & ~own, deeper)
    plan.formula(keys("ratio_deprived"), pair, lambda a, b: b / a)


def _at(plan: Plan, both: Both, k: int, cutoff: Cutoff) -> None:
    """The figures at a cutoff."""
    base = both.base
    poor, destitute = both.patterns.poor[k] & base, both.second.poor & base

    def keys(figure: str, group: str | None = None) -> Keys:
        return both.keys(cutoff.text, figure=figure, group=group, indicator=None)

    groups = {
        "destitute": poor & destitute, "poor_not_destitute": poor & ~destitute,
        "destitute_not_poor": destitute & ~poor, "not_poor": base & ~poor & ~destitute,
    }  # fmt: skip
    for name, inside in groups.items():
        plan.figure(keys("share", name), inside, base, k=k)
    pairs: dict[str, list[int]] = {"H": [], "M0": []}
    sides = (("", "poor", poor, both.patterns.scored), ("_D", "destitute", destitute, both.second.scored))
    for ending, number, inside, scored in sides:
        pairs["H"].append(plan.figure(keys(f"H{ending}"), inside, base, k=k))
        plan.figure(keys(number), inside, base, kind="total", k=k)
        for figure, below in (("M0", base), ("A", inside)):
            place = plan.figure(
                keys(f"{figure}{ending}"), scored.score * inside, below, kind="ratio", k=k, counts_units=False
            )
            if figure in pairs:
                pairs[figure].append(place)
    for figure, pair in pairs.items():
        plan.formula(keys(f"ratio_{figure}"), pair, lambda a, b: b / a)
    plan.figure(keys("outside"), destitute & ~poor, destitute, k=k)
    judged = both.patterns.included
    plan.figure(keys("unjudged"), judged & ~base, judged, k=k)
