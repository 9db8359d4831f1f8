"""Children: deprived themselves in poor and other households, beside siblings who are not, girls and boys, pioneers.

Persons are counted. A child's own deprivation is what the indicator says of a member; `mpi.specs.children` composes the
rules, and the profile keeps their truths as marks. Dirksen and Alkire (2021), Sustainability 13(16); OPHI Working Paper
127; the gap within households after Alkire et al. (2013), on the WEAI.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Keys, Patterns, Plan, answer
from mpi.analysis.coverage import check_households
from mpi.errors import Fault, UsageError, listed
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.profile.marks import Mark, places_of, rule_hash
from mpi.specs.children import (
    ADULT,
    BOTH,
    CHILD,
    ELIGIBLE,
    GIRL,
    OWN,
    SCHOOLED,
    SCHOOLED_ADULT,
    SEVERAL,
    SPARED,
    child_marks,
)

Flags = NDArray[np.bool_]


def children(profile: DeprivationProfile, request: Request) -> Derived:
    """Children by the poverty of their household, and by their own deprivations, by cutoff.

    Returns
    -------
    Derived
        `children` and `children_poor` (numbers), `child_poverty` (H among children). By `indicator`, of the children
        to whom it applies: `deprived_children` (number), `deprived_share`; of deprived children `with_spared` (a
        sibling of the ages of the indicator is not deprived), `siblings_deprived` (all such siblings are),
        `without_siblings`; by cutoff `in_poor` and `in_not_poor` (numbers of deprived children in such households),
        `share_in_not_poor` of the deprived, `rate_poor`, `rate_not_poor`. With a rule of girls `rate_girls`,
        `rate_boys`, `gap`, and of households that have both `rate_girls_within`, `rate_boys_within`, `gap_within`.
        `pioneers` (number), `pioneer_share` of the children in households with adults of whom none has the schooling,
        `pioneers_poor`, `without_adults` (children in households without adults).

    Raises
    ------
    UsageError
        If the measure says nothing of children, the profile was made without that or by other rules, or households are
        counted; or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    measure = request.measure
    if measure.children is None:
        text = phrase("the measure {name} does not say who is a child", name=measure.name)
        raise UsageError(Fault("MPI-E213", None, text, phrase("write `children: {{child: age < 18}}` in the measure")))
    wanted = child_marks(measure.children, measure.indicators)
    there = {mark.name: mark.rule for mark in profile.marks}
    differ = [name for name, rule in wanted.items() if there.get(name) != rule_hash(rule.expression)]
    if differ:
        text = phrase("the profile was made without what the measure says of children: {names}", names=listed(differ))
        remedy = phrase("make it from the microdata, with `--domain children` beside the domains")
        raise UsageError(Fault("MPI-E213", None, text, remedy))
    check_households([mark for mark in profile.marks if mark.name in wanted], request.unit)
    names = [one for one in measure.children.own if one in measure.names]
    return answer(profile, request, lambda patterns: _plan(patterns, profile.marks, names))


def _plan(patterns: Patterns, marks: Sequence[Mark], names: Sequence[str]) -> Plan:
    plan, places = Plan(), places_of(marks)
    child = _sure(patterns, marks, CHILD) & patterns.included
    own: Keys = {"indicator": None}
    plan.figure({"figure": "children", "k": None, **own}, child, patterns.included, kind="total")
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        by_k = {"k": cutoff.text, **own}
        plan.figure({"figure": "children_poor", **by_k}, child & poor, patterns.included, kind="total", k=k)
        plan.figure({"figure": "child_poverty", **by_k}, child & poor, child, k=k)
    for name in names:
        _indicator(plan, patterns, marks, name)
    if SCHOOLED in places:
        _pioneers(plan, patterns, marks, child)
    return plan


def _sure(patterns: Patterns, marks: Sequence[Mark], name: str) -> Flags:
    true, _ = patterns.mark(marks, name)
    return true


def _indicator(plan: Plan, patterns: Patterns, marks: Sequence[Mark], name: str) -> None:
    keys: Keys = {"indicator": name}
    eligible = _sure(patterns, marks, f"{ELIGIBLE}{name}") & patterns.included
    deprived, known = patterns.mark(marks, f"{OWN}{name}")
    base, own = eligible & known, eligible & deprived
    plan.figure({"figure": "deprived_children", "k": None, **keys}, own, patterns.included, kind="total")
    plan.figure({"figure": "deprived_share", "k": None, **keys}, own, base)
    spared, sure = patterns.mark(marks, f"{SPARED}{name}")
    several, counted = patterns.mark(marks, f"{SEVERAL}{name}")
    told = own & sure & counted
    parts = {"with_spared": spared, "siblings_deprived": several & ~spared, "without_siblings": ~several & ~spared}
    for figure, part in parts.items():
        plan.figure({"figure": figure, "k": None, **keys}, told & part, told)
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        by_k = {"k": cutoff.text, **keys}
        for figure, group in (("in_poor", poor), ("in_not_poor", ~poor)):
            plan.figure({"figure": figure, **by_k}, own & group, patterns.included, kind="total", k=k)
        plan.figure({"figure": "share_in_not_poor", **by_k}, own & ~poor, own, k=k)
        for figure, group in (("rate_poor", poor), ("rate_not_poor", ~poor)):
            plan.figure({"figure": figure, **by_k}, own & group, base & group, k=k)
    if GIRL in places_of(marks):
        both = _sure(patterns, marks, f"{BOTH}{name}")
        _girls(plan, keys, patterns.mark(marks, GIRL), both, (base, own))


def _girls(plan: Plan, keys: Keys, girls: tuple[Flags, Flags], both: Flags, flags: tuple[Flags, Flags]) -> None:
    """Girls and boys, in all households and in those that have both."""
    (girl, sure), (base, own) = girls, flags
    for ending, inside in (("", sure), ("_within", sure & both)):
        places = [
            plan.figure({"figure": f"rate_{word}{ending}", "k": None, **keys}, own & group, base & group)
            for word, group in (("girls", girl & inside), ("boys", ~girl & inside))
        ]
        plan.formula({"figure": f"gap{ending}", "k": None, **keys}, places, lambda a, b: a - b)


def _pioneers(plan: Plan, patterns: Patterns, marks: Sequence[Mark], child: Flags) -> None:
    """Children with the schooling that none of the adults of their household has."""
    keys: Keys = {"indicator": None}
    (adult, adult_sure), (by_adult, adults_known) = (patterns.mark(marks, name) for name in (ADULT, SCHOOLED_ADULT))
    schooled, known = patterns.mark(marks, SCHOOLED)
    base = child & adult & adults_known & ~by_adult & known
    pioneer = base & schooled
    plan.figure({"figure": "pioneers", "k": None, **keys}, pioneer, patterns.included, kind="total")
    plan.figure({"figure": "pioneer_share", "k": None, **keys}, pioneer, base)
    alone = child & adult_sure & ~adult
    plan.figure({"figure": "without_adults", "k": None, **keys}, alone, patterns.included, kind="total")
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        plan.figure({"figure": "pioneers_poor", "k": cutoff.text, **keys}, pioneer & poor, pioneer, k=k)
