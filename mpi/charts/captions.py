"""What the report says of each chart: its title, and the sentence that goes with it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mpi.analysis.rank_robustness import RankRobustness, dominates
from mpi.charts.chart import Caption, Subject
from mpi.claims import Cutoffs, Deprivations, Member, Order, Ranking, Tally, say
from mpi.claims.numbers import pick, value, with_interval
from mpi.disclosure.figures import NO_FIGURE, Codes, Figure
from mpi.language import phrase
from mpi.publication.edition import Edition
from mpi.vocabulary.wording import Language, figure, statistic_title


def series(subject: Subject) -> Caption:
    """H, A and M0 by period."""
    edition = subject.edition
    first = edition.publication.rounds[0].period
    sentence = pick(
        edition.language,
        f"H, A y M0 de {first} a {edition.period}{'' if edition.census else ', con sus intervalos'}. ",
        f"H, A and M0 from {first} to {edition.period}{'' if edition.census else ', with their intervals'}. ",
    )
    told = []
    for statistic in ("H", "A", "M0"):
        ends = [edition.total(statistic, period=period) for period in (first, edition.period)]
        if all(end.value is not None for end in ends):
            values = [_plain(statistic, end, edition) for end in ends]
            told.append(
                phrase(
                    "{statistic}: {values} in {first} and {values2} in {period}",
                    statistic=statistic,
                    values=values[0],
                    first=first,
                    values2=values[1],
                    period=edition.period,
                ).to(edition.language)
            )
    return Caption(
        phrase("H, A and M0 over time").to(edition.language), sentence + ("; ".join(told) + "." if told else "")
    )


def censored(subject: Subject) -> Caption:
    """Censored and uncensored headcounts of every indicator."""
    edition = subject.edition
    sentence = phrase("Censored headcount ratio of every indicator, by dimension. ").to(edition.language)
    return Caption(
        phrase("Deprivations of the poor by indicator, {period}", period=edition.period).to(edition.language),
        sentence + say(deprivations(edition, short=True), edition.language),
    )


def deprivations(edition: Edition, *, short: bool = False) -> Deprivations:
    """The claim about the censored headcounts of all indicators."""
    found = tuple(
        Member(
            one.name,
            edition.indicator(one),
            edition.total("censored_headcount", dimension=one.dimension, indicator=one.name),
        )
        for one in edition.publication.measure.indicators
        if not one.monitor
    )
    return Deprivations(edition.basis, edition.total("H"), found, short=short)


def contributions(subject: Subject) -> Caption:
    """Absolute contributions of the dimensions to M0."""
    edition = subject.edition
    total = edition.total("M0")
    sentence = phrase("The length of each bar is M0, its parts are the dimensions. ").to(edition.language)
    if total.value is not None:
        sentence += f"{phrase('Total').to(edition.language)}: {_plain('M0', total, edition)}."
    return Caption(phrase("Absolute contributions of the dimensions to M0").to(edition.language), sentence)


def bundles(subject: Subject) -> Caption:
    """The commonest bundles of the poor."""
    language = subject.edition.language
    return Caption(
        phrase("Commonest combinations of deprivations among the poor").to(language),
        phrase("Each column is an exact combination of deprivations, its bar the share of the poor who have it.").to(
            language
        ),
    )


def scores(subject: Subject) -> Caption:
    """The distribution of the deprivation score."""
    edition = subject.edition
    return Caption(
        phrase("Distribution of the deprivation score").to(edition.language),
        phrase("Share of {units} at each exact score; the line marks k = {k}.", units=edition.units, k=edition.k).to(
            edition.language
        ),
    )


def ranked(subject: Subject) -> Caption:
    """Groups from the highest H to the lowest."""
    edition, domain = subject
    return Caption(
        f"{statistic_title('H', edition.unit, edition.language)}, {edition.domain(domain)}, {edition.period}",
        ranking(edition, domain),
    )


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
    return Caption(
        phrase(
            "Headcount ratio and intensity, {domain}, {period}", domain=edition.domain(domain), period=edition.period
        ).to(edition.language),
        pick(
            edition.language,
            f"H y A de {_of(known, len(groups), 'es')} grupos. Los que están en una misma curva tienen"
            " el mismo M0: unos porque tienen más pobres, otros porque sus pobres tienen más"
            " privaciones.",
            f"H and A of {_of(known, len(groups), 'en')} groups. Those on the same curve have the same M0: some"
            " because they have more poor, others because their poor are more deprived.",
        ),
    )


def _of(known: int, groups: int, language: Language) -> str:
    """How many of how many."""
    return str(known) if known == groups else phrase("{known} of the {groups}", known=known, groups=groups).to(language)


def changes_of_indicators(subject: Subject) -> Caption:
    """Changes of the censored headcounts."""
    edition = subject.edition
    what = phrase("by indicator").to(edition.language)
    named = [
        (edition.indicator(one), edition.change("censored_headcount", indicator=one.name))
        for one in edition.publication.measure.indicators
        if not one.monitor
    ]
    claim = Tally(edition.basis, "censored_headcount", tuple(named), str(edition.before), "indicator")
    return Caption(_change_title(edition, "censored_headcount", what), say(claim, edition.language))


def changes_of_domain(subject: Subject) -> Caption:
    """Changes of H by domain."""
    edition, domain = subject
    return Caption(_change_title(edition, "H", edition.domain(domain)), changed(edition, (domain,)))


def changed(edition: Edition, names: tuple[str, ...]) -> str:
    """How many groups changed, and which way."""
    named = [
        (", ".join(edition.name(name, code) for name, code in zip(names, codes, strict=True)), own["H"])
        for codes, own in changes_by(edition, names).items()
    ]
    return say(Tally(edition.basis, "H", tuple(named), str(edition.before), "group"), edition.language)


def changes_by(edition: Edition, names: tuple[str, ...]) -> dict[Codes, dict[str, Figure]]:
    """Changes by group, of the groups that the table of changes knows."""
    found = {}
    for codes in edition.groups(names, "H"):
        own = {name: edition.change(name, dict(zip(names, codes, strict=True))) for name in ("H", "M0")}
        if any(change is not NO_FIGURE for change in own.values()):
            found[codes] = own
    return found


def _change_title(edition: Edition, statistic: str, what: str) -> str:
    return pick(
        edition.language,
        "Cambio de la"
        f" {statistic_title(statistic, edition.unit, 'es').lower().replace('(h)', '(H)')},"
        f" {what}, {edition.before} a {edition.period}",
        f"Change of the {statistic_title(statistic, edition.unit, 'en').lower().replace('(h)', '(H)')}, {what},"
        f" {edition.before} to {edition.period}",
    )


def k_curves(subject: Subject) -> Caption:
    """H at every cutoff."""
    edition = subject.edition
    found = tuple((k, edition.total("H", k=k)) for k in edition.ordered_cutoffs)
    return Caption(_cutoff_title(edition, "H"), say(Cutoffs(edition.basis, found), edition.language))


def k_curves_of_index(subject: Subject) -> Caption:
    """M0 at every cutoff."""
    edition = subject.edition
    shown = [(k, one) for k in edition.ordered_cutoffs if (one := edition.total("M0", k=k)).value is not None]
    told = [f"{figure(one.value, 'index', edition.language)} (k = {k})" for k, one in shown]
    first = phrase("M0 at each cutoff k").to(edition.language)
    return Caption(_cutoff_title(edition, "M0"), f"{first}: {', '.join(told)}." if told else f"{first}.")


def _cutoff_title(edition: Edition, statistic: str) -> str:
    title = statistic_title(statistic, edition.unit, edition.language)
    return phrase("{title} at each cutoff k", title=title).to(edition.language)


def order(subject: Subject) -> Caption:
    """Orders of a domain's groups that survive another cutoff."""
    edition, domain = subject
    ranks = edition.ranks(domain)
    title = phrase("Stability of the order across cutoffs k, {domain}", domain=edition.domain(domain))
    return Caption(title.to(edition.language), _order(edition, domain, ranks))


def _order(edition: Edition, domain: str, ranks: RankRobustness) -> str:
    off = ~np.eye(len(ranks.cutoffs), dtype=bool)
    kept = ranks.kept[off]
    least = float(np.nanmin(kept)) if np.isfinite(kept).any() else None
    sure = int(dominates(ranks.values).sum())
    claim = Order(edition.basis, len(ranks.codes), len(edition.groups((domain,), "M0")), sure, least)
    return say(claim, edition.language)


def _plain(statistic: str, estimate: Figure, edition: Edition) -> str:
    if estimate.interval:
        return with_interval(statistic, estimate, edition.level, edition.language)
    return value(statistic, estimate, edition.language)
