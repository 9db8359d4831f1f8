"""The title of each chart as a file, which says what it shows, and the line below it: measure, unit, place and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from mpi.charts import captions
from mpi.charts.chart import Subject
from mpi.charts.shapley import ShapleyParts, shapley_by
from mpi.claims import Ranking, Tally, findings, rankable
from mpi.claims.ranking import Member
from mpi.language import Phrase, strung, translated
from mpi.publication.edition import Edition
from mpi.vocabulary.statistics import DEFINITIONS
from mpi.vocabulary.wording import Language, statistic_title

Finding: TypeAlias = Callable[[Subject], Phrase | None]
# How a statistic is written: percentages with what they are of.
MEASURED: Mapping[str, Mapping[Language, str]] = {
    "persons": translated("{title}, % of persons"),
    "households": translated("{title}, % of households"),
    "index": translated("{title}, index from 0 to 1"),
}
INTENSITY = translated("{title}, % of the weighted indicators")
CHANGED = translated("Change of {title}")


def measured(edition: Edition, statistic: str) -> str:
    """What a statistic is, with its unit."""
    one, language = DEFINITIONS[statistic], edition.language
    title = statistic_title(statistic, edition.unit, language)
    if one.kind == "proportion":
        return MEASURED[edition.unit][language].format(title=title)
    if statistic == "A":
        return INTENSITY[language].format(title=title)
    return MEASURED["index"][language].format(title=title) if one.form == "index" else title


def subtitle(subject: Subject, what: str, *, k: bool = True, before: bool = False) -> str:
    """What is measured, by which groups, where, when, and at which cutoff."""
    edition, domain = subject
    period = f"{edition.before}\u2013{edition.period}" if before and edition.before else edition.period
    parts = [what, edition.domain(domain) if domain else "", edition.titled(edition.publication.study.total), period]
    if k:
        parts.append(f"k\u00a0=\u00a0{edition.k}")
    return strung(parts, "; ", edition.language)


def ranked_by(statistic: str) -> Finding:
    """The highest and the lowest group."""

    def found(subject: Subject) -> Phrase | None:
        edition, domain = subject
        own = {codes[0]: one[statistic] for codes, one in edition.groups((domain,), statistic).items()}
        return findings.ranking_finding(Ranking(edition.basis, statistic, edition.members(domain, own)))

    return found


def series(subject: Subject) -> Phrase | None:
    """The change of H."""
    edition = subject.edition
    change = edition.change("H")
    return findings.movement_finding("H", change, str(edition.before), edition.period, edition.level)


def censored(subject: Subject) -> Phrase | None:
    """The most frequent deprivation."""
    return findings.deprivations_finding(captions.deprivations(subject.edition))


def contributions(subject: Subject) -> Phrase | None:
    """The dimension that adds most."""
    edition = subject.edition
    return findings.contributions_finding(
        [
            Member(
                one.name,
                edition.titled(one.title, one.name),
                edition.total("percentage_contribution", dimension=one.name),
            )
            for one in edition.publication.measure.dimensions
        ]
    )


def k_curves(subject: Subject) -> Phrase | None:
    """H at the ends of the curve."""
    edition = subject.edition
    return findings.cutoffs_finding("H", [(k, edition.total("H", k=k)) for k in edition.ordered_cutoffs])


def scores(subject: Subject) -> Phrase | None:
    """The share of the poor."""
    edition = subject.edition
    return findings.scores_finding(edition.total("H"), edition.unit, edition.k)


def bundles(subject: Subject) -> Phrase | None:
    """What the commonest bundles cover."""
    table = subject.edition.bundles
    shares = [] if table is None else [one for one in table.column("share").to_pylist() if one is not None]
    return findings.bundles_finding(shares) if shares else None


def pairs(subject: Subject) -> Phrase | None:
    """The commonest pair of deprivations."""
    edition = subject.edition
    titles = {one.name: edition.indicator(one) for one in edition.publication.measure.indicators}
    rows = [] if edition.co_deprivation is None else edition.co_deprivation.to_pylist()
    found = [one for one in rows if one["first"] != one["second"] and one["share"]]
    if not found:
        return None
    share = max(float(one["share"]) for one in found)
    first = [(titles[one["first"]], titles[one["second"]]) for one in found if one["share"] == share]
    return findings.pair_finding(first, share)


def changed_indicators(subject: Subject) -> Phrase | None:
    """In how many indicators the rate of the poor moved."""
    edition = subject.edition
    own = [
        (edition.indicator(one), edition.change("censored_headcount", indicator=one.name))
        for one in edition.publication.measure.indicators
        if not one.monitor
    ]
    return findings.moved_finding(
        Tally(edition.basis, "censored_headcount", tuple(own), str(edition.before), "indicator")
    )


def changed_groups(subject: Subject) -> Phrase | None:
    """In how many groups H moved."""
    edition, domain = subject
    own = tuple((codes[0], one["H"]) for codes, one in captions.changes_by(edition, (domain,)).items())
    return findings.moved_finding(Tally(edition.basis, "H", own, str(edition.before), "group"))


def shapley(subject: Subject) -> Phrase | None:
    """What incidence and intensity brought to the change of M0."""
    edition = subject.edition
    found = shapley_by(edition.publication.figures, k=edition.k, unit=edition.unit)[None]
    return findings.parts_finding(found.incidence, found.intensity) if isinstance(found, ShapleyParts) else None


def heatmap(subject: Subject) -> Phrase | None:
    """The highest rate of all groups and indicators that can be ranked."""
    edition, domain = subject
    census = edition.census
    cells = []
    for one in edition.publication.measure.indicators:
        own = edition.figures.groups(
            "censored_headcount",
            (domain,),
            period=edition.period,
            unit=edition.unit,
            k=edition.k,
            dimension=one.dimension,
            indicator=one.name,
        )
        cells += [(edition.indicator(one), codes[0], found) for codes, found in own.items()]
    ranked = [(found.value or 0.0, name, code) for name, code, found in cells if rankable(found, census=census)]
    if not ranked:
        return None
    share = max(value for value, _, _ in ranked)
    first = [(indicator, edition.name(domain, code)) for value, indicator, code in ranked if value == share]
    return findings.cell_finding(first, share, all_ranked=len(ranked) == len(cells))


def ranks(subject: Subject) -> Phrase | None:
    """How many pairs keep their order."""
    edition, domain = subject
    return findings.order_finding(captions.order_claim(edition, domain))


def breadth_depth(subject: Subject) -> Phrase | None:
    """How far groups differ in H and in A."""
    edition, domain = subject
    census = edition.census
    groups = [
        one
        for one in edition.groups((domain,), "H", "A").values()
        if {"H", "A"} <= one.keys() and all(rankable(one[name], census=census) for name in ("H", "A"))
    ]
    return findings.spread_finding([one["H"].value or 0.0 for one in groups], [one["A"].value or 0.0 for one in groups])
