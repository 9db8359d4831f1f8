"""Poverty gaps: the class M-alpha of Alkire and Foster, with the average gap, the average severity, and contributions.

M-alpha is the mean over all units of the sum over deprivations of the poor of w_j g_j^alpha, for normalised gaps g:
M0 at 0; M1 = H x A x G, the adjusted poverty gap, at 1; M2 = H x A x S, the adjusted squared gap, at 2.

Gaps need cardinal achievements (Alkire et al. 2015, chapter 5.7). Of a measure with an ordinal indicator in its score,
M-alpha above 0 depends on how that one is scaled, and is not given, unless the measure says that such indicators have a
gap of 1; what is given of each cardinal indicator alone needs nothing of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Column, Patterns, Plan, answer
from mpi.columns.values import Floats
from mpi.errors import Fault, Notice, UsageError, listed
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.estimates.patterns import distinct_amounts
from mpi.language import phrase
from mpi.profile import DeprivationProfile, collapsed, fitted
from mpi.specs.indicators import amounts_of
from mpi.specs.measure import Cutoff, Measure
from mpi.vocabulary.options import POWERS

AVERAGES = {Fraction(1): "average_gap", Fraction(2): "average_severity"}  # of the deprivations of the poor, by alpha
OTHER = "average_power"


def gaps(profile: DeprivationProfile, request: Request) -> Derived:
    """How far below their cutoffs the poor are.

    Returns
    -------
    Derived
        By cutoff and power `alpha`: `M_alpha`; `average_gap` (G, alpha 1), `average_severity` (S, alpha 2),
        `average_power` (others), the mean of g^alpha over the weighted deprivations of the poor. By `indicator`:
        `contribution` to M_alpha, `share` of it, and the averages over those who are poor and deprived in it.

    Raises
    ------
    UsageError
        If no indicator of the measure has a gap, the profile holds none, or a rule for unknowns calls units deprived
        whose achievement is not known.
    DataError
        As `mpi.estimate`.

    References
    ----------
    Alkire and Foster (2011), Journal of Public Economics 95(7-8), 476-487; Alkire et al. (2015), chapter 5.7.
    """
    measure = request.measure
    _check(measure)
    powers = request.powers or tuple(map(Fraction, POWERS))
    fit = collapsed(fitted(profile, measure))
    _check_held(fit, measure)
    distinct, amounts = distinct_amounts(fit.cells)
    made = answer(fit, request, lambda patterns: _plan(patterns, amounts, powers), distinct=distinct)
    return replace(made, notices=(*made.notices, *_notices(measure)))


def _plan(patterns: Patterns, amounts: Floats, powers: Sequence[Fraction]) -> Plan:
    plan, measured = Plan(), _measured(patterns, amounts)
    whole = not _lacking(patterns.measure)
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        at = _At(plan, patterns, k, cutoff, poor)
        for alpha in powers:
            raised = {j: np.where(patterns.scored.deprived[:, j], g ** float(alpha), 0.0) for j, g in measured.items()}
            at.add(alpha, raised, whole=whole)
    return plan


@dataclass(frozen=True, slots=True, eq=False)
class _At:
    """The figures at one cutoff."""

    plan: Plan
    patterns: Patterns
    k: int
    cutoff: Cutoff
    poor: NDArray[np.bool_]

    def add(self, alpha: Fraction, raised: dict[int, Floats], *, whole: bool) -> None:
        """Add those of a power, from each indicator's gap to that power; shape (p,) each."""
        scored, measure = self.patterns.scored, self.patterns.measure
        part = {j: scored.part[:, j] * g for j, g in raised.items()}
        total = scored.score if alpha == 0 else sum(part.values(), np.zeros(len(scored.score)))
        if whole or alpha == 0:
            self.figure("M_alpha", alpha, None, total, self.patterns.included)
            if alpha:
                self.figure(AVERAGES.get(alpha, OTHER), alpha, None, total, scored.score * self.poor)
        for j, g in raised.items():
            name, own = measure.names[j], scored.deprived[:, j]
            if whole and measure.indicators[j].weight:
                self.figure("contribution", alpha, name, part[j], self.patterns.included)
                self.figure("share", alpha, name, part[j], total * self.poor)
            if alpha:
                self.figure(AVERAGES.get(alpha, OTHER), alpha, name, g, own & self.poor)

    def figure(self, name: str, alpha: Fraction, indicator: str | None, above: Floats, below: Column) -> None:
        """Add one, of the poor alone in its numerator."""
        keys = {"figure": name, "k": self.cutoff.text, "alpha": str(alpha), "indicator": indicator}
        self.plan.figure(keys, above * self.poor, below, kind="ratio", k=self.k, counts_units=False)


def _measured(patterns: Patterns, amounts: Floats) -> dict[int, Floats]:
    """The gap of each indicator that has one, by its place; shape (p,) each.

    Raises
    ------
    UsageError
        If a rule for unknowns calls a unit deprived whose achievement is not known.
    """
    measure, scored = patterns.measure, patterns.scored
    held = amounts_of(measure.indicators)
    found: dict[int, Floats] = {}
    unsure = []
    for j, one in enumerate(measure.indicators):
        if one.gap == "ordinal":
            found[j] = np.ones(len(scored.included))
        elif one.cardinal is not None:
            found[j] = amounts[:, held.index(one.amount)]
            if (scored.deprived[:, j] & scored.included & patterns.unknown[:, j]).any():
                unsure.append(one.name)
    if unsure:
        text = phrase(
            "the measure counts units as deprived in {names} of whom it is not known, so that nobody knows how far",
            names=listed(unsure, len(unsure)),
        )
        remedy = phrase("write `missing: exclude` in the measure, and no `missing:` for these indicators")
        raise UsageError(Fault("MPI-E214", measure.place, text, remedy))
    return found


def _check(measure: Measure) -> None:
    """Refuse a measure without gaps."""
    if not amounts_of(measure.indicators):
        text = phrase("no indicator of {name} has a gap", name=measure.name)
        remedy = phrase(
            "write `gap:` with `achievement:`, `cutoff:` and `bound:` for those with a cardinal achievement"
        )
        raise UsageError(Fault("MPI-E214", measure.place, text, remedy))


def _check_held(profile: DeprivationProfile, measure: Measure) -> None:
    """Refuse a profile that does not hold the gaps of a measure."""
    if lacking := [name for name in amounts_of(measure.indicators) if name not in profile.amounts]:
        text = phrase(
            "the profile does not hold what {name} needs of each unit: {names}",
            name=measure.name,
            names=listed(lacking, len(lacking)),
        )
        remedy = phrase("make the profile from microdata with this measure (`mpi profile`): ready-made flags have none")
        raise UsageError(Fault("MPI-E214", measure.place, text, remedy))


def _lacking(measure: Measure) -> list[str]:
    """What keeps M-alpha from being one of the whole measure: parts of the score without gaps."""
    indicators = [one.name for one in measure.indicators if one.weight and one.gap is None]
    return indicators + [one.name for one in measure.dimensions if one.at_least is not None]


def _notices(measure: Measure) -> list[Notice]:
    """What a reader of the figures should know of the scales of the indicators."""
    ordinal = [one.name for one in measure.indicators if one.weight and one.gap == "ordinal"]
    if lacking := _lacking(measure):
        text = phrase(
            "M-alpha above 0 is not given: {names} have no gap. What is given of each cardinal indicator alone "
            "needs nothing of the others",
            names=listed(lacking, len(lacking)),
        )
        return [Notice("MPI-N150", text)]
    if ordinal:
        text = phrase(
            "M-alpha is mixed: in {names}, which are ordinal, whoever is deprived has a gap of 1 by definition",
            names=listed(ordinal, len(ordinal)),
        )
        return [Notice("MPI-N150", text)]
    return []
