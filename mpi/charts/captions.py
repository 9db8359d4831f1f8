"""The title of each chart in the report, and the sentence about it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mpi.analysis.rank_robustness import dominates
from mpi.charts.chart import Caption, Subject
from mpi.claims import Cutoffs, Deprivations, Member, Order, Ranking, Tally, say, text_of
from mpi.claims.numbers import Title, value, with_interval, written
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure
from mpi.language import Phrase, in_language, joined, phrase
from mpi.publication.edition import Edition
from mpi.publication.official import sentence as published_sentence
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import digits_of, statistic_title


def _caption(edition: Edition, title: object, sentence: object) -> Caption:
    """Title and sentence in the language of the edition."""
    return Caption(in_language(title, edition.language), in_language(sentence, edition.language))


def series(subject: Subject) -> Caption:
    """H, A and M0 by period."""
    edition = subject.edition
    first = edition.publication.rounds[0].period
    sentence = phrase(
        "H, A and M0 from {first} to {last}."
        if edition.census
        else "H, A and M0 from {first} to {last}, with their intervals.",
        first=first,
        last=edition.period,
    )
    ends = {
        name: [edition.total(name, period=period) for period in (first, edition.period)] for name in ("H", "A", "M0")
    }
    clauses = [
        phrase(
            "{statistic}: {before} in {first} and {after} in {last}",
            statistic=statistic,
            before=_plain(statistic, before, edition),
            first=first,
            after=_plain(statistic, after, edition),
            last=edition.period,
        )
        for statistic, (before, after) in ends.items()
        if before.value is not None and after.value is not None
    ]
    sentences = [sentence, phrase("{clauses}.", clauses=joined(clauses, "; "))] if clauses else [sentence]
    return _caption(edition, phrase("H, A and M0 over time"), joined(sentences, " "))


def censored(subject: Subject) -> Caption:
    """Censored and uncensored headcounts of every indicator."""
    edition = subject.edition
    sentence = phrase("Censored headcount ratio of every indicator, by dimension.")
    return _caption(
        edition,
        phrase("Deprivations of the poor by indicator, {period}", period=edition.period),
        joined([sentence, text_of(deprivations(edition, short=True))], " "),
    )


def deprivations(edition: Edition, *, short: bool = False) -> Deprivations:
    """The claim about the censored headcounts of all indicators."""
    members = tuple(
        Member(
            one.name,
            edition.indicator(one),
            edition.total("censored_headcount", dimension=one.dimension, indicator=one.name),
        )
        for one in edition.publication.measure.indicators
        if not one.monitor
    )
    return Deprivations(edition.basis, edition.total("H"), members, short=short)


def contributions(subject: Subject) -> Caption:
    """Absolute contributions of the dimensions to M0."""
    edition = subject.edition
    total = edition.total("M0")
    sentences = [phrase("The length of each bar is M0, its parts are the dimensions.")]
    if total.value is not None:
        sentences.append(phrase("Total: {value}.", value=_plain("M0", total, edition)))
    return _caption(edition, phrase("Absolute contributions of the dimensions to M0"), joined(sentences, " "))


def bundles(subject: Subject) -> Caption:
    """The commonest bundles of the poor."""
    return _caption(
        subject.edition,
        phrase("Commonest combinations of deprivations among the poor"),
        phrase("Each column is an exact combination of deprivations, its bar the share of the poor who have it."),
    )


def scores(subject: Subject) -> Caption:
    """The distribution of the deprivation score."""
    edition = subject.edition
    return _caption(
        edition,
        phrase("Distribution of the deprivation score"),
        phrase("Share of {units} at each exact score; the line marks k = {k}.", units=edition.units, k=edition.k),
    )


def ranked(subject: Subject) -> Caption:
    """Groups from the highest H to the lowest."""
    edition, domain = subject
    title = statistic_title("H", edition.unit, edition.language)
    return Caption(f"{title}, {edition.domain(domain)}, {edition.period}", ranking(edition, domain))


def published(subject: Subject) -> Caption:
    """Estimates beside published series."""
    edition = subject.edition
    title = edition.say(phrase("Headcount ratio (H), estimates and published series"))
    series = [one for one in edition.publication.official if any(key.statistic == "H" for key in one.entries)]
    return Caption(title, " ".join(edition.say(published_sentence(edition, one)) for one in series))


def ranking(edition: Edition, domain: str, of: Literal["group", "area"] = "group") -> str:
    """The highest and the lowest H among the groups that may be ranked, and who is left out of them."""
    members = edition.members(domain, edition.incidence(domain))
    tests = edition.publication.tests.get(domain)
    return say(Ranking(edition.basis, "H", members, tests, of), edition.language)


def breadth_depth(subject: Subject) -> Caption:
    """H against A."""
    edition, domain = subject
    groups = edition.incidence(domain)
    known = sum(one.value is not None for one in groups.values())
    return _caption(
        edition,
        phrase(
            "Headcount ratio and intensity, {domain}, {period}", domain=edition.domain(domain), period=edition.period
        ),
        phrase(
            "H and A of {groups} groups. Those on the same curve have the same M0: some because they have more poor, "
            "others because their poor are more deprived.",
            groups=_of(known, len(groups)),
        ),
    )


def _of(known: int, groups: int) -> Phrase:
    """How many of how many."""
    return joined([known]) if known == groups else phrase("{known} of the {groups}", known=known, groups=groups)


def changes_of_indicators(subject: Subject) -> Caption:
    """Changes of the censored headcounts."""
    edition = subject.edition
    named = [
        (edition.indicator(one), edition.change("censored_headcount", indicator=one.name))
        for one in edition.publication.measure.indicators
        if not one.monitor
    ]
    claim = Tally(edition.basis, "censored_headcount", tuple(named), str(edition.before), "indicator")
    return _caption(edition, _change_title(edition, "censored_headcount", phrase("by indicator")), text_of(claim))


def changes_of_domain(subject: Subject) -> Caption:
    """Changes of H by domain."""
    edition, domain = subject
    return _caption(edition, _change_title(edition, "H", edition.domain(domain)), changed(edition, (domain,)))


def changed(edition: Edition, names: tuple[str, ...]) -> str:
    """How many groups changed, and which way."""
    named = [
        (", ".join(edition.name(name, code) for name, code in zip(names, codes, strict=True)), own["H"])
        for codes, own in changes_by(edition, names).items()
    ]
    return say(Tally(edition.basis, "H", tuple(named), str(edition.before), "group"), edition.language)


def changes_by(edition: Edition, names: tuple[str, ...]) -> dict[Codes, dict[str, Figure]]:
    """Changes of H and M0 by group, of the groups that the table of changes has."""
    groups = {}
    for codes in edition.groups(names, "H"):
        own = {name: edition.change(name, dict(zip(names, codes, strict=True))) for name in ("H", "M0")}
        if any(change is not NO_FIGURE for change in own.values()):
            groups[codes] = own
    return groups


def _change_title(edition: Edition, statistic: str, what: str) -> Phrase:
    return phrase(
        "Change of the {statistic}, {what}, {before} to {after}",
        statistic=Title(DEFINITIONS[statistic].noun),
        what=what,
        before=edition.before,
        after=edition.period,
    )


def k_curves(subject: Subject) -> Caption:
    """H at every cutoff."""
    edition = subject.edition
    incidence = tuple((k, edition.total("H", k=k)) for k in edition.ordered_cutoffs)
    sentences = [text_of(Cutoffs(edition.basis, incidence)), *_interrupted(edition)]
    return _caption(edition, _cutoff_title(edition, "H"), joined(sentences, " "))


def k_curves_of_index(subject: Subject) -> Caption:
    """M0 at every cutoff."""
    edition = subject.edition
    indices = [(k, edition.total("M0", k=k).value) for k in edition.ordered_cutoffs]
    shown = [
        phrase("{value} (k = {k})", value=written(one, "index", digits_of("M0")), k=k)
        for k, one in indices
        if one is not None
    ]
    sentence = phrase("M0 at each cutoff k: {values}.", values=joined(shown, ", "))
    sentences = [sentence if shown else phrase("M0 at each cutoff k."), *_interrupted(edition)]
    return _caption(edition, _cutoff_title(edition, "M0"), joined(sentences, " "))


def _interrupted(edition: Edition) -> list[Phrase]:
    """Why the curve over k may have gaps."""
    if edition.scores is None or not edition.scores["share"].null_count:
        return []
    return [phrase("The line is drawn only where the scores that are shown determine it.")]


def _cutoff_title(edition: Edition, statistic: str) -> Phrase:
    title = statistic_title(statistic, edition.unit, edition.language)
    return phrase("{title} at each cutoff k", title=title)


def order(subject: Subject) -> Caption:
    """Orders of a domain's groups that survive another cutoff."""
    edition, domain = subject
    title = phrase("Stability of the order across cutoffs k, {domain}", domain=edition.domain(domain))
    return _caption(edition, title, text_of(order_claim(edition, domain)))


def order_claim(edition: Edition, domain: str) -> Order:
    """The claim about the orders of a domain's groups."""
    ranks = edition.ranks(domain)
    off = ~np.eye(len(ranks.cutoffs), dtype=bool)
    kept = ranks.kept[off]
    least = float(np.nanmin(kept)) if np.isfinite(kept).any() else None
    sure = int(dominates(ranks.values).sum())
    whole = bool(np.isfinite(ranks.values).all())
    return Order(
        basis=edition.basis,
        groups=len(ranks.codes),
        all_groups=len(edition.groups((domain,), "M0")),
        sure=sure,
        least=least,
        whole=whole,
    )


def _plain(statistic: str, estimate: Figure, edition: Edition) -> object:
    """The figure with its interval, without a warning where it has none."""
    return with_interval(statistic, estimate, edition.level) if estimate.interval else value(statistic, estimate)
