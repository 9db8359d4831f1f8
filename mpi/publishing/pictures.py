"""Charts and static maps of a publication as pictures for print, in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mpi import charts
from mpi.canvas import save
from mpi.maps.layers import Layer
from mpi.maps.static import draw_map
from mpi.publication import DrawnMap, Publication
from mpi.publishable import stacked
from mpi.publishing.gathering import Gathered
from mpi.robustness import rank_robustness
from mpi.wording import Language, statistic_title, title_in

OF_CHARTS, OF_MAPS = ("png", "svg"), ("png", "svg", "pdf")
PICTURED = ("H", "A", "M0", "poor")
MOST_GROUPS, MOST_LINES, MOST_SLOPES = 60, 8, 8
Drawing = Callable[[], Any]  # axes, several of them, or a figure: see mpi.canvas


def draw_charts(gathered: Gathered, folder: Path) -> None:
    """Every chart that the figures allow, in each language."""
    for language in gathered.publication.study.languages:
        for name, draw in charts_of(gathered, language):
            _save(draw(), folder, f"{name}.{language}", OF_CHARTS)


def draw_maps(publication: Publication, drawn: DrawnMap, layers: Sequence[Layer], folder: Path) -> None:
    """The main layers of a map at the official cutoff, in each language."""
    study, domain = publication.study, drawn.spec.domain
    for layer in layers:
        if layer.name not in PICTURED:
            continue
        for language in study.languages:
            parts = [statistic_title(layer.statistic, study.units[0], language),
                     publication.domain_title(domain, language), publication.period,
                     f"k = {layer.cutoffs[0]}"]  # fmt: skip
            axes = draw_map(drawn.areas, layer, title=", ".join(parts), language=language,
                            note=title_in(study.note, language, ""))  # fmt: skip
            _save(axes, folder, f"{domain}.{layer.name}.{language}", OF_MAPS)


def _save(drawing: Any, folder: Path, name: str, endings: Sequence[str]) -> None:  # see Drawing
    for ending in endings:
        save(drawing, folder / f"{name}.{ending}")


def charts_of(gathered: Gathered, language: Language) -> Iterator[tuple[str, Drawing]]:
    """Every chart that the figures allow: a name for its file, and what draws it."""
    publication = gathered.publication
    study, measure = publication.study, publication.measure
    figures, changes = publication.figures, publication.changes
    k, unit = study.cutoffs[0].text, study.units[0]
    shared: dict[str, Any] = {"unit": unit, "language": language, "level": study.level}
    at: dict[str, Any] = {**shared, "k": k}
    if len(publication.rounds) > 1:
        yield "series", lambda: charts.series_panels(figures, breaks=publication.rounds[-1].breaks, **at)
    yield "censored_headcounts", lambda: charts.censored_headcounts(figures, measure, **at)
    yield "contributions", lambda: charts.contributions(figures, measure, **at)
    yield "k_curves", lambda: charts.k_curves(figures, official=k, **shared)
    if gathered.scores is not None:
        yield "scores", lambda: charts.score_bars(gathered.scores, k=k, unit=unit, language=language)
    if gathered.bundles is not None and len(gathered.bundles):
        yield "bundles", lambda: charts.bundle_matrix(gathered.bundles, measure, language=language)
    if gathered.co_deprivation is not None:
        yield (
            "co_deprivation",
            lambda: charts.co_deprivation_triangle(gathered.co_deprivation, measure, language=language),
        )
    if changes is not None:
        yield "changes", lambda: charts.changes_forest(changes, measure=measure, statistic="censored_headcount", **at)
    for domain in [names[0] for names in study.sets if len(names) == 1]:
        yield from _of_domain(gathered, domain, at, language)


def _of_domain(
    gathered: Gathered, domain: str, at: Mapping[str, Any], language: Language
) -> Iterator[tuple[str, Drawing]]:
    """The charts of one domain, as far as it has few enough groups to be read."""
    publication = gathered.publication
    study, figures, changes = publication.study, publication.figures, publication.changes
    codes = codes_of(publication, domain)
    own: dict[str, Any] = {
        **at,
        "domain": domain,
        "names": {c: publication.name_of(domain, c, language) for c in codes},
    }
    if 1 < len(codes) <= MOST_GROUPS:
        yield f"ranked.{domain}", lambda: charts.ranked(figures, **own)
        yield f"contributions.{domain}", lambda: charts.contributions(figures, publication.measure, **own)
        yield f"indicators.{domain}", lambda: charts.indicator_heatmap(
            figures, publication.measure, **{name: value for name, value in own.items() if name != "level"}
        )  # fmt: skip
        if len(study.cutoffs) > 1:
            yield f"ranks.{domain}", lambda: charts.rank_heatmap(
                rank_robustness(figures, domain=domain, period=publication.period, unit=study.units[0]),
                language=language,
            )  # fmt: skip
    if 5 <= len(codes) <= MOST_GROUPS:  # noqa: PLR2004  below five there is nothing to compare
        yield f"incidence_intensity.{domain}", lambda: charts.incidence_intensity(figures, **own)
    if changes is not None and (domain,) in study.changes_by and len(codes) <= MOST_GROUPS:
        yield f"changes.{domain}", lambda: charts.changes_forest(changes, **own)
        yield f"shapley.{domain}", lambda: charts.shapley(
            figures, **{name: value for name, value in own.items() if name != "level"}
        )  # fmt: skip
        if len(codes) <= MOST_SLOPES:
            yield f"slopes.{domain}", lambda: charts.slopes(figures, changes=changes, **own)


def sheets_of(publication: Publication, drawn: DrawnMap, language: Language) -> Iterator[Any]:  # axes
    """The sheet of each area of a map, with its name above, beside the area that holds it and the total."""
    figures, areas, domain = publication.figures, drawn.areas, drawn.spec.domain
    study, above = publication.study, drawn.spec.upper.domain if drawn.spec.upper is not None else None
    # Every sheet looks its figures up: in the few thousand rows that it is about, not in all of them.
    last = stacked([figures.only(name, period=publication.period, unit=study.units[0])
                    for name in ("H", "uncensored_headcount")])  # fmt: skip
    with_figures = set(codes_of(publication, domain))
    for i, code in enumerate(areas.codes):
        if code not in with_figures:
            continue
        upper = areas.upper[i]
        held: tuple[str, str] | None = None
        if above in figures.domains and upper >= 0:
            held = (str(above), areas.upper_codes[upper])
        name = publication.name_of(domain, code, language)
        axes = charts.sheet(
            last, publication.measure, domain=domain, code=code, name=name, upper=held,
            upper_name=areas.upper_names[upper] if held else "", level=study.level, language=language,
        )  # fmt: skip
        _entitle(axes, f"{code}  {name}")
        yield axes


def _entitle(axes: Any, title: str) -> None:  # matplotlib's Axes
    """A title above the legend, which stands at the top of the page."""
    legend = axes.figure.legends[0] if axes.figure.legends else axes.get_legend()
    legend.set_title(title, prop={"size": 12, "weight": "bold"})
    legend.get_title().set_parse_math(False)
    legend.set_alignment("left")


def codes_of(publication: Publication, domain: str) -> list[str]:
    """The codes of a domain that have figures in the published period."""
    table = publication.figures.table
    if domain not in table.column_names:
        return []
    column = table[domain].combine_chunks()
    column = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    return sorted(code for code in np.unique([text for text in column.to_pylist() if text is not None]).tolist())
