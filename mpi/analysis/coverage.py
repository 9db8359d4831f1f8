"""Who is reached by programmes: coverage of the poor, leakage, targeting, and the overlap of programmes.

Receipt is of the household unless the column is a person's. Units whose receipt is not known leave the figures of that
programme, and are reported. Coady, Grosh and Hoddinott (2004), Targeting of Transfers in Developing Countries.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.analysis.asked import Keys, Patterns, Plan, answer
from mpi.errors import Fault, UsageError
from mpi.estimates import Request
from mpi.estimates.derived import Derived
from mpi.estimates.slopes import Sloped, smaller
from mpi.language import phrase
from mpi.profile import DeprivationProfile
from mpi.profile.marks import PROGRAMME, TARGET, Mark, places_of

MOST_SETS = 5  # programmes of which all combinations are made
JOIN = " + "
Flags = NDArray[np.bool_]


def coverage(profile: DeprivationProfile, request: Request) -> Derived:
    """Who is reached by each programme, by cutoff.

    Returns
    -------
    Derived
        Of each `programme`: `coverage`, `undercoverage` (1 less coverage), `coverage_not_poor`, `coverage_all`,
        `leakage` (recipients who are not poor, of the recipients), `to_the_poor` (1 less leakage),
        `targeting_differential` (coverage of the poor less that of the others), `cgh` (`to_the_poor` over the
        population share of the poor), the numbers `recipients`, `recipients_poor`, `recipients_not_poor`,
        `poor_not_reached`, `receipt_unknown` (also as a share, `unknown`). A programme `for` some counts them alone,
        and has `recipients_outside`.

    Raises
    ------
    UsageError
        If the profile has no programmes, one is a person's and households are counted; or as `mpi.estimate`.
    DataError
        As `mpi.estimate`.
    """
    names = _programmes(profile, request)
    return answer(profile, request, lambda patterns: _plan(patterns, profile.marks, names))


def programmes(profile: DeprivationProfile, request: Request) -> Derived:
    """Programmes together: how many units receive, and which, among everybody, the poor and the others.

    Units are those whose receipts are all known; whoever is outside the target of a programme and has no answer does
    not receive it.

    Returns
    -------
    Derived
        In each `group` (`everyone`, `poor`, `not_poor`) `exactly` so many `programmes`, `some`, `mean_programmes`; of
        pairs `joint` (of the units whose two receipts are known) and `R0`; of up to five `exactly_these`.

    Raises
    ------
    UsageError, DataError
        As `coverage`.
    """
    names = _programmes(profile, request)
    return answer(profile, request, lambda patterns: _together(patterns, profile.marks, names))


def _programmes(profile: DeprivationProfile, request: Request) -> list[str]:
    """The names of the programmes of a profile.

    Raises
    ------
    UsageError
        If there is none, or households cannot be counted by one.
    """
    names = [mark.name.removeprefix(PROGRAMME) for mark in profile.marks if mark.name.startswith(PROGRAMME)]
    if not names:
        text = phrase("the profile says of no programme who receives it")
        remedy = phrase(
            "declare `programmes:` in the survey, and make the profile from its microdata, by all domains or with the "
            "programmes beside those that are named"
        )
        raise UsageError(Fault("MPI-E213", None, text, remedy))
    check_households(profile.marks, request.unit)
    return names


def check_households(marks: Sequence[Mark], unit: str) -> None:
    """Refuse to count households by what differs inside them.

    Raises
    ------
    UsageError
    """
    personal = [mark.name.partition(" ")[2] or mark.name for mark in marks if mark.level == "person"]
    if unit == "households" and personal:
        text = phrase(
            "{name!r} differs between the members of a household, so households cannot be counted by it",
            name=personal[0],
        )
        raise UsageError(Fault("MPI-E007", None, text, phrase("use unit=persons")))


def _plan(patterns: Patterns, marks: Sequence[Mark], names: Sequence[str]) -> Plan:
    plan, included = Plan(), patterns.included
    for name in names:
        receives, known = (one & included for one in patterns.mark(marks, f"{PROGRAMME}{name}"))
        own: Keys = {"programme": name}
        inside, sure = target = _target(patterns, marks, name)
        if f"{TARGET}{name}" in places_of(marks):
            outside = receives & sure & ~inside
            plan.figure({"figure": "recipients_outside", "k": None, **own}, outside, included, kind="total")
        base, known = _known(plan, own, included, target, known)
        receives = receives & known
        plan.figure({"figure": "recipients", "k": None, **own}, receives, base, kind="total")
        plan.figure({"figure": "coverage_all", "k": None, **own}, receives, known)
        for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
            _programme(plan, {**own, "k": cutoff.text}, (receives, known, poor & known), k)
    return plan


def _target(patterns: Patterns, marks: Sequence[Mark], name: str) -> tuple[Flags, Flags]:
    """Whom a programme is for, and of whom that is known; everybody, if it does not say."""
    if f"{TARGET}{name}" not in places_of(marks):
        return patterns.included, patterns.included
    inside, sure = patterns.mark(marks, f"{TARGET}{name}")
    return inside & patterns.included, sure & patterns.included


def _known(plan: Plan, keys: Keys, included: Flags, target: tuple[Flags, Flags], known: Flags) -> tuple[Flags, Flags]:
    """Whom a programme is or may be for, and of whom it is known that it is, and whether they receive it."""
    inside, sure = target
    base = included & (inside | ~sure)
    lacking = base & ~(sure & known)
    plan.figure({"figure": "unknown", "k": None, **keys}, lacking, base)
    plan.figure({"figure": "receipt_unknown", "k": None, **keys}, lacking, base, kind="total")
    return base, inside & known


def _programme(plan: Plan, keys: Keys, flags: tuple[Flags, Flags, Flags], k: int) -> None:
    """The figures of a programme at a cutoff: who receives, whose receipt is known, who of them is poor."""
    receives, known, poor = flags
    others = known & ~poor

    def place(figure: str, above: Flags, below: Flags, *, shown: bool = True) -> int:
        return plan.figure({"figure": figure, **keys}, above, below, k=k, shown=shown)

    of_poor = place("coverage", receives & poor, poor)
    place("undercoverage", poor & ~receives, poor)
    of_others = place("coverage_not_poor", receives & others, others)
    place("leakage", receives & others, receives)
    to_poor = place("to_the_poor", receives & poor, receives)
    share = place("population_share", poor, known, shown=False)
    numbers = {
        "recipients_poor": receives & poor,
        "recipients_not_poor": receives & others,
        "poor_not_reached": poor & ~receives,
    }
    for figure, counted in numbers.items():
        plan.figure({"figure": figure, **keys}, counted, known, kind="total", k=k)
    plan.formula({"figure": "targeting_differential", **keys}, [of_poor, of_others], _difference)
    plan.formula({"figure": "cgh", **keys}, [to_poor, share], lambda a, b: a / b)


def _difference(one: Sloped, other: Sloped) -> Sloped:
    return one - other


def _together(patterns: Patterns, marks: Sequence[Mark], names: Sequence[str]) -> Plan:
    """The figures of programmes among everybody, and at each cutoff among the poor and the others."""
    plan, received = Plan(), dict[str, tuple[Flags, Flags]]()
    for name in names:
        receives, known = patterns.mark(marks, f"{PROGRAMME}{name}")
        inside, sure = _target(patterns, marks, name)
        received[name] = receives, known | (sure & ~inside)
    _group(plan, received, patterns.included, {"group": "everyone", "k": None}, None)
    for k, (cutoff, poor) in enumerate(zip(patterns.cutoffs, patterns.poor, strict=True)):
        _group(plan, received, poor, {"group": "poor", "k": cutoff.text}, k)
        _group(plan, received, patterns.included & ~poor, {"group": "not_poor", "k": cutoff.text}, k)
    return plan


def _group(plan: Plan, received: Mapping[str, tuple[Flags, Flags]], inside: Flags, keys: Keys, k: int | None) -> None:
    names = list(received)
    every = np.stack([receives for receives, _ in received.values()], axis=1)
    whole = inside & np.logical_and.reduce([known for _, known in received.values()])
    count = every.sum(axis=1)
    for number in range(len(names) + 1):
        own = {"figure": "exactly", **keys, "programme": None, "programmes": str(number)}
        plan.figure(own, (count == number) & whole, whole, k=k)
    plan.figure({"figure": "some", **keys, "programme": None}, (count > 0) & whole, whole, k=k)
    plan.figure(
        {"figure": "mean_programmes", **keys, "programme": None}, count * whole.astype(np.float64), whole,
        kind="ratio", k=k, counts_units=False,
    )  # fmt: skip
    for one, other in itertools.combinations(names, 2):
        (a, a_known), (b, b_known) = received[one], received[other]
        base = inside & a_known & b_known
        pair = {**keys, "programme": f"{one}{JOIN}{other}"}
        joint = plan.figure({"figure": "joint", **pair}, a & b & base, base, k=k)
        rates = [plan.figure({"figure": "rate", **pair}, x & base, base, k=k, shown=False) for x in (a, b)]
        plan.formula({"figure": "R0", **pair}, [joint, *rates], lambda j, x, y: j / smaller(x, y))
    if len(names) <= MOST_SETS:
        for size in range(1, len(names) + 1):
            for chosen in itertools.combinations(range(len(names)), size):
                these = every[:, list(chosen)].all(axis=1) & (count == size) & whole
                named = {**keys, "programme": JOIN.join(names[i] for i in chosen)}
                plan.figure({"figure": "exactly_these", **named}, these, whole, k=k)
