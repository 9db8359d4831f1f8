"""The charts of a report, each with its title, the sentence that stands for it, and the table that has its figures.

Comes in: an issue. Goes out: figures with `<svg>` texts; a sentence that says why where a chart cannot be made; None
where there is nothing to draw, which the section says in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from mpi import charts
from mpi.analysis.rank_robustness import RankRobustness
from mpi.claims import Deprivations, Member, Ranking, say
from mpi.claims.numbers import pick, value, with_interval
from mpi.disclosure.figures import Figure
from mpi.errors.omissions import attempted
from mpi.language import phrase
from mpi.maps.layers import layers_of
from mpi.maps.static import draw_map
from mpi.publication.model import DrawnMap
from mpi.report.blocks import Graphic, Paragraph
from mpi.report.issue import Issue
from mpi.vocabulary.wording import Language, statistic_title

MOST_LINES = 8
MOST_ROWS = 59  # and the total
FEWEST_MARKS = 5
Picture: TypeAlias = Graphic | Paragraph


def series(issue: Issue, table: str) -> Picture | None:
    """H, A and M0 by period; None with a single round."""
    if issue.before is None:
        return None
    first = issue.publication.rounds[0].period
    breaks = {
        period: issue.titled(titles, period)
        for period, titles in sorted(issue.publication.rounds[-1].survey.breaks.items())
        if first < period <= issue.period
    }
    sentence = pick(
        issue.language,
        f"H, A y M0 de {first} a {issue.period}{'' if issue.census else ', con sus intervalos'}. ",
        f"H, A and M0 from {first} to {issue.period}{'' if issue.census else ', with their intervals'}. ",
    )
    told = []
    for statistic in ("H", "A", "M0"):
        ends = [issue.total(statistic, period=period) for period in (first, issue.period)]
        if all(end.value is not None for end in ends):
            values = [_plain(statistic, end, issue) for end in ends]
            told.append(
                phrase(
                    "{statistic}: {values} in {first} and {values2} in {period}",
                    statistic=statistic,
                    values=values[0],
                    first=first,
                    values2=values[1],
                    period=issue.period,
                ).to(issue.language)
            )
    return _drawn(
        issue,
        "f-series",
        phrase("H, A and M0 over time").to(issue.language),
        sentence + ("; ".join(told) + "." if told else ""),
        table,
        lambda: charts.series_panels(
            issue.publication.figures,
            k=issue.k,
            unit=issue.unit,
            breaks=breaks or None,
            level=issue.level,
            language=issue.language,
        ),
    )


def censored(issue: Issue, table: str) -> Picture | None:
    """Censored and uncensored headcounts of every indicator."""
    periods = [one.period for one in issue.publication.rounds[-3:]]
    sentence = phrase("Censored headcount ratio of every indicator, by dimension. ").to(issue.language)
    sentence += say(deprivations(issue, short=True), issue.language)
    return _drawn(
        issue,
        "f-indicators",
        phrase("Deprivations of the poor by indicator, {period}", period=issue.period).to(issue.language),
        sentence,
        table,
        lambda: charts.censored_headcounts(
            issue.publication.figures,
            issue.publication.measure,
            periods=periods,
            k=issue.k,
            unit=issue.unit,
            level=issue.level,
            language=issue.language,
        ),
    )


def deprivations(issue: Issue, *, short: bool = False) -> Deprivations:
    """The claim about the censored headcounts of all indicators."""
    found = tuple(
        Member(
            one.name,
            issue.indicator(one),
            issue.total("censored_headcount", dimension=one.dimension, indicator=one.name),
        )
        for one in issue.publication.measure.indicators
        if not one.monitor
    )
    return Deprivations(issue.basis, issue.total("H"), found, short=short)


def contributions(issue: Issue, table: str) -> Picture | None:
    """Absolute contributions of the dimensions to M0, in total and by the smallest domain."""
    small = [names[0] for names in issue.sets if len(names) == 1]
    groups = {name: issue.groups((name,), "M0").values() for name in small}
    domain = next(
        (
            name
            for name, own in groups.items()
            if len(own) <= MOST_LINES and any(found["M0"].value is not None for found in own)
        ),
        None,
    )
    total = issue.total("M0")
    sentence = phrase("The length of each bar is M0, its parts are the dimensions. ").to(issue.language)
    if total.value is not None:
        sentence += f"{phrase('Total').to(issue.language)}: {_plain('M0', total, issue)}."
    return _drawn(
        issue,
        "f-contributions",
        phrase("Absolute contributions of the dimensions to M0").to(issue.language),
        sentence,
        table,
        lambda: charts.contributions(
            issue.publication.figures,
            issue.publication.measure,
            domain=domain,
            names=_names(issue, domain),
            k=issue.k,
            unit=issue.unit,
            period=issue.period,
            level=issue.level,
            language=issue.language,
        ),
    )


def bundles(issue: Issue, table: str) -> Picture | None:
    """The commonest bundles of the poor."""
    if issue.bundles is None:
        return None
    return _drawn(
        issue,
        "f-bundles",
        phrase("Commonest combinations of deprivations among the poor").to(issue.language),
        phrase("Each column is an exact combination of deprivations, its bar the share of the poor who have it.").to(
            issue.language
        ),
        table,
        lambda: charts.bundle_matrix(issue.bundles, issue.publication.measure, language=issue.language),
    )


def scores(issue: Issue, table: str) -> Picture | None:
    """The distribution of the deprivation score."""
    if issue.scores is None:
        return None
    return _drawn(
        issue,
        "f-scores",
        phrase("Distribution of the deprivation score").to(issue.language),
        phrase("Share of {units} at each exact score; the line marks k = {k}.", units=issue.units, k=issue.k).to(
            issue.language
        ),
        table,
        lambda: charts.score_bars(issue.scores, k=issue.k, unit=issue.unit, language=issue.language),
    )


def ranked(issue: Issue, domain: str, groups: dict[str, Figure], table: str) -> Picture | None:
    """Groups from the highest H to the lowest; None where there are too many to read."""
    if not 1 < len(groups) <= MOST_ROWS:
        return None
    return _drawn(
        issue,
        f"f-{domain}",
        f"{statistic_title('H', issue.unit, issue.language)}, {issue.domain(domain)}, {issue.period}",
        told_ranking(issue, domain, groups),
        table,
        lambda: charts.ranked(
            issue.publication.figures,
            domain=domain,
            statistic="H",
            names=_names(issue, domain),
            k=issue.k,
            unit=issue.unit,
            period=issue.period,
            level=issue.level,
            language=issue.language,
        ),
    )


def told_ranking(issue: Issue, domain: str, groups: dict[str, Figure], of: Literal["group", "area"] = "group") -> str:
    """The highest and the lowest H among the groups that may be ranked, and who is left out of them."""
    members = issue.members(domain, groups)
    tests = issue.publication.tests.get(domain)
    return say(Ranking(issue.basis, "H", members, tests, of), issue.language)


def breadth_depth(issue: Issue, domain: str, groups: dict[str, Figure], table: str) -> Picture | None:
    """H against A; None for few groups or too many."""
    known = sum(one.value is not None for one in groups.values())
    if not (known >= FEWEST_MARKS and len(groups) <= MOST_ROWS):
        return None
    return _drawn(
        issue,
        f"f-{domain}-ha",
        phrase(
            "Headcount ratio and intensity, {domain}, {period}", domain=issue.domain(domain), period=issue.period
        ).to(issue.language),
        pick(
            issue.language,
            f"H y A de {_of(known, len(groups), 'es')} grupos. Los que están en una misma curva tienen"
            " el mismo M0: unos porque tienen más pobres, otros porque sus pobres tienen más"
            " privaciones.",
            f"H and A of {_of(known, len(groups), 'en')} groups. Those on the same curve have the same M0: some"
            " because they have more poor, others because their poor are more deprived.",
        ),
        table,
        lambda: charts.incidence_intensity(
            issue.publication.figures,
            domain=domain,
            names=_names(issue, domain),
            k=issue.k,
            unit=issue.unit,
            period=issue.period,
            level=issue.level,
            language=issue.language,
        ),
    )


def _of(known: int, groups: int, language: Language) -> str:
    """How many of how many."""
    return str(known) if known == groups else phrase("{known} of the {groups}", known=known, groups=groups).to(language)


def forest(issue: Issue, domain: str | None, told: str, table: str) -> Picture | None:
    """Changes of H by domain, or of the censored headcounts if there is no domain."""
    changes = issue.publication.changes
    if changes is None:
        return None
    measure = None if domain else issue.publication.measure
    statistic = "H" if domain else "censored_headcount"
    what = issue.domain(domain) if domain else phrase("by indicator").to(issue.language)
    return _drawn(
        issue,
        f"f-change-{domain or 'indicators'}",
        pick(
            issue.language,
            "Cambio de la"
            f" {statistic_title(statistic, issue.unit, 'es').lower().replace('(h)', '(H)')},"
            f" {what}, {issue.before} a {issue.period}",
            f"Change of the {statistic_title(statistic, issue.unit, 'en').lower().replace('(h)', '(H)')}, {what},"
            f" {issue.before} to {issue.period}",
        ),
        told,
        table,
        lambda: charts.changes_forest(
            changes,
            statistic=statistic,
            domain=domain,
            measure=measure,
            names=_names(issue, domain),
            k=issue.k,
            unit=issue.unit,
            periods=(str(issue.before), issue.period),
            level=issue.level,
            language=issue.language,
        ),
    )


def k_curves(issue: Issue, statistic: str, told: str, table: str) -> Picture | None:
    """A statistic at every cutoff; None with one cutoff."""
    if len(issue.publication.study.cutoffs) < 2:  # noqa: PLR2004
        return None
    title = statistic_title(statistic, issue.unit, issue.language)
    return _drawn(
        issue,
        f"f-k-{statistic}",
        phrase("{title} at each cutoff k", title=title).to(issue.language),
        told,
        table,
        lambda: charts.k_curves(
            issue.publication.figures,
            statistic=statistic,
            official=issue.k,
            unit=issue.unit,
            period=issue.period,
            level=issue.level,
            language=issue.language,
        ),
    )


def rank_heatmap(issue: Issue, domain: str, ranks: RankRobustness, told: str, table: str) -> Picture | None:
    """Orders of a domain's groups that survive another cutoff."""
    return _drawn(
        issue,
        f"f-ranks-{domain}",
        phrase("Stability of the order across cutoffs k, {domain}", domain=issue.domain(domain)).to(issue.language),
        told,
        table,
        lambda: charts.rank_heatmap(ranks, language=issue.language),
        narrow=True,
    )


def _drawn(  # noqa: PLR0917  what a figure is made of
    issue: Issue,
    name: str,
    title: str,
    sentence: str,
    table: str,
    draw: Callable[[], Any],  # axes or a figure
    *,
    narrow: bool = False,
) -> Picture:
    """The figure of a chart, whose ids begin with the name; a sentence that says why if it cannot be made."""

    def make() -> Graphic:
        svg = charts.svg_text(draw(), title=title, description=sentence, ids=name)
        return Graphic(id=name, title=title, svg=_needed_ids(svg), sentence=sentence, table=table, narrow=narrow)

    found = attempted(f"report#{name}", make, issue.left_out)
    return issue.left_out_note(title) if found is None else found


def _needed_ids(svg: str) -> str:
    """A drawing with the ids that something in it refers to: the others only name its parts, some of them twice."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    for found in re.findall(r'aria-labelledby="([^"]*)"', svg):
        used |= set(found.split())
    return re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in used else "", svg)


def _plain(statistic: str, estimate: Figure, issue: Issue) -> str:
    if estimate.interval:
        return with_interval(statistic, estimate, issue.level, issue.language)
    return value(statistic, estimate, issue.language)


def _names(issue: Issue, domain: str | None) -> dict[str, str] | None:
    if domain is None:
        return None
    return issue.names(domain, (codes[0] for codes in issue.groups((domain,), "H")))


def static_map(issue: Issue, drawn: DrawnMap, table: str) -> Picture | None:
    """H by area; None where no area of the map has a row."""
    spec, language = drawn.spec, issue.language
    layers = layers_of(
        issue.publication.figures,
        spec.domain,
        drawn.areas.codes,
        unit=issue.unit,
        period=issue.period,
        scheme=spec.scheme,
        classes=spec.classes,
        breaks=spec.breaks,
        statistics=("H",),
    )
    if not layers or issue.k not in layers[0].cutoffs:
        return None
    groups = {codes[0]: found["H"] for codes, found in issue.groups((spec.domain,), "H").items()}
    title = f"{statistic_title('H', issue.unit, language)}, {issue.domain(spec.domain)}, {issue.period}"
    made = _drawn(
        issue,
        f"f-map-{spec.domain}",
        title,
        told_ranking(issue, spec.domain, groups, "area"),
        table,
        lambda: draw_map(drawn.areas, layers[0], k=issue.k, language=language),
    )
    if not isinstance(made, Graphic):
        return made
    link = issue.provenance.maps.get(spec.domain, "")
    return replace(made, link=link, link_text=issue.said["interactive"] if link else "")
