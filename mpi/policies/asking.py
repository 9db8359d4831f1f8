"""A plan on a profile: its actions checked, and the rows of the profile that the actions tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import distinct
from mpi.counting import DistinctPatterns, distinct_patterns
from mpi.errors import Fault, UsageError, listed, nearest
from mpi.language import phrase
from mpi.policies.conditions import faults_of_condition
from mpi.policies.outcomes import Start
from mpi.profile import DeprivationProfile, collapsed, fitted
from mpi.specs.actions import Action, action_of
from mpi.specs.measure import Measure
from mpi.vocabulary.options import PLAN_STATES, PlanState


def actions_of(actions: Sequence[str | Action]) -> tuple[Action, ...]:
    """Actions, some of them as sentences.

    Raises
    ------
    UsageError
        With the fault of each.
    """
    made, faults = [], []
    for one in actions:
        if isinstance(one, Action):
            made.append(one)
            continue
        try:
            made.append(action_of(one))
        except ValueError as error:
            text = phrase("the action {text!r}: {fault}", text=one, fault=error.args[0])
            remedy = phrase("write for example `reduce water by 1/2 in zone=1 if poor`")
            faults.append(Fault("MPI-E250", None, text, remedy))
    if not actions:
        faults.append(Fault("MPI-E250", None, phrase("no action is given"), phrase("write for example `close water`")))
    if faults:
        raise UsageError(*faults)
    return tuple(made)


def domains_of(actions: Sequence[Action]) -> list[str]:
    """The domains that actions name, each once."""
    return list(dict.fromkeys(name for one in actions for name, _ in one.where))


def faults_of_measure(actions: Sequence[Action], measure: Measure) -> list[Fault]:
    """What of actions does not fit a measure, all of it."""
    faults = []
    for one in actions:
        if one.indicator not in measure.names:
            text = phrase("{measure} has no indicator {name!r}", measure=measure.name, name=one.indicator)
            remedy = nearest(one.indicator, measure.names) or phrase("there are {names}", names=listed(measure.names))
            faults.append(Fault("MPI-E250", None, text, remedy))
        if not 0 <= one.share <= 1:
            text = phrase("the action {text!r}: a share outside of 0 to 1", text=one.text)
            faults.append(Fault("MPI-E250", None, text, phrase("give a Fraction such as Fraction(1, 2)")))
        if one.condition:
            faults += faults_of_condition(one.condition, measure)
    return faults


def check_actions(actions: Sequence[Action], measure: Measure, profile: DeprivationProfile, state: PlanState) -> None:
    """Refuse actions that a measure or a profile cannot answer.

    Raises
    ------
    UsageError
        With all that is wrong.
    """
    faults = faults_of_measure(actions, measure)
    if state not in PLAN_STATES:
        text = phrase("conditions look at {state!r}, which is nothing", state=state)
        faults.append(Fault("MPI-E250", None, text, phrase("write one of {names}", names=", ".join(PLAN_STATES))))
    for one in actions:
        for name, codes in one.where:
            faults += faults_of_domain(profile, name, codes)
    if faults:
        raise UsageError(*dict.fromkeys(faults))


def faults_of_domain(profile: DeprivationProfile, name: str, codes: Sequence[str]) -> list[Fault]:
    """What of a domain and codes a profile does not have."""
    known = {one.name: one.labels for one in profile.domains}
    if name not in known:
        text = phrase("the profile has no domain {name!r}", name=name)
        remedy = nearest(name, list(known)) or phrase("make the profile by it, with `--by {name}`", name=name)
        return [Fault("MPI-E250", None, text, remedy)]
    return [
        Fault(
            "MPI-E250",
            None,
            phrase("{name} has no code {code!r}", name=name, code=code),
            nearest(code, known[name]) or phrase("there are {names}", names=listed(known[name])),
        )
        for code in codes
        if code not in known[name]
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A profile as actions see it.

    Attributes
    ----------
    profile : DeprivationProfile
        For the measure, with collapsed strata if the design asks for it.
    distinct : DistinctPatterns
        Its r rows: distinct patterns of each region.
    start : Start
        The same rows.
    region : int64, shape (r,)
    """

    profile: DeprivationProfile
    distinct: DistinctPatterns
    start: Start
    region: NDArray[np.int64]


def asked(
    profile: DeprivationProfile, measure: Measure, actions: Sequence[Action], *, state: PlanState = "before"
) -> Asked:
    """The rows of a profile that actions tell apart, once all has been checked.

    Raises
    ------
    UsageError
        If the profile or the measure does not fit, with all that is wrong.
    """
    made = collapsed(fitted(profile, measure))
    check_actions(actions, measure, made, state)
    inside = np.ones((len(actions), len(made.cells)), np.bool_)
    for number, one in enumerate(actions):
        for name, codes in one.where:
            place = made.domain(name)
            wanted = np.isin(np.array(made.domains[place].labels, object), codes)
            inside[number] &= wanted[made.cells.domains[:, place]]
    region, first = _regions(inside)
    return rows_by(made, region, inside[:, first])


def rows_by(profile: DeprivationProfile, region: NDArray[np.int64], inside: NDArray[np.bool_]) -> Asked:
    """The distinct patterns of each region of a profile.

    Parameters
    ----------
    profile : DeprivationProfile
        c cells.
    region : int64, shape (c,)
    inside : bool, shape (a, number of regions)
        Whether an action is for a region.
    """
    words = distinct_patterns(profile.cells.pattern, profile.cells.unknown)
    pair, which = distinct(region * max(1, len(words.pattern)) + words.which)
    of_region, place = np.divmod(pair, max(1, len(words.pattern)))
    found = DistinctPatterns(words.pattern[place], words.unknown[place], which)
    return Asked(profile, found, Start(found.pattern, found.unknown, inside[:, of_region]), of_region)


def _regions(inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells by the actions that are for them: the number of their region, and the first cell of each."""
    code = np.zeros(inside.shape[1], np.int64)
    for row in inside:
        _, code = distinct(code * 2 + row)
    _, first, code = np.unique(code, return_index=True, return_inverse=True)
    return code.astype(np.int64), first
