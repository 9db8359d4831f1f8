"""What became of the units of a panel, in sentences: who left and fell, what they were lifted out of, how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mpi.claims.numbers import Capital, not_shown, quoted, with_interval
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, joined, phrase, template
from mpi.language.phrases import Sayable

LEFT: Mapping[str, str] = {
    "persons": template(
        "Of the persons who were poor in {earlier} and are in both editions, {rate} had left poverty by {later}: "
        "{number}."
    ),
    "households": template(
        "Of the households that were poor in {earlier} and are in both editions, {rate} had left poverty by {later}: "
        "{number}."
    ),
}
FELL: Mapping[str, str] = {
    "persons": template("Of the persons who were not poor, {rate} had fallen into poverty: {number}."),
    "households": template("Of the households that were not poor, {rate} had fallen into poverty: {number}."),
}
POOR: Mapping[str, str] = {
    "persons": template("The number of poor persons went from {before} to {after}."),
    "households": template("The number of poor households went from {before} to {after}."),
}
CHRONIC: Mapping[str, str] = {
    "persons": template("Of the persons who are in all editions, {shares}."),
    "households": template("Of the households that are in all editions, {shares}."),
}


class Over(NamedTuple):
    """What a sentence is about: what is counted, between which periods, and the level of its intervals."""

    unit: str
    earlier: str
    later: str
    level: float


def movements_text(over: Over, *, left: Figure, exits: Figure, fell: Figure, entries: Figure) -> Phrase:
    """Who left poverty and who fell into it.

    Parameters
    ----------
    over : Over
    left, fell : Figure
        Numbers.
    exits, entries : Figure
        Their rates.
    """
    parts = [
        _rate(LEFT[over.unit], over, exits, left, phrase("The exit rate")),
        _rate(FELL[over.unit], over, entries, fell, phrase("The entry rate")),
    ]
    return joined(parts, " ")


def _rate(text: str, over: Over, rate: Figure, number: Figure, name: Phrase) -> Phrase:
    if rate.value is None or number.value is None:
        return phrase("{clause}.", clause=not_shown(name, rate))
    return phrase(
        text,
        earlier=over.earlier,
        later=over.later,
        rate=with_interval("H", rate, over.level),
        number=with_interval("poor", number, over.level),
    )


def transitions_text(over: Over, stayed: Sequence[tuple[str, Figure]]) -> Phrase:
    """Of each band, how many are still in it."""
    known = [(name, one) for name, one in stayed if one.value is not None]
    if not known:
        return phrase("No figure of the movements between bands is shown.")
    told = [
        phrase("{name}, {figure}", name=quoted(name), figure=with_interval("H", one, over.level)) for name, one in known
    ]
    return phrase(
        "Still in the same band in {later}, of those in each band in {earlier}: {shares}.",
        earlier=over.earlier,
        later=over.later,
        shares=joined(told, "; "),
    )


def deprivations_text(over: Over, lifted: Sequence[tuple[str, Figure]], fallen: Sequence[tuple[str, Figure]]) -> Phrase:
    """The deprivation that was lifted most, and that which most fell into."""
    best, worst = _most(lifted), _most(fallen)
    if best is None or worst is None:
        return phrase("No figure of deprivations lifted or fallen into is shown.")
    return phrase(
        "The deprivation lifted most often is {best}, {lifted}; the one fallen into most often is {worst}, {fallen}.",
        best=quoted(best[0]),
        lifted=with_interval("poor", best[1], over.level),
        worst=quoted(worst[0]),
        fallen=with_interval("poor", worst[1], over.level),
    )


def _most(members: Sequence[tuple[str, Figure]]) -> tuple[str, Figure] | None:
    known = [one for one in members if one[1].value is not None]
    return max(known, key=lambda one: float(one[1].value or 0), default=None)


def change_text(over: Over, *, before: Figure, after: Figure, parts: Sequence[tuple[Sayable, Figure]]) -> Phrase:
    """The change of the number of poor in parts, those that are not 0."""
    if before.value is None or after.value is None:
        return phrase("{clause}.", clause=not_shown(phrase("The number of poor of one edition"), before))
    whole = phrase(
        POOR[over.unit],
        before=with_interval("poor", before, over.level),
        after=with_interval("poor", after, over.level),
    )
    told = [
        phrase("{name}, {figure}", name=name, figure=with_interval("poor", one, over.level))
        for name, one in parts
        if one.value
    ]
    if not told:
        return whole
    return joined([whole, phrase("Its parts: {parts}.", parts=joined(told, "; "))], " ")


def chronic_text(over: Over, shares: Sequence[tuple[str, Figure]]) -> Phrase:
    """The chronically poor at each duration."""
    told = [
        phrase("{share} were poor in {tau} of them or more", share=with_interval("H", one, over.level), tau=tau)
        if tau != "1"
        else phrase("{share} were poor in every one", share=with_interval("H", one, over.level))
        for tau, one in shares
        if one.value is not None
    ]
    if not told:
        return phrase("{clause}.", clause=not_shown(Capital(phrase("the share of chronically poor")), shares[0][1]))
    return phrase(CHRONIC[over.unit], shares=joined(told, "; "))
