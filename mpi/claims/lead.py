"""The sentence that comes first in every output, rounded as people speak; exact values are one step away."""

from __future__ import annotations

from collections.abc import Mapping

from mpi.claims.kinds import Lead
from mpi.claims.numbers import (
    MILLION,
    SINGULAR,
    Capital,
    Number,
    Title,
    amount,
    below_two,
    between,
    in_brackets,
    name_of,
    not_shown,
    percent,
)
from mpi.language import Phrase, joined, noun, phrase, template
from mpi.language.phrases import Sayable
from mpi.vocabulary.wording import DOUBTS, digits_of

THOUSAND, HUNDRED = 1_000, 100
# By the unit, and whether a place is named.
INCIDENCE: Mapping[tuple[str, bool], str] = {
    ("persons", False): template("{share} of persons are multidimensionally poor{more}"),
    ("households", False): template("{share} of households are multidimensionally poor{more}"),
    ("persons", True): template("{place}: {share} of persons are multidimensionally poor{more}"),
    ("households", True): template("{place}: {share} of households are multidimensionally poor{more}"),
}
# Of a sample it is not known that there are none elsewhere.
NONE: Mapping[tuple[str, bool], str] = {
    ("persons", False): template("None of the persons in the sample is multidimensionally poor{more}"),
    ("households", False): template("None of the households in the sample is multidimensionally poor{more}"),
    ("persons", True): template("{place}: none of the persons in the sample is multidimensionally poor{more}"),
    ("households", True): template("{place}: none of the households in the sample is multidimensionally poor{more}"),
}


def lead_text(claim: Lead) -> Phrase:
    """How many are poor, with the interval, and the change since the round before."""
    incidence = claim.incidence
    if incidence.value is None:
        clause = not_shown(name_of("H"), incidence)
        text = (
            phrase("{place}: {clause}", place=claim.place, clause=clause) if claim.place else joined([Capital(clause)])
        )
        return text if claim.short else phrase("{clause}.", clause=text)
    none = not incidence.value and not claim.basis.census
    sentence = (NONE if none else INCIDENCE)[claim.basis.unit, bool(claim.place)]
    more = joined([_brackets(claim), *([] if claim.short else [_count(claim)])])
    text = phrase(sentence, place=claim.place, share=percent(incidence.value), more=more)
    change = _change(claim)
    if change is not None:
        text = phrase("{main}; {change}", main=text, change=change)
    return text if claim.short else phrase("{clause}.", clause=text)


def _brackets(claim: Lead) -> Phrase:
    """The interval, and a warning where the precision wants one."""
    incidence = claim.incidence
    parts: list[Sayable] = []
    if incidence.interval and not claim.short:
        parts.append(between(incidence.low, incidence.high, "H"))
    if incidence.standing in DOUBTS:
        parts.append(Title(DOUBTS[incidence.standing]))
    return in_brackets(joined(parts, "; "))


def _count(claim: Lead) -> Phrase:
    """The number of the poor after a comma; nothing if there is none or it is not shown."""
    poor, unit = claim.poor.value, claim.basis.unit
    if not poor:
        return joined([])
    if poor >= 10 * THOUSAND:
        return phrase(", {count}", count=spoken(poor))
    return phrase(", {count} {units}", count=spoken(poor), units=noun(SINGULAR[unit], round(poor)))


def spoken(size: float) -> Phrase:
    """A number of units as people say it, with two digits or three.

    Examples
    --------
    >>> [spoken(size).to("en") for size in (5_285_734, 23_400_000, 812_345, 4_321, 87)]
    ['5.3 million', '23 million', '812 thousand', '4,300', '87']
    >>> spoken(5_285_734).to("es"), spoken(1_285_734).to("pt")
    ('5,3 millones', '1,3 milhão')
    """
    if round(size / THOUSAND) >= THOUSAND:
        number = Number(size / MILLION, 1 if size < 10 * MILLION else 0)
        if below_two(number):
            return phrase("{number} million", context="below two", number=number)
        return phrase("{number} million", number=number)
    if size >= 10 * THOUSAND:
        return phrase("{number} thousand", number=Number(size / THOUSAND))
    if size >= THOUSAND:
        return phrase("{number}", number=Number(HUNDRED * round(size / HUNDRED)))
    return phrase("{number}", number=Number(size))


def _change(claim: Lead) -> Phrase | None:
    """How many points more or fewer than in the round before; None if that is not known."""
    change, before = claim.change, claim.before
    if change is None or change.value is None:
        return None
    known = change.significant(claim.basis.level)
    if known is False:
        return phrase("no significant change since {before}", before=before)
    if not round(HUNDRED * abs(change.value), digits_of("H")):
        return phrase("practically the same as in {before}", before=before)
    size = amount("H", abs(change.value))
    text = phrase(
        "{size} lower than in {before}" if change.value < 0 else "{size} higher than in {before}",
        size=size,
        before=before,
    )
    return text if known or claim.basis.census else phrase("{change} (not tested)", change=text)
