"""A ranking in words: the highest and the lowest, whether they differ from the others, and who is left out and why.

Sentences about groups and about areas are templates of their own, since languages inflect for the gender of the noun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.claims.kinds import Ranking
from mpi.claims.numbers import MOST_NAMED, Capital, Number, Title, details, name_of, some_of, value, with_interval
from mpi.claims.ranking import FEWEST_DF, Member, Sorted, beyond, not_different, sorted_members
from mpi.language import Phrase, enumerated, joined, number_phrase, phrase, template
from mpi.vocabulary.statistics import DEFINITIONS

# What is ranked: all members, those that can be ranked, those that are shown, those that have a figure.
RANKED: Mapping[tuple[str, str], str] = {
    ("group", "all"): template("the {count} groups"),
    ("group", "rankable"): template("the {count} groups that can be ranked"),
    ("group", "shown"): template("the {count} groups shown"),
    ("group", "figure"): template("the {count} groups with a figure"),
    ("area", "all"): template("the {count} areas"),
    ("area", "rankable"): template("the {count} areas that can be ranked"),
    ("area", "shown"): template("the {count} areas shown"),
    ("area", "figure"): template("the {count} areas with a figure"),
}


def ranking_text(claim: Ranking) -> Phrase:
    """The highest, the lowest, whether they differ from the others, and who is left out."""
    if not claim.members:
        return phrase("There are no areas to compare." if claim.of == "area" else "There are no groups to compare.")
    members = sorted_members(claim.members, census=claim.basis.census)
    parts = [_order(claim, members), *_tested(claim, members), *_unranked(claim, members)]
    parts += [*_hidden(claim, members), *_without_figure(claim, members)]
    return joined(parts, " ")


def _ranked_members(claim: Ranking, members: Sorted) -> Phrase:
    """What is ranked: all members, those that are shown, those that can be ranked."""
    limit = "all"
    if members.aside:
        limit = "rankable"
    elif members.hidden:
        limit = "shown"
    elif members.without:
        limit = "figure"
    return phrase(RANKED[claim.of, limit], count=Number(len(members.ranked)))


def _order(claim: Ranking, members: Sorted) -> Phrase:
    if not members.shown:
        return _none_shown(claim)
    if members.shown == 1:
        return _one_shown(claim, (members.ranked or members.aside)[0])
    if len(members.ranked) < 2:  # noqa: PLR2004
        return _too_few(claim, members)
    ranked, noun = members.ranked, Title(DEFINITIONS[claim.statistic].noun)
    high, low = ranked[0].estimate, ranked[-1].estimate
    of_ranked = _ranked_members(claim, members)
    if high.value == low.value:
        same = value(claim.statistic, high)
        return phrase("{groups} have the same {noun}: {value}.", groups=Capital(of_ranked), noun=noun, value=same)
    first, last = (with_interval(claim.statistic, one, claim.basis.level) for one in (high, low))
    if len(ranked) == 2 == len(claim.members):  # noqa: PLR2004
        return phrase(
            "{statistic} is {high} in {top} and {low} in {bottom}."
            if _equal_by_the_test(claim, ranked)
            else "{statistic} is higher in {top}, {high}, than in {bottom}, {low}.",
            statistic=Capital(name_of(claim.statistic)),
            top=ranked[0].name,
            high=first,
            bottom=ranked[1].name,
            low=last,
        )
    return phrase(
        "Of {groups}, the highest {noun} is that of {tops}, {high}; the lowest, that of {bottoms}, {low}.",
        groups=of_ranked,
        noun=noun,
        tops=some_of([one.name for one in ranked if one.estimate.value == high.value]),
        high=first,
        bottoms=some_of([one.name for one in ranked if one.estimate.value == low.value]),
        low=last,
    )


def _none_shown(claim: Ranking) -> Phrase:
    count = len(claim.members)
    if claim.of == "area":
        return number_phrase(
            count,
            "There is no figure to show for the only area.",
            "There is no figure to show for any of the {number:,} areas.",
        )
    return number_phrase(
        count,
        "There is no figure to show for the only group.",
        "There is no figure to show for any of the {number:,} groups.",
    )


def _one_shown(claim: Ranking, only: Member) -> Phrase:
    figure = with_interval(claim.statistic, only.estimate, claim.basis.level)
    if len(claim.members) > 1:
        return phrase(
            "Only the figure of {name} is shown, {figure}, so there is nothing to compare it with.",
            name=only.name,
            figure=figure,
        )
    return phrase(
        "There is a single area: {name}, {figure}."
        if claim.of == "area"
        else "There is a single group: {name}, {figure}.",
        name=only.name,
        figure=figure,
    )


def _too_few(claim: Ranking, members: Sorted) -> Phrase:
    """Several figures of which at most one is precise enough: there is no ranking."""
    if members.ranked:
        only = members.ranked[0]
        return phrase(
            "Only the figure of {name}, {figure}, is precise enough for a ranking: the areas are not ranked."
            if claim.of == "area"
            else "Only the figure of {name}, {figure}, is precise enough for a ranking: the groups are not ranked.",
            name=only.name,
            figure=with_interval(claim.statistic, only.estimate, claim.basis.level),
        )
    return phrase(
        "None of the {count} areas with a figure is precise enough for a ranking: they are not ranked."
        if claim.of == "area"
        else "None of the {count} groups with a figure is precise enough for a ranking: they are not ranked.",
        count=Number(members.shown),
    )


def _equal_by_the_test(claim: Ranking, ranked: Sequence[Member]) -> bool:
    """Whether the highest is not called higher than the other of two: the sample does not tell them apart."""
    return (
        not claim.basis.census
        and claim.tests is not None
        and any(one.estimate.interval for one in ranked)
        and bool(not_different(ranked, ranked[0], claim.tests, claim.basis.level))
    )


def _tested(claim: Ranking, members: Sorted) -> list[Phrase]:
    """Whether the highest one differs significantly from the others."""
    ranked, basis = members.ranked, claim.basis
    if len(ranked) < 2 or basis.census or ranked[0].estimate.value == ranked[-1].estimate.value:  # noqa: PLR2004
        return []
    if not any(one.estimate.interval for one in ranked):
        return []
    if claim.tests is None:
        return [phrase("Whether these differences are significant has not been tested.")]
    top = ranked[0]
    close = not_different(ranked, top, claim.tests, basis.level)
    if len(ranked) == 2:  # noqa: PLR2004
        return [phrase("The difference is not significant." if close else "The difference is significant.")]
    if close:
        return [_not_significant(claim, top, close)]
    return [_significant(claim, top, sum(one.estimate.value != top.estimate.value for one in ranked))]


def _not_significant(claim: Ranking, top: Member, close: Sequence[Member]) -> Phrase:
    if len(close) == 1:
        return phrase(
            "The difference between {name} and {other} is not significant: their order is not established.",
            name=top.name,
            other=close[0].name,
        )
    return phrase(
        "The difference between {name} and {number:,} other areas is not significant: their order is not established."
        if claim.of == "area"
        else "The difference between {name} and {number:,} other groups is not significant: their order is not "
        "established.",
        name=top.name,
        number=len(close),
    )


def _significant(claim: Ranking, top: Member, others: int) -> Phrase:
    if claim.of == "area":
        return number_phrase(
            others,
            "The difference between {name} and the other is significant.",
            "The difference between {name} and each of the other areas is significant.",
            context="areas",
            name=top.name,
        )
    return number_phrase(
        others,
        "The difference between {name} and the other is significant.",
        "The difference between {name} and each of the other groups is significant.",
        name=top.name,
    )


def _unranked(claim: Ranking, members: Sorted) -> list[Phrase]:
    """Members that are shown and not ranked, and those of them whose interval is beyond the ends."""
    if len(members.ranked) < 2:  # noqa: PLR2004
        return []
    reasons = (
        (members.imprecise, phrase("because of low precision")),
        (members.few_df, phrase("because of fewer than {least} degrees of freedom", least=FEWEST_DF)),
    )
    sentences = [_not_ranked(claim, len(own), why) for own, why in reasons if own]
    top, bottom = members.ranked[0], members.ranked[-1]
    above, below = beyond(members.aside, top, bottom)
    if above:
        sentences.append(_above(claim, above, top))
    if below:
        sentences.append(_below(claim, below, bottom))
    return sentences


def _not_ranked(claim: Ranking, count: int, why: Phrase) -> Phrase:
    return number_phrase(
        count,
        "Another one is not ranked {why}.",
        "Another {number:,} are not ranked {why}.",
        context="areas" if claim.of == "area" else "",
        why=why,
    )


def _above(claim: Ranking, members: Sequence[Member], top: Member) -> Phrase:
    return number_phrase(
        len(members),
        "Of these, {names} has its whole interval above that of {top}.",
        "Of these, {names} have their whole interval above that of {top}.",
        context="areas" if claim.of == "area" else "",
        names=_with_figures(claim, members),
        top=top.name,
    )


def _below(claim: Ranking, members: Sequence[Member], bottom: Member) -> Phrase:
    return number_phrase(
        len(members),
        "Of these, {names} has its whole interval below that of {bottom}.",
        "Of these, {names} have their whole interval below that of {bottom}.",
        context="areas" if claim.of == "area" else "",
        names=_with_figures(claim, members),
        bottom=bottom.name,
    )


def _with_figures(claim: Ranking, members: Sequence[Member]) -> Phrase:
    """A few members with their figures, and how many more there are."""
    parts = [
        phrase(
            "{name} ({value}; {details})",
            name=one.name,
            value=value(claim.statistic, one.estimate),
            details=details(claim.statistic, one.estimate, claim.basis.level),
        )
        for one in members[:MOST_NAMED]
    ]
    more = len(members) - MOST_NAMED
    return enumerated([*parts, phrase("{more} more", more=more)] if more > 0 else parts)


def _hidden(claim: Ranking, members: Sorted) -> list[Phrase]:
    """How many are not shown and why; their figures remain unknown."""
    confidential, imprecise = len(members.by_disclosure), len(members.by_precision)
    if not members.hidden:
        return []
    if confidential and imprecise:
        why = phrase(
            "({confidential} for confidentiality and {imprecise} for lack of precision)",
            confidential=confidential,
            imprecise=imprecise,
        )
    else:
        why = phrase("for confidentiality" if confidential else "for lack of precision")
    if not members.shown:
        return [_all_hidden(claim, members.hidden, why)]
    return [_some_hidden(claim, members.hidden, why, ranked=len(members.ranked) > 1)]


def _all_hidden(claim: Ranking, count: int, why: Phrase) -> Phrase:
    return number_phrase(
        count,
        "It is not shown {why}.",
        "They are not shown {why}.",
        context="areas" if claim.of == "area" else "",
        why=why,
    )


def _some_hidden(claim: Ranking, count: int, why: Phrase, *, ranked: bool) -> Phrase:
    if not ranked:
        return number_phrase(
            count,
            "Another one is not shown {why}.",
            "Another {number:,} are not shown {why}.",
            context="areas" if claim.of == "area" else "",
            why=why,
        )
    return number_phrase(
        count,
        "Another one is not shown {why}, and its figure may be higher or lower.",
        "Another {number:,} are not shown {why}, and their figures may be higher or lower.",
        context="areas" if claim.of == "area" else "",
        why=why,
    )


def _without_figure(claim: Ranking, members: Sorted) -> list[Phrase]:
    """Members without a figure, and members with nobody in the sample."""
    sentences = []
    if members.without and (members.shown or members.hidden):
        sentences.append(_no_figure(claim, len(members.without)))
    if members.nobody and (members.shown or members.hidden or members.without):
        names = some_of([one.name for one in members.nobody])
        sentences.append(phrase("Nobody in the sample: {names}.", names=names))
    return sentences


def _no_figure(claim: Ranking, count: int) -> Phrase:
    return number_phrase(
        count,
        "Another one has no figure.",
        "Another {number:,} have no figure.",
        context="areas" if claim.of == "area" else "",
    )
