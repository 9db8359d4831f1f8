"""Rounds of a survey: in order of time, of one measure, with a declared relation between their samples.

PSU codes that recur by accident look like the same PSUs, and a wrong choice changes a standard error many times over:
the relation is never guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mpi.errors import Fault, Notice, UsageError, listed
from mpi.language import phrase
from mpi.profile import DeprivationProfile, Domain, fitted, merge, other_rules
from mpi.specs.measure import Measure
from mpi.specs.survey import Survey
from mpi.vocabulary.options import ROUNDS, Rounds

ROUND = "(round)"  # no identifier, so no domain of a survey is called so
FIRST, SECOND = "1", "2"
_YEAR = re.compile(r"\d{4}")
_TWO_YEARS = re.compile(r"(\d{4})/(\d{2}|\d{4})")


def decimal_year(period: str) -> float | None:
    """The year of a period as written: 2018, or 2010/11 as 2010.5; None if it is written otherwise.

    Examples
    --------
    >>> decimal_year("2018"), decimal_year("2010/11"), decimal_year("2018 T3")
    (2018.0, 2010.5, None)
    """
    if _YEAR.fullmatch(period):
        return float(period)
    pair = _TWO_YEARS.fullmatch(period)
    if pair is None:
        return None
    following = str(int(pair[1]) + 1)
    return int(pair[1]) + 0.5 if pair[2] in (following, following[-2:]) else None


def time_of(profile: DeprivationProfile | Survey) -> float | None:
    """The decimal year of a profile or a survey: declared, or read from its period."""
    return profile.time if profile.time is not None else decimal_year(profile.period)


def in_order(profiles: Sequence[DeprivationProfile]) -> list[DeprivationProfile]:
    """The profiles by time; as they are given where the time of one is not known.

    Raises
    ------
    UsageError
        If there are fewer than two, or two have the same time or, without one, the same name and period.
    """
    if len(profiles) < 2:  # noqa: PLR2004  a change is between two
        raise UsageError(
            Fault("MPI-E012", None, phrase("a change needs two rounds or more"), phrase("give their profiles"))
        )
    times: list[float | str] = []
    for profile in profiles:
        time = time_of(profile)
        times.append(_called(profile) if time is None or not math.isfinite(time) else time)
    if len(set(times)) < len(times):
        same = [_called(p) for p, time in zip(profiles, times, strict=True) if times.count(time) > 1]
        text = phrase("two rounds have the same time: {names}", names=listed(same))
        raise UsageError(Fault("MPI-E012", None, text, phrase("give different rounds, or their `time:`")))
    if timeless(profiles):
        return list(profiles)
    return sorted(profiles, key=lambda profile: time_of(profile) or 0.0)


def timeless(profiles: Sequence[DeprivationProfile]) -> list[str]:
    """The rounds whose time is not known, as messages call them."""
    times = [time_of(profile) for profile in profiles]
    return [
        _called(profile)
        for profile, time in zip(profiles, times, strict=True)
        if time is None or not math.isfinite(time)
    ]


def relation(profiles: Sequence[DeprivationProfile], asked: Rounds | None) -> Rounds:
    """How the samples of the rounds relate: as asked, or as all surveys declare.

    Raises
    ------
    UsageError
        If it is not declared, or the surveys declare different relations.
    """
    if asked is not None:
        if asked not in ROUNDS:
            raise UsageError(
                Fault(
                    "MPI-E013",
                    None,
                    phrase("rounds are not {asked!r}", asked=asked),
                    phrase("write {names}", names=listed(ROUNDS)),
                )
            )
        return asked
    relations = {profile.sample.declared.rounds for profile in profiles}
    if len(relations) == 1 and (only := next(iter(relations))) is not None:
        return only
    text = phrase("the surveys do not say how the samples of their rounds relate")
    if len(relations) > 1:
        text = phrase(
            "the surveys declare different relations between their rounds: {names}",
            names=listed(sorted(str(one or "nothing") for one in relations)),
        )
    remedy = phrase("write `rounds:` in their designs, or give it here: {names}", names=listed(ROUNDS))
    raise UsageError(Fault("MPI-E013", None, text, remedy))


def under(
    profiles: Sequence[DeprivationProfile], measure: Measure, *, harmonised: bool
) -> tuple[list[DeprivationProfile], list[Notice]]:
    """The rounds as one measure orders their indicators, all of them judged by its rules.

    Returns
    -------
    list of DeprivationProfile
        In the same order.
    list of Notice
        That rounds were declared harmonised, if their rules are others, and which.

    Raises
    ------
    UsageError
        If the rules of a round are others and not declared harmonised, or those of all rounds are.
    """
    differ = [_other_rules(profile, profiles, measure) for profile in profiles]
    if all(differ) and any(profile.rules for profile in profiles):
        for profile in profiles:
            fitted(profile, measure)  # says what differs: the measure is a different one
    differences = [
        f"{_called(profile)} ({listed(what, len(what))})"
        for profile, what in zip(profiles, differ, strict=True)
        if what
    ]
    if not differences:
        return [fitted(profile, measure) for profile in profiles], []
    text = phrase(
        "rounds were not measured by the rules of {name}: {names}",
        name=measure.name,
        names=listed(differences, len(differences)),
    )
    if not harmonised:
        remedy = phrase("make the profiles with one measure, or declare them harmonised if their rules mean the same")
        raise UsageError(Fault("MPI-E014", measure.place, text, remedy))
    # What is declared to mean the same is taken as ready-made deprivations: only the indicators' names must be there.
    alike = [replace(profile, rules={}) if what else profile for profile, what in zip(profiles, differ, strict=True)]
    notice = Notice("MPI-N011", phrase("{text}; declared harmonised", text=text))
    return [fitted(profile, measure) for profile in alike], [notice]


def _other_rules(profile: DeprivationProfile, profiles: Sequence[DeprivationProfile], measure: Measure) -> list[str]:
    """What of a round's rules is not that of the measure; ready-made deprivations beside rules are unknown ones."""
    if not profile.rules and any(other.rules for other in profiles):
        return ["ready-made deprivations, without rules"]
    return other_rules(profile.rules, measure)


def breaks_between(rounds: Sequence[DeprivationProfile], first: int, last: int) -> list[str]:
    """Published breaks of the series after one round and up to a later one, as texts; any round may declare them.

    Parameters
    ----------
    rounds : sequence of DeprivationProfile
        All of them, in order.
    first, last : int
        Places of the two rounds.
    """
    start, end = time_of(rounds[first]), time_of(rounds[last])
    found: list[str] = []
    for period, text in {period: text for one in rounds for period, text in one.breaks.items()}.items():
        time = decimal_year(period)
        if time is None or (start is not None and end is not None and start < time <= end):
            found.append(phrase("break of the series at {period}: {text}", period=period, text=text))
    return found


def _called(profile: DeprivationProfile) -> str:
    return f"{profile.survey} {profile.period}".strip() or phrase("a round without a period")


def together(before: DeprivationProfile, after: DeprivationProfile, domains: Sequence[str]) -> DeprivationProfile:
    """Two rounds as one profile with one sample: strata and PSUs of equal codes are the same.

    Parameters
    ----------
    before, after : DeprivationProfile
    domains : sequence of str
        To keep, after the round.
    """
    parts = []
    for label, profile in ((FIRST, before), (SECOND, after)):
        kept = profile.keep_domains(list(domains))
        column = np.full((len(kept.cells), 1), int(label) - 1, np.int64)
        cells = replace(kept.cells, domains=np.hstack([column, kept.cells.domains]))
        sample = replace(kept.sample, declared=replace(kept.sample.declared, rounds=None))
        parts.append(
            replace(
                kept,
                survey="",
                period="",
                fingerprint="",
                rules={},
                time=None,
                breaks={},
                reliability=None,
                counts={},
                notices=(),
                measure="",
                sample=sample,
                cells=cells,
                domains=(Domain(ROUND, "household", (FIRST, SECOND)), *kept.domains),
            )
        )
    return merge(parts)
