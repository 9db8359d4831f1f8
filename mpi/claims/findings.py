"""The finding of a picture as its title: about fifteen words, which never say more than the sentences of the claims.

Intervals and warnings stand in the picture itself and below it. None where there is nothing to find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.claims.kinds import Deprivations, Order, Ranking, Tally
from mpi.claims.numbers import Capital, Number, name_of, percent, quoted, signed, some_of, value
from mpi.claims.ranking import Member, sorted_members
from mpi.disclosure.figures import Figure
from mpi.language import Phrase, enumerated, joined, number_phrase, phrase, template

FEWEST = 2  # groups of a comparison
MOST_PARTS = 4  # of a whole that a title names
MOVED: Mapping[bool, tuple[str, str]] = {  # whether changes are tested
    True: (template("fell significantly in {where}"), template("rose significantly in {where}")),
    False: (template("fell in {where}"), template("rose in {where}")),
}
REACHED: Mapping[str, str] = {
    "persons": template("{share} of persons are poor: their score reaches k = {k}"),
    "households": template("{share} of households are poor: their score reaches k = {k}"),
}


def movement_finding(statistic: str, change: Figure, before: str, after: str, level: float) -> Phrase | None:
    """From what to what a statistic moved between two rounds."""
    if change.value is None or change.before is None or change.after is None:
        return None
    first, last = (value(statistic, Figure(value=one)) for one in (change.before, change.after))
    asked = {"statistic": Capital(name_of(statistic)), "first": first, "before": before, "last": last, "after": after}
    if change.significant(level) is False:
        text = template("{statistic} did not change significantly: {first} in {before}, {last} in {after}")
    elif change.value < 0:
        text = template("{statistic} fell from {first} in {before} to {last} in {after}")
    elif change.value > 0:
        text = template("{statistic} rose from {first} in {before} to {last} in {after}")
    else:
        text = template("{statistic} is the same in {before} and {after}: {last}")
    return Phrase(text, asked)


def ranking_finding(claim: Ranking) -> Phrase | None:
    """Between which values the groups that can be ranked are, and which groups have them."""
    ranked = sorted_members(claim.members, census=claim.basis.census).ranked
    if len(ranked) < FEWEST or ranked[0].estimate.value == ranked[-1].estimate.value:
        return None
    (top, high), (bottom, low) = (
        (_tied(ranked, end), value(claim.statistic, Figure(value=end.estimate.value)))
        for end in (ranked[0], ranked[-1])
    )
    subject = Capital(name_of(claim.statistic))
    named = {"statistic": subject, "low": low, "bottom": bottom, "high": high, "top": top}
    if len(ranked) == len(claim.members):
        return Phrase(template("{statistic} ranges from {low} in {bottom} to {high} in {top}"), named)
    text = template("{statistic} ranges from {low} in {bottom} to {high} in {top} ({ranked} groups compared)")
    if claim.of == "area":
        text = template("{statistic} ranges from {low} in {bottom} to {high} in {top} ({ranked} areas compared)")
    return Phrase(text, {"ranked": Number(len(ranked)), **named})


def _tied(members: Sequence[Member], end: Member) -> Phrase:
    """The names of all that have the figure of one of them."""
    return some_of([one.name for one in members if one.estimate.value == end.estimate.value])


def deprivations_finding(claim: Deprivations) -> Phrase | None:
    """The most frequent deprivation of the poor, as the share of the poor who have it."""
    shown = [one for one in claim.indicators if one.estimate.value]
    if not shown or not claim.incidence.value:
        return None
    top = max(shown, key=lambda one: one.estimate.value or 0.0)
    share = min((top.estimate.value or 0.0) / claim.incidence.value, 1.0)
    first = [quoted(one.name) for one in shown if one.estimate.value == top.estimate.value]
    if len(first) > 1:
        text = template("The commonest deprivations of the poor are {indicators}: {share} in each")
        return phrase(text, share=percent(share), indicators=some_of(first))
    return phrase(
        "{share} of the poor are deprived in {indicator}, more than in any other indicator",
        share=percent(share),
        indicator=quoted(top.name),
    )


def contributions_finding(dimensions: Sequence[Member]) -> Phrase | None:
    """The dimension that adds most to M0, by its percentage contributions."""
    if not dimensions or any(one.estimate.value is None for one in dimensions):
        return None
    top = max(dimensions, key=lambda one: one.estimate.value or 0.0)
    if not top.estimate.value:
        return None
    first = [quoted(one.name) for one in dimensions if one.estimate.value == top.estimate.value]
    if len(first) > 1:
        text = template("The dimensions that add most to M0 are {names}: {share} each")
        return phrase(text, names=some_of(first), share=percent(top.estimate.value))
    return phrase(
        "The dimension that adds most to M0 is {name}: {share}",
        name=quoted(top.name),
        share=percent(top.estimate.value),
    )


def cutoffs_finding(statistic: str, figures: Sequence[tuple[str, Figure]]) -> Phrase | None:
    """A statistic at the lowest and at the highest cutoff."""
    shown = [(k, one) for k, one in figures if one.value is not None]
    if len(shown) < FEWEST:
        return None
    (low, first), (high, last) = shown[0], shown[-1]
    return phrase(
        "{statistic} goes from {first} at k = {low} to {last} at k = {high}",
        statistic=Capital(name_of(statistic)),
        first=value(statistic, Figure(value=first.value)),
        low=low,
        last=value(statistic, Figure(value=last.value)),
        high=high,
    )


def scores_finding(incidence: Figure, unit: str, k: str) -> Phrase | None:
    """The share of units whose score reaches the cutoff."""
    return None if incidence.value is None else phrase(REACHED[unit], share=percent(incidence.value), k=k)


def bundles_finding(shares: Sequence[float]) -> Phrase | None:
    """How many of the poor have the commonest combinations."""
    return number_phrase(
        len(shares),
        "The commonest exact combination of deprivations covers {total} of the poor",
        "The {number:,} commonest exact combinations of deprivations cover {total} of the poor",
        total=percent(min(sum(shares), 1.0)),
    )


def pair_finding(pairs: Sequence[tuple[str, str]], share: float) -> Phrase:
    """The two indicators in which most are deprived together, or all pairs of whom that is true."""
    if len(pairs) > 1:
        named = [phrase("{first} with {second}", first=quoted(one), second=quoted(other)) for one, other in pairs]
        text = template("The commonest pairs of deprivations are {pairs}: {share} each")
        return phrase(text, pairs=some_of(named), share=percent(share))
    ((first, second),) = pairs
    return phrase(
        "Of pairs of deprivations, {first} with {second} is the commonest: {share}",
        first=quoted(first),
        second=quoted(second),
        share=percent(share),
    )


def sets_finding(sets: Sequence[tuple[Sequence[str], Figure]]) -> Phrase | None:
    """The combination of dimensions, by their titles, that most have; None where it is not one alone, or unreliable."""
    shown = [one.value for _, one in sets if one.value is not None]
    share = max(shown, default=0.0)
    first = [(titles, one) for titles, one in sets if one.value == share]
    if not share or len(first) > 1 or first[0][1].standing == "review":
        return None
    named = enumerated([quoted(title) for title in first[0][0]])
    if len(first[0][0]) == 1:
        named = phrase("{dimension} alone", dimension=named)
    text = template("The commonest exact combination of dimensions is {name}: {share}")
    if len(shown) < len(sets):
        text = template("Of the exact combinations of dimensions that are shown, {name} is the commonest: {share}")
    return Phrase(text, {"name": named, "share": percent(share)})


def redundancy_finding(pairs: Sequence[tuple[tuple[str, str], Figure]]) -> Phrase | None:
    """The two indicators with the highest R0; None where several pairs have it, or it is not reliable."""
    shown = [one.value for _, one in pairs if one.value is not None]
    most = max(shown, default=0.0)
    first = [(titles, one) for titles, one in pairs if one.value == most]
    if not most or len(first) > 1 or first[0][1].standing == "review":
        return None
    text = template("The most redundant indicators are {first} and {second}: {share} of the rarer comes with the other")
    if len(shown) < len(pairs):
        text = template("Of the pairs shown, the most redundant is {first} and {second}: {share} of the rarer")
    one, other = first[0][0]
    return Phrase(text, {"first": quoted(one), "second": quoted(other), "share": percent(most)})


def moved_finding(claim: Tally) -> Phrase | None:
    """In how many groups or indicators a statistic fell and rose; None where it did neither."""
    known = [one for _, one in claim.changes if one.value is not None]
    verdicts = [(one, one.significant(claim.basis.level)) for one in known]
    tested = all(verdict is not None for _, verdict in verdicts)
    moved = [one.value or 0.0 for one, verdict in verdicts if verdict or not tested]
    parts: list[Phrase] = []
    for text, some in zip(MOVED[tested], (sum(one < 0 for one in moved), sum(one > 0 for one in moved)), strict=True):
        if some:
            parts.append(phrase(text, where=Number(some) if parts else _of_all(some, claim)))
    if not parts:
        return _unmoved(claim, len(known)) if tested and len(known) == len(claim.changes) > 1 else None
    return phrase("{statistic} {changes}", statistic=Capital(name_of(claim.statistic)), changes=enumerated(parts))


def _unmoved(claim: Tally, count: int) -> Phrase:
    text = template("{statistic} did not change significantly in any of the {count} groups")
    if claim.of == "indicator":
        text = template("{statistic} did not change significantly in any of the {count} indicators")
    return phrase(text, statistic=Capital(name_of(claim.statistic)), count=Number(count))


def analysis_finding(title: str, like: str, members: Sequence[Member], *, parts: bool) -> Phrase | None:
    """The parts of a whole, or the highest figure of an analysis; None where one is not known or two are highest.

    Parameters
    ----------
    title : str
        What the figures are.
    like : str
        The statistic that they are written like.
    """
    figures = [one.estimate.value for one in members]
    known = [one for one in figures if one is not None]
    if len(known) < max(FEWEST, len(figures)):
        return None
    told = [value(like, Figure(value=one)) for one in known]
    if parts:
        text = template("{name}: {figure}")
        each = [phrase(text, name=one.name, figure=own) for one, own in zip(members, told, strict=True)]
        return phrase("{clauses}", clauses=Capital(joined(each, "; "))) if len(each) <= MOST_PARTS else None
    most = max(known)
    if known.count(most) > 1:
        return None
    place = known.index(most)
    return phrase(
        "{title}: the highest is that of {name}, {figure}",
        title=title,
        name=quoted(members[place].name),
        figure=told[place],
    )


def _of_all(some: int, claim: Tally) -> Phrase:
    text = template("{some} of {count} groups")
    if claim.of == "indicator":
        text = template("{some} of {count} indicators")
    return phrase(text, some=Number(some), count=Number(len(claim.changes)))


def parts_finding(incidence: float, intensity: float) -> Phrase:
    """What incidence and intensity brought to the change of M0."""
    return phrase(
        "Of the change of M0, {incidence} comes from incidence and {intensity} from intensity",
        incidence=signed("absolute_contribution", incidence),
        intensity=signed("absolute_contribution", intensity),
    )


def order_finding(claim: Order) -> Phrase | None:
    """The share of pairs of groups that keep their order."""
    pairs = claim.groups * (claim.groups - 1) // 2
    if not pairs or claim.least is None or not claim.whole:
        return None
    return phrase(
        "{share} of the pairs of groups have the same order at all cutoffs", share=percent(claim.sure / pairs)
    )


def spread_finding(incidences: Sequence[float], intensities: Sequence[float]) -> Phrase | None:
    """How far groups differ in how many are poor, and in how much the poor lack."""
    if len(incidences) < FEWEST:
        return None
    ends = [value(name, Figure(value=end)) for name, own in (("H", incidences), ("A", intensities))
            for end in (min(own), max(own))]  # fmt: skip
    names = ("least_h", "most_h", "least_a", "most_a")
    text = template("Between groups, H ranges from {least_h} to {most_h}, and A from {least_a} to {most_a}")
    return Phrase(text, dict(zip(names, ends, strict=True)))


def cell_finding(cells: Sequence[tuple[str, str]], share: float, *, all_ranked: bool) -> Phrase:
    """The highest rate of all groups and indicators, with the indicator and the group of all that have it."""
    if len(cells) > 1:
        named = [phrase("{indicator} in {group}", indicator=quoted(one), group=other) for one, other in cells]
        several = template("The highest rates are those of {cells}: {share}")
        if not all_ranked:
            several = template("Of the rates that can be ranked, the highest are {cells}: {share}")
        return phrase(several, cells=some_of(named), share=percent(share))
    ((indicator, group),) = cells
    text = template("The highest rate is that of {indicator} in {group}: {share}")
    if not all_ranked:
        text = template("Of the rates that can be ranked, the highest is {indicator} in {group}: {share}")
    return phrase(text, indicator=quoted(indicator), group=group, share=percent(share))
