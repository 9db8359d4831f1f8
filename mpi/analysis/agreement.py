"""Agreement of two measures on the same units: who is poor by both, by one alone, by neither; paired differences.

National and global measures, the old and the new norm. Both are judged row by row in one pass, so every figure of one
is correlated with that of the other, and differences have the errors of pairs. Cohen (1960), Educational and
Psychological Measurement 20(1), 37-46, on kappa.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mpi.analysis.asked import Keys, Patterns, Plan, answer
from mpi.analysis.second_measure import FIRST, SECOND, Both, Flags, others_of, second_of, shared_indicators
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.estimates.slopes import Sloped
from mpi.profile import DeprivationProfile
from mpi.profile.marks import Mark
from mpi.specs.measure import Measure


def agreement(profile: DeprivationProfile, request: Request) -> Derived:
    """Two measures on the units that both judge, at the cutoffs that are asked for and the second's own.

    Returns
    -------
    Derived
        By `k` and `other_k`: `share` and `number` of a `group`: `both`, `only_first`, `only_second`, `neither` (which
        add up), `first` and `second` (all who are poor by each); `M0` and `A` of `first` and `second`; `difference_H`,
        `difference_M0`, `difference_A`, the second less the first; `also_poor`, of the poor by the first or second the
        share who are poor by the other; `agree`, the share with the same verdict, and `kappa`, what of it chance does
        not explain; `unjudged`, of those whom the first judges the share whom the second does not. By `indicator` that
        both have: `deprived_first`, `deprived_second`, `deprived_only_first`, `deprived_only_second`.

    Raises
    ------
    UsageError
        As `mpi.analysis.second_measure.others_of`, or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    others = others_of(profile, request, "agreement")
    asked = replace(request, k=request.k or request.measure.cutoffs[0])
    return answer(profile, asked, lambda patterns: _plan(patterns, profile.marks, others))


def _plan(patterns: Patterns, marks: Sequence[Mark], others: Sequence[Measure]) -> Plan:
    plan = Plan()
    for other in others:
        both = Both(patterns, second_of(other, marks, patterns.scored))
        for k in range(len(patterns.cutoffs)):
            _at(plan, both, k)
        for name in shared_indicators(patterns.measure, other):
            one, two, base = both.deprived(name)
            groups = {FIRST: one, SECOND: two, "only_first": one & ~two, "only_second": two & ~one}
            for group, inside in groups.items():
                keys = both.keys(None, figure=f"deprived_{group}", group=None, indicator=name)
                plan.figure(keys, inside, base)
    return plan


def _at(plan: Plan, both: Both, k: int) -> None:
    """The figures at a cutoff of the first measure."""
    text, base = both.patterns.cutoffs[k].text, both.base
    one, two = both.patterns.poor[k] & base, both.second.poor & base

    def keys(figure: str, group: str | None = None) -> Keys:
        return both.keys(text, figure=figure, group=group, indicator=None)

    groups = {
        "both": one & two, "only_first": one & ~two, "only_second": two & ~one, "neither": base & ~one & ~two,
        FIRST: one, SECOND: two,
    }  # fmt: skip
    share = {name: plan.figure(keys("share", name), inside, base, k=k) for name, inside in groups.items()}
    for name, inside in groups.items():
        plan.figure(keys("number", name), inside, base, kind="total", k=k)
    places: dict[str, list[int]] = {"H": [share[FIRST], share[SECOND]], "M0": [], "A": []}
    for name, poor, scored in ((FIRST, one, both.patterns.scored), (SECOND, two, both.second.scored)):
        for figure, below in (("M0", base), ("A", poor)):
            added = plan.figure(keys(figure, name), scored.score * poor, below, kind="ratio", k=k, counts_units=False)
            places[figure].append(added)
    for figure, pair in places.items():
        plan.formula(keys(f"difference_{figure}"), pair, lambda a, b: b - a)
    _concord(plan, keys, (one, two, base), share, k)
    judged = both.patterns.included
    plan.figure(keys("unjudged"), judged & ~base, judged, k=k)


def _concord(
    plan: Plan, keys: Callable[..., Keys], flags: tuple[Flags, Flags, Flags], share: dict[str, int], k: int
) -> None:
    """How far the two verdicts are the same."""
    one, two, base = flags
    plan.figure(keys("also_poor", FIRST), one & two, one, k=k)
    plan.figure(keys("also_poor", SECOND), one & two, two, k=k)
    same = plan.figure(keys("agree"), base & (one == two), base, k=k)
    plan.formula(keys("kappa"), [same, share[FIRST], share[SECOND]], _kappa)


def _kappa(same: Sloped, one: Sloped, two: Sloped) -> Sloped:
    chance = one * two + (1 - one) * (1 - two)
    return (same - chance) / (1 - chance)
