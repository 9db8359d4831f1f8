"""What an analysis finds, in a sentence: all of a few figures, or the highest and the lowest of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mpi.claims.basis import Basis
from mpi.claims.numbers import not_shown, quoted, with_interval
from mpi.claims.ranking import Member
from mpi.language import Phrase, joined, number_phrase, phrase, template

MOST_TOLD = 6  # figures that a sentence names one by one: as many as there are numbers of five dimensions
SHARES: Mapping[tuple[str, bool], str] = {
    ("persons", True): template("Of all persons, by their deprivation score: {shares}."),
    ("households", True): template("Of all households, by their deprivation score: {shares}."),
    ("persons", False): template("Of all persons: {shares}."),
    ("households", False): template("Of all households: {shares}."),
}


class Subject(NamedTuple):
    """What the figures of a sentence are, and the statistic that they are written like."""

    basis: Basis
    title: str
    like: str


def analysis_text(
    subject: Subject, members: Sequence[Member], *, parts: bool = False, by_score: bool = False
) -> Phrase:
    """The sentence about figures of all units.

    Parameters
    ----------
    subject : Subject
    members : sequence of Member
    parts : bool
        They are shares that add up to 1.
    by_score : bool
        Of units that are told apart by their deprivation score.
    """
    known = [one for one in members if one.estimate.value is not None]
    if not known:
        return phrase("“{title}” has no figure that is shown.", title=subject.title)
    if parts or len(members) <= MOST_TOLD:
        told = joined([_told(subject, one) for one in members], "; ")
        if parts:
            return phrase(SHARES[subject.basis.unit, by_score], shares=told)
        return phrase("{title}: {figures}.", title=subject.title, figures=told)
    return joined([_ends(subject, known), *_others(len(members) - len(known))], " ")


def _told(subject: Subject, one: Member) -> Phrase:
    if one.estimate.value is None:
        return not_shown(quoted(one.name), one.estimate)
    figure = with_interval(subject.like, one.estimate, subject.basis.level)
    return phrase("{name}, {figure}", name=one.name, figure=figure)


def _ends(subject: Subject, known: Sequence[Member]) -> Phrase:
    ordered = sorted(known, key=lambda one: (-float(one.estimate.value or 0), one.name))
    first, last = ordered[0], ordered[-1]
    high, low = (with_interval(subject.like, one.estimate, subject.basis.level) for one in (first, last))
    if first.estimate.value == last.estimate.value:
        return phrase("{title}: the figures shown are equal, {high}.", title=subject.title, high=high)
    return phrase(
        "{title}: of those in the table, the highest is that of {first}, {high}; the lowest, that of {last}, {low}.",
        title=subject.title,
        first=quoted(first.name),
        high=high,
        last=quoted(last.name),
        low=low,
    )


def _others(count: int) -> list[Phrase]:
    if not count:
        return []
    return [
        number_phrase(
            count, "One figure is not shown or has no value.", "{number} figures are not shown or have no value."
        )
    ]
