"""What the table of charts says of those of analyses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpi.analysis.titles import ANALYSIS_TITLES
from mpi.charts import findings
from mpi.charts.analyses import analysis_chart
from mpi.charts.chart import Caption, Chart, Need, Shown, Subject
from mpi.charts.marks import dimension_title, indicator_title
from mpi.charts.overlap import PERCENT, exact_sets, overlap_sets
from mpi.charts.pairs import redundancy_table, redundant_pairs
from mpi.charts.spread import REDUNDANT
from mpi.claims.findings import redundancy_finding, sets_finding
from mpi.language import Phrase, translated
from mpi.publication.analyses import Shown as ShownAnalysis
from mpi.publication.analyses import named
from mpi.publication.analysis_views import View

THESE_ALONE = translated("Deprived in these dimensions and no others")


def _of(name: str) -> Callable[[Subject], ShownAnalysis]:
    return lambda subject: ShownAnalysis(subject.edition, name)


def _style(subject: Subject) -> Any:  # a `Style`
    return subject.edition.publication.style


def _needs(name: str) -> dict[str, Need]:
    return {"analysis": _of(name), "style": _style}


def _caption(name: str, place: int = 0) -> Callable[[Subject], Caption]:
    """The title and the sentence of a view."""

    def caption(subject: Subject) -> Caption:
        edition, shown = subject.edition, _of(name)(subject)
        view = shown.views[place]
        told = f"{edition.titled(view.title)}, {edition.units}, {shown.when}"
        return Caption(told, edition.say(shown.sentence(view)))

    return caption


def _of_analysis(name: str) -> Chart:
    """The chart of the first view of an analysis."""

    def first(subject: Subject) -> View:
        return _of(name)(subject).views[0]

    return Chart(
        name=f"analysis.{name}",
        draw=analysis_chart,
        finding=_redundancy_finding
        if name == "redundancy"
        else lambda subject: _of(name)(subject).finding(first(subject)),
        subtitle=lambda subject: findings.subtitle(
            subject, named(first(subject).figures[0], subject.edition.language), k=False, before=name == "decomposition"
        ),
        needs=_needs(name),
        shown=Shown(
            place="analyses",
            id=f"f-analysis-{name}",
            table=f"t-analysis-{name}",
            caption=_caption(name),
            suits=lambda subject: len(_of(name)(subject).lines(first(subject))) > 1,
        ),
        analysis=name,
    )


def _sets_finding(subject: Subject) -> Phrase | None:
    """The commonest exact combination of dimensions."""
    measure, language = subject.edition.publication.measure, subject.edition.language
    own = exact_sets(_of("overlap")(subject))
    titles = {names: [dimension_title(measure, name, language) for name in names] for names in own}
    return sets_finding([(titles[names], own[names]) for names in own])


def _sets_subtitle(subject: Subject) -> str:
    edition = subject.edition
    what = f"{THESE_ALONE[edition.language]}, {PERCENT[edition.unit][edition.language]}"
    return findings.subtitle(subject, what, k=False)


def _redundancy_finding(subject: Subject) -> Phrase | None:
    """The most redundant pair of indicators."""
    measure, language = subject.edition.publication.measure, subject.edition.language
    own = redundant_pairs(_of("redundancy")(subject))
    titles = {one.name: indicator_title(measure, one.name, language) for one in measure.indicators}
    return redundancy_finding([((titles[one], titles[other]), figure) for (one, other), figure in own.items()])


def _redundancy_caption(subject: Subject) -> Caption:
    edition, found = subject.edition, _redundancy_finding(subject)
    title = f"{REDUNDANT[edition.language]}, {edition.units}, {edition.period}"
    return Caption(title, f"{edition.say(found)}." if found else _caption("redundancy")(subject).sentence)


ANALYSIS_CHARTS: tuple[Chart, ...] = (
    *map(_of_analysis, ANALYSIS_TITLES),
    Chart(
        name="analysis.overlap.sets",
        draw=overlap_sets,
        finding=_sets_finding,
        subtitle=_sets_subtitle,
        needs=_needs("overlap"),
        shown=Shown(
            place="analyses", id="f-analysis-overlap-sets", table="t-analysis-overlap-2", caption=_caption("overlap", 1)
        ),
        analysis="overlap",
        exists=lambda subject: len(exact_sets(_of("overlap")(subject))) > 1,
    ),
    Chart(
        name="analysis.redundancy.table",
        draw=redundancy_table,
        finding=_redundancy_finding,
        subtitle=lambda subject: findings.subtitle(subject, REDUNDANT[subject.edition.language], k=False),
        needs=_needs("redundancy"),
        shown=Shown(
            place="analyses",
            id="f-analysis-redundancy-table",
            table="t-analysis-redundancy",
            caption=_redundancy_caption,
            suits=lambda subject: len(redundant_pairs(_of("redundancy")(subject))) > 1,
        ),
        analysis="redundancy",
    ),
)
