"""Indicators, contributions and combinations of deprivations in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.claims.kinds import Bundles, Contributions, Deprivations
from mpi.claims.numbers import (
    MOST_NAMED,
    Capital,
    Percentage,
    details,
    in_brackets,
    percent,
    quoted,
    some_of,
    with_interval,
)
from mpi.claims.ranking import Member
from mpi.language import Phrase, enumerated, joined, number_phrase, phrase, template

# The clause about the first indicator, which names the units; the others follow after semicolons.
FIRST: Mapping[str, str] = {
    "persons": template("{share} of persons{brackets} are poor and deprived in {indicator}{among_poor}"),
    "households": template("{share} of households{brackets} are poor and deprived in {indicator}{among_poor}"),
}
NEXT = template("{share}{brackets} are poor and deprived in {indicator}{among_poor}")
RATE = "censored_headcount"


def deprivations_text(claim: Deprivations) -> Phrase:
    """How many are poor and deprived, of everybody and of the poor."""
    shown = [one for one in claim.indicators if one.estimate.value is not None]
    shown.sort(key=lambda one: (-float(one.estimate.value or 0), one.name))
    if not shown:
        return phrase("No indicator has a censored headcount ratio that is shown.")
    if not shown[0].estimate.value:
        first = _all_zero(claim)
    elif claim.short:
        first = _ends(claim, shown)
    else:
        first = _highest(claim, [one for one in shown[:MOST_NAMED] if one.estimate.value])
    return joined([first, *_others(len(claim.indicators) - len(shown))], " ")


def _all_zero(claim: Deprivations) -> Phrase:
    if claim.incidence.value == 0:
        return phrase("All censored headcount ratios shown are 0: nobody is poor at k = {k}.", k=claim.basis.k)
    return phrase("All censored headcount ratios shown are 0.")


def _highest(claim: Deprivations, chosen: Sequence[Member]) -> Phrase:
    """The highest ratios, a clause each."""
    clauses = []
    for place, one in enumerate(chosen):
        estimate = one.estimate
        among_poor = joined([])
        if claim.incidence.value and estimate.value is not None:
            share = percent(min(estimate.value / claim.incidence.value, 1.0))
            among_poor = phrase(" ({share} of the poor)", share=share)
        clauses.append(
            phrase(
                NEXT if place else FIRST[claim.basis.unit],
                share=percent(estimate.value),
                brackets=in_brackets(details(RATE, estimate, claim.basis.level)),
                indicator=quoted(one.name),
                among_poor=among_poor,
            )
        )
    return phrase("{clauses}.", clauses=Capital(joined(clauses, "; ")))


def _ends(claim: Deprivations, shown: Sequence[Member]) -> Phrase:
    """The highest and the lowest ratio, for a chart."""
    if len(shown) == 1:
        name, ratio = quoted(shown[0].name), with_interval(RATE, shown[0].estimate, claim.basis.level)
        return phrase("Only the ratio of {name}, {ratio}, is shown.", name=name, ratio=ratio)
    if shown[0].estimate.value == shown[-1].estimate.value:
        return phrase("The ratios shown are equal: {ratio}.", ratio=percent(shown[0].estimate.value))
    (first, high), (last, low) = (_end(claim, shown, end) for end in (shown[0], shown[-1]))
    return phrase(
        "The highest ratio is that of {first}, {high}; the lowest, that of {last}, {low}.",
        first=first,
        high=high,
        last=last,
        low=low,
    )


def _end(claim: Deprivations, shown: Sequence[Member], end: Member) -> tuple[Phrase, Phrase | Percentage]:
    """The names of all that have the ratio of one of them, and the ratio, with its interval if they share that too."""
    tied = [one for one in shown if one.estimate.value == end.estimate.value]
    shared = len({one.estimate for one in tied}) == 1
    ratio = with_interval(RATE, end.estimate, claim.basis.level) if shared else percent(end.estimate.value)
    return some_of([quoted(one.name) for one in tied]), ratio


def _others(count: int) -> list[Phrase]:
    """The sentence about the indicators that have no number."""
    if not count:
        return []
    return [
        number_phrase(
            count,
            "One indicator is not shown or has no figure.",
            "Another {number} indicators are not shown or have no figure.",
        )
    ]


def contributions_text(claim: Contributions) -> Phrase:
    """Which dimension adds most to M0."""
    shown = [one for one in claim.dimensions if one.estimate.value is not None]
    if not shown:
        return phrase("Contributions to M0 are not shown or have no figure.")
    sum_of_all = phrase("Absolute contributions add up to M0, apart from rounding.")
    if len(claim.dimensions) == 1:
        return sum_of_all
    return joined([_largest(claim, shown), sum_of_all], " ")


def _largest(claim: Contributions, shown: Sequence[Member]) -> Phrase:
    most = max(float(one.estimate.value or 0) for one in shown)
    largest = [one for one in shown if one.estimate.value == most]
    name = quoted(largest[0].name)
    share = with_interval("percentage_contribution", largest[0].estimate, claim.basis.level)
    if len(largest) > 1:
        names = enumerated([quoted(one.name) for one in largest])
        return phrase("The dimensions that add most to M0 are {names}: {share} of M0 each.", names=names, share=share)
    if len(shown) == len(claim.dimensions):
        return phrase("The dimension that adds most to M0 is {name}: {share} of M0.", name=name, share=share)
    return number_phrase(
        len(shown),
        "The only dimension shown is {name}: {share} of M0.",
        "Of the {number} dimensions shown, the one that adds most to M0 is {name}: {share} of M0.",
        name=name,
        share=share,
    )


def bundles_text(claim: Bundles) -> Phrase:
    """The commonest combination of deprivations."""
    if not claim.shown:
        return phrase(
            "No combination of deprivations is published: all of them rest on very few cases."
            if claim.hidden
            else "Nobody is poor, so there are no combinations of deprivations."
        )
    titles, share = claim.shown[0]
    sentences = [
        phrase(
            "The commonest exact combination of deprivations of those shown is {names}: {share} of the poor have it."
            if claim.hidden
            else "The commonest exact combination of deprivations is {names}: {share} of the poor have it.",
            names=enumerated([quoted(title) for title in titles]),
            share=percent(share),
        )
    ]
    if len(claim.shown) > 1:
        total = percent(min(sum(one for _, one in claim.shown), 1.0))
        sentences.append(phrase("The {number} shown cover {total} of the poor.", number=len(claim.shown), total=total))
    if not claim.basis.census:
        sentences.append(phrase("No sampling error was computed for these shares."))
    return joined(sentences, " ")
