"""Charts straight from estimates, changes and profiles: `mpi.plot.ranked(estimates, domain="region")`.

They are the charts of publications, with a title of their own. Notebooks show what comes back; `.save("x.svg")` writes
it as SVG, PNG or PDF. Figures that were not through disclosure control are drawn with a line that says so; those of
`mpi.disclosure.protect` without.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Annotated, Any, Concatenate, ParamSpec

import pyarrow as pa

from mpi import charts
from mpi.analysis import score_distribution as analysis
from mpi.charts import BOTH, BUNDLES, PAIRS, SCORES
from mpi.columns import arrow
from mpi.disclosure.publishable import Publishable
from mpi.disclosure.unprotected import NONE, UNPROTECTED, Given, unprotected
from mpi.drawing.canvas import Drawing
from mpi.drawing.frame import Frame, framed
from mpi.errors.arguments import JUDGED, public
from mpi.profile import DeprivationProfile
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.standing import shown_title
from mpi.vocabulary.options import Titles, Unit
from mpi.vocabulary.wording import Language, statistic_title, title_in

P = ParamSpec("P")
__all__ = [
    "bundles", "changes", "co_deprivation", "contributions", "heatmap", "incidence_intensity", "indicators", "k_curves",
    "ranked", "scores", "series", "shapley", "slopes",
]  # fmt: skip


def _open(
    chart: Callable[Concatenate[Publishable, P], Drawing], what: Titles | str = ""
) -> Callable[Concatenate[Given, P], Drawing]:
    """A chart of figures that need not be protected, with a title of its own.

    Parameters
    ----------
    chart : callable
    what : mapping of str to str, or str
        Its title by language, or the statistic that it is of; that of its argument `statistic` if left out.
    """
    usual = {name: one.default for name, one in inspect.signature(chart).parameters.items()}

    @functools.wraps(chart)
    def drawn(figures: Given, /, *args: P.args, **kwargs: P.kwargs) -> Drawing:
        own = unprotected(figures)
        drawing = chart(own, *args, **kwargs)
        told: dict[str, Any] = {**usual, **kwargs}
        row = own.table.slice(0, 1).to_pylist()[0]
        language: Language = told["language"]
        unit = told.get("unit") or row["unit"]
        statistic = what if isinstance(what, str) and what else str(told.get("statistic"))
        title = statistic_title(statistic, unit, language) if isinstance(what, str) else what[language]
        cutoff = "" if "official" in usual else f"k = {told.get('k') or row['k']}"  # curves are of all cutoffs
        about = [*(_each(own, name) for name in ("survey", "period")), cutoff]
        return _framed(drawing, title, about, language, protected=own.disclosure != NONE)

    return drawn


def _each(figures: Publishable, name: str) -> str:
    """The words of a column, each once; none where there is no such column."""
    there = name in figures.table.column_names
    return ", ".join(dict.fromkeys(filter(None, arrow.listed(figures.table.column(name))))) if there else ""


def _framed(
    drawing: Drawing, title: str, about: Sequence[str | None], language: Language, *, protected: bool
) -> Drawing:
    subtitle = " \u00b7 ".join(part for part in about if part)
    source = () if protected else (UNPROTECTED[language],)
    return framed(drawing, Frame(title=title, subtitle=subtitle, source=source, language=language))


ranked = _open(charts.ranked)
indicators = _open(charts.censored_headcounts, "censored_headcount")
contributions = _open(charts.contributions, "absolute_contribution")
heatmap = _open(charts.indicator_heatmap)
incidence_intensity = _open(charts.incidence_intensity, BOTH)
k_curves = _open(charts.k_curves)
series = _open(charts.series)
changes = _open(charts.changes_forest)
slopes = _open(charts.slopes)
shapley = _open(charts.shapley, "M0")


@public
def scores(
    profile: DeprivationProfile,
    measure: Measure,
    *,
    k: Annotated[str | Fraction | None, JUDGED] = None,
    unit: Unit = "persons",
    language: Language = "en",
) -> Drawing:
    """The distribution of the deprivation score, with the cutoff.

    Parameters
    ----------
    profile : DeprivationProfile
    measure : Measure
    k : str or Fraction, optional
        The first cutoff of the measure if left out.
    unit : {"persons", "households"}
    language : {"en", "es", "fr", "pt"}
    """
    cutoff = measure.cutoff(k) if k is not None else measure.cutoffs[0]
    table = _whole(analysis.score_distribution(profile, measure, unit))
    drawing = charts.score_bars(table, k=cutoff.text, unit=unit, language=language)
    return _framed(drawing, SCORES[language], _about(profile, measure, cutoff, language), language, protected=False)


@public
def bundles(
    profile: DeprivationProfile,
    measure: Measure,
    *,
    k: Annotated[str | Fraction | None, JUDGED] = None,
    unit: Unit = "persons",
    language: Language = "en",
) -> Drawing:
    """The commonest exact combinations of deprivations among the poor; parameters as those of `scores`."""
    cutoff = measure.cutoff(k) if k is not None else measure.cutoffs[0]
    drawing = charts.bundle_matrix(
        _whole(analysis.bundles(profile, measure, cutoff, unit=unit)), measure, language=language
    )
    return _framed(drawing, BUNDLES[language], _about(profile, measure, cutoff, language), language, protected=False)


@public
def co_deprivation(
    profile: DeprivationProfile,
    measure: Measure,
    *,
    k: Annotated[str | Fraction | None, JUDGED] = None,
    unit: Unit = "persons",
    language: Language = "en",
) -> Drawing:
    """Who is poor and deprived in two indicators at once; parameters as those of `scores`."""
    cutoff = measure.cutoff(k) if k is not None else measure.cutoffs[0]
    drawing = charts.co_deprivation_triangle(
        _whole(analysis.co_deprivation(profile, measure, cutoff, unit=unit)), measure, language=language
    )
    return _framed(drawing, PAIRS[language], _about(profile, measure, cutoff, language), language, protected=False)


def _whole(table: pa.Table) -> pa.Table:
    """A table of the distribution as charts take it, with nothing hidden."""
    return analysis.hide_small(table, persons=0, households=0)


def _about(profile: DeprivationProfile, measure: Measure, cutoff: Cutoff, language: Language) -> list[str]:
    return [
        title_in(shown_title(measure), language, measure.name),
        profile.survey,
        profile.period,
        f"k = {cutoff.text}",
    ]
