"""Charts of a publication: drawings of publishable figures, and the table of them.

Every chart takes the tidy table and gives back a `Drawing`, which can be saved. `CHARTS` says of each which figures it
needs and where the report shows it; the folder `charts/` of a run and the report are made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mpi.charts import captions, findings
from mpi.charts.analyses import analysis_chart
from mpi.charts.analysis_charts import ANALYSIS_CHARTS
from mpi.charts.breadth import incidence_intensity
from mpi.charts.changes import changes_forest
from mpi.charts.chart import Chart, Need, Shown, Subject, codes_of
from mpi.charts.countries import COUNTRY_CHARTS
from mpi.charts.cutoffs import k_curves, rank_heatmap
from mpi.charts.domains import check_rows, ranked, sheet
from mpi.charts.indicators import censored_headcounts, contributions, indicator_heatmap
from mpi.charts.marks import explained
from mpi.charts.overlap import overlap_sets
from mpi.charts.pairs import redundancy_table
from mpi.charts.panel_charts import PANEL_CHARTS
from mpi.charts.plan_charts import PLAN_CHARTS
from mpi.charts.published import breaks_told, published_lines, published_series
from mpi.charts.rounds import MOST_LINES, series, series_panels, slopes
from mpi.charts.shapley import shapley
from mpi.charts.spread import bundle_matrix, co_deprivation_triangle, score_bars
from mpi.disclosure.publishable import Publishable
from mpi.drawing.canvas import picture, svg_text
from mpi.errors.omissions import unmade
from mpi.language import translated
from mpi.vocabulary.wording import Language, statistic_title, title_in

__all__ = [
    "CHARTS",
    "analysis_chart",
    "bundle_matrix",
    "censored_headcounts",
    "changes_forest",
    "co_deprivation_triangle",
    "contributions",
    "explained",
    "incidence_intensity",
    "indicator_heatmap",
    "k_curves",
    "overlap_sets",
    "picture",
    "rank_heatmap",
    "ranked",
    "redundancy_table",
    "score_bars",
    "series",
    "series_panels",
    "shapley",
    "sheet",
    "slopes",
    "svg_text",
]
FEWEST_COMPARED = 5  # groups of a chart of incidence against intensity
MOST_ROWS = 59  # of a chart in the report, and the total


def _names(subject: Subject) -> dict[str, str]:
    return subject.edition.names(subject.domain, codes_of(subject))


def _breaks(subject: Subject) -> dict[str, str]:
    """The periods from which on figures are not comparable with earlier ones, and why."""
    edition = subject.edition
    told = edition.publication.rounds[-1].survey.breaks
    return {period: title_in(titles, edition.language, period) for period, titles in sorted(told.items())}


def _compared(subject: Subject) -> Publishable:
    """The changes of a publication of two rounds or more."""
    changes = subject.edition.publication.changes
    if changes is None:
        raise unmade("round")
    return changes


def _last_pair(subject: Subject) -> tuple[str, str]:
    return str(subject.edition.before), subject.edition.period


FEWEST_ORDERED = 3  # of two groups there is one pair, of which no share can be told


def _ranks(subject: Subject) -> Any:  # see `rank_heatmap`
    """Orders of a domain's groups, of so many that a change of order can be read."""
    check_rows(len(codes_of(subject)))
    ranks = subject.edition.ranks(subject.domain)
    known = int((np.isfinite(ranks.values).sum(axis=0) > 1).sum())  # groups with a figure at two cutoffs
    if known < FEWEST_ORDERED:
        raise unmade("groups", least=FEWEST_ORDERED, count=known)
    return ranks


def _enough(subject: Subject) -> str:
    """A domain with enough groups to compare."""
    if len(codes_of(subject)) < FEWEST_COMPARED:
        raise unmade("few", least=FEWEST_COMPARED)
    return subject.domain


def _small(subject: Subject) -> Subject:
    """A publication with its first domain of few groups, if one has figures."""
    edition = subject.edition
    for name in [names[0] for names in edition.sets if len(names) == 1]:
        own = edition.groups((name,), "M0").values()
        if len(own) <= MOST_LINES and any(found["M0"].value is not None for found in own):
            return Subject(edition, name)
    return subject


def _suits_rows(subject: Subject) -> bool:
    return 1 < len(subject.edition.incidence(subject.domain)) <= MOST_ROWS


def _suits_marks(subject: Subject) -> bool:
    groups = subject.edition.incidence(subject.domain).values()
    return sum(one.value is not None for one in groups) >= FEWEST_COMPARED and len(groups) <= MOST_ROWS


def _suits_changes(subject: Subject) -> bool:
    return len(captions.changes_by(subject.edition, (subject.domain,))) <= MOST_ROWS


LANGUAGE: dict[str, Need] = {"language": lambda s: s.edition.language, "style": lambda s: s.edition.publication.style}
UNIT: dict[str, Need] = {"unit": lambda s: s.edition.unit, **LANGUAGE}
LEVEL: dict[str, Need] = {"level": lambda s: s.edition.level, **UNIT}
AT: dict[str, Need] = {"k": lambda s: s.edition.k, **UNIT}
WITH_ERRORS: dict[str, Need] = {**AT, **LEVEL}
FIGURES: dict[str, Need] = {"figures": lambda s: s.edition.publication.figures}
MEASURE: dict[str, Need] = {"measure": lambda s: s.edition.publication.measure}
CHANGES: dict[str, Need] = {"changes": _compared}
DOMAIN: dict[str, Need] = {"domain": lambda s: s.domain, "names": _names}
SMALL: dict[str, Need] = {"domain": lambda s: _small(s).domain or None, "names": lambda s: _names(_small(s))}
PAIR: dict[str, Need] = {"periods": _last_pair}
RATE: dict[str, Need] = {"statistic": lambda s: "censored_headcount"}
CURVES: dict[str, Need] = {"official": lambda s: s.edition.k, "scores": lambda s: s.edition.scores, **FIGURES, **LEVEL}

SHARE_OF_PAIRS = translated("Pairs of groups in the same order, %, and Kendall's tau")
SCORES, BUNDLES, PAIRS, BOTH, ALL = (
    translated("Distribution of the deprivation score"),
    translated("Exact combinations of deprivations, % of the poor"),
    translated("Poor and deprived in two indicators, % of all"),
    translated("Headcount ratio (H) and intensity (A), %"),
    translated("Headcount ratio (H), intensity (A) and adjusted headcount ratio (M0)"),
)


def _of(statistic: str, *, k: bool = True) -> Callable[[Subject], str]:
    """The subtitle of a chart of one statistic."""
    return lambda subject: findings.subtitle(subject, findings.measured(subject.edition, statistic), k=k)


def _told(what: Mapping[Language, str], *, k: bool = True) -> Callable[[Subject], str]:
    """The subtitle of a chart of something else."""
    return lambda subject: findings.subtitle(subject, what[subject.edition.language], k=k)


def _change_of(statistic: str) -> Callable[[Subject], str]:
    """The subtitle of a chart of changes."""

    def told(subject: Subject) -> str:
        title = statistic_title(statistic, subject.edition.unit, subject.edition.language)
        text = findings.CHANGED[subject.edition.language].format(title=title[:1].lower() + title[1:])
        return findings.subtitle(subject, text, before=True)

    return told


# Those of the whole first, then those of each domain.
CHARTS: tuple[Chart, ...] = (
    Chart(
        name="series",
        draw=series_panels,
        finding=findings.series,
        subtitle=lambda subject: findings.subtitle(subject, ALL[subject.edition.language], before=True),
        needs={**FIGURES, "breaks": _breaks, **WITH_ERRORS},
        shown=Shown(
            place="key",
            id="f-series",
            table="t-key",
            caption=captions.series,
            suits=lambda s: s.edition.before is not None,
        ),
    ),
    Chart(
        name="censored_headcounts",
        draw=censored_headcounts,
        finding=findings.censored,
        subtitle=_of("censored_headcount"),
        needs={**FIGURES, **MEASURE, **WITH_ERRORS},
        shown=Shown(place="indicators", id="f-indicators", table="t-indicators", caption=captions.censored),
    ),
    Chart(
        name="contributions",
        draw=contributions,
        finding=findings.contributions,
        subtitle=_of("absolute_contribution"),
        needs={**FIGURES, **MEASURE, **WITH_ERRORS},
        shown=Shown(
            place="contributions",
            id="f-contributions",
            table="t-contributions",
            caption=captions.contributions,
            needs=SMALL,
        ),
    ),
    Chart(
        name="k_curves",
        draw=k_curves,
        finding=findings.k_curves,
        subtitle=_of("H", k=False),
        needs=CURVES,
        shown=Shown(place="cutoffs", id="f-k-H", table="t-k", caption=captions.k_curves),
    ),
    Chart(
        name="k_curves.M0",
        draw=k_curves,
        finding=findings.k_curves,
        subtitle=_of("M0", k=False),
        needs={"statistic": lambda s: "M0", **CURVES},
        filed=False,
        shown=Shown(place="cutoffs", id="f-k-M0", table="t-k", caption=captions.k_curves_of_index),
    ),
    Chart(
        name="scores",
        draw=score_bars,
        finding=findings.scores,
        subtitle=_told(SCORES),
        needs={"table": lambda s: s.edition.scores, **AT},
        shown=Shown(place="scores", id="f-scores", table="t-scores", caption=captions.scores),
    ),
    Chart(
        name="bundles",
        draw=bundle_matrix,
        finding=findings.bundles,
        subtitle=_told(BUNDLES),
        needs={"table": lambda s: s.edition.bundles, **MEASURE, **LANGUAGE},
        shown=Shown(place="bundles", id="f-bundles", table="t-bundles", caption=captions.bundles),
    ),
    Chart(
        name="co_deprivation",
        draw=co_deprivation_triangle,
        finding=findings.pairs,
        subtitle=_told(PAIRS),
        needs={"table": lambda s: s.edition.co_deprivation, **MEASURE, **LANGUAGE},
    ),
    Chart(
        name="changes",
        draw=changes_forest,
        finding=findings.changed_indicators,
        subtitle=_change_of("censored_headcount"),
        needs={**CHANGES, **MEASURE, **RATE, **WITH_ERRORS},
        shown=Shown(
            place="changes",
            id="f-change-indicators",
            table="t-change-indicators",
            caption=captions.changes_of_indicators,
            needs=PAIR,
        ),
    ),
    Chart(
        name="ranked",
        draw=ranked,
        finding=findings.ranked_by("H"),
        subtitle=_of("H"),
        needs={**FIGURES, **DOMAIN, **WITH_ERRORS},
        of="domain",
        shown=Shown(place="ranking", id="f-{domain}", table="t-{slug}", caption=captions.ranked, suits=_suits_rows),
    ),
    Chart(
        name="contributions",
        draw=contributions,
        finding=findings.ranked_by("M0"),
        subtitle=_of("absolute_contribution"),
        needs={**FIGURES, **MEASURE, **DOMAIN, **WITH_ERRORS},
        of="domain",
    ),
    Chart(
        name="indicators",
        draw=indicator_heatmap,
        finding=findings.heatmap,
        subtitle=_of("censored_headcount"),
        needs={**FIGURES, **MEASURE, **DOMAIN, **AT},
        of="domain",
    ),
    Chart(
        name="ranks",
        draw=rank_heatmap,
        finding=findings.ranks,
        subtitle=_told(SHARE_OF_PAIRS, k=False),
        needs={"ranks": _ranks, **LANGUAGE},
        of="domain",
        shown=Shown(place="ranks", id="f-ranks-{domain}", table="t-ranks-{slug}", caption=captions.order, narrow=True),
    ),
    Chart(
        name="incidence_intensity",
        draw=incidence_intensity,
        finding=findings.breadth_depth,
        subtitle=_told(BOTH),
        needs={**FIGURES, **DOMAIN, "domain": _enough, **WITH_ERRORS},
        of="domain",
        shown=Shown(
            place="domain", id="f-{domain}-ha", table="t-{slug}", caption=captions.breadth_depth, suits=_suits_marks
        ),
    ),
    Chart(
        name="changes",
        draw=changes_forest,
        finding=findings.changed_groups,
        subtitle=_change_of("H"),
        needs={**CHANGES, **DOMAIN, **WITH_ERRORS},
        of="changes",
        shown=Shown(
            place="changes of a domain",
            id="f-change-{domain}",
            table="t-change-{slug}",
            caption=captions.changes_of_domain,
            suits=_suits_changes,
            needs=PAIR,
        ),
    ),
    Chart(
        name="shapley",
        draw=shapley,
        finding=findings.shapley,
        subtitle=_change_of("M0"),
        needs={**FIGURES, **DOMAIN, **AT},
        of="changes",
    ),
    Chart(
        name="slopes",
        draw=slopes,
        finding=findings.changed_groups,
        subtitle=_change_of("H"),
        needs={**FIGURES, "changes": lambda s: s.edition.publication.changes, **DOMAIN, **WITH_ERRORS},
        of="changes",
    ),
    Chart(
        name="published",
        draw=published_series,
        finding=lambda subject: None,
        subtitle=_of("H"),
        needs={"lines": published_lines, "breaks": breaks_told, **LEVEL},
        shown=Shown(place="published", id="f-published", table="t-published-1-H", caption=captions.published),
        exists=lambda s: len(published_lines(s)) > 1,
    ),
    *ANALYSIS_CHARTS,
    *PLAN_CHARTS,
    *PANEL_CHARTS,
    *COUNTRY_CHARTS,
)
