"""Charts and static maps of a publication as pictures for print, in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from mpi import charts
from mpi.charts.chart import Subject, codes_of
from mpi.drawing.canvas import Drawing, picture
from mpi.errors.omissions import Omission, attempted
from mpi.files import write_whole
from mpi.maps.layers import Layer
from mpi.maps.static import draw_map
from mpi.publication.gathering import Gathered
from mpi.publication.model import DrawnMap
from mpi.vocabulary.statistics import HEADLINE
from mpi.vocabulary.wording import Language, statistic_title, title_in

OF_CHARTS, OF_MAPS = ("png", "svg"), ("png", "svg", "pdf")
Draw = Callable[[], Drawing]


def chart_names(gathered: Gathered) -> list[str]:
    """The names of the files of every chart, without language and ending."""
    return [name for name, _ in charts_of(gathered, gathered.publication.study.languages[0])]


def draw_chart(gathered: Gathered, name: str, folder: Path) -> None:
    """A chart in each language, if the figures allow it; else it is noted among what is left out."""
    for language in gathered.publication.study.languages:
        told = gathered.publication.mark_meanings(language)
        draw = dict(charts_of(gathered, language))[name]
        _save(
            partial(_explained, draw, told, language),
            folder,
            f"{name}.{language}",
            OF_CHARTS,
            part=f"charts/{name}",
            left_out=gathered.left_out,
        )


def draw_maps(gathered: Gathered, drawn: DrawnMap, layers: Sequence[Layer], folder: Path) -> None:
    """The main layers of a map at the official cutoff, in each language."""
    publication = gathered.publication
    study, domain = publication.study, drawn.spec.domain
    for layer in layers:
        if layer.statistic not in HEADLINE:
            continue
        for language in study.languages:
            parts = [
                statistic_title(layer.statistic, study.units[0], language),
                publication.domain_title(domain, language),
                publication.period,
                f"k = {layer.cutoffs[0]}",
            ]
            draw = partial(
                draw_map,
                drawn.areas,
                layer,
                title=", ".join(parts),
                language=language,
                note=title_in(study.note, language, ""),
                meanings=publication.mark_meanings(language),
            )
            name = f"{domain}.{layer.name}"
            _save(draw, folder, f"{name}.{language}", OF_MAPS, part=f"maps/{name}", left_out=gathered.left_out)


def _save(draw: Draw, folder: Path, name: str, endings: Sequence[str], *, part: str, left_out: list[Omission]) -> None:
    """Draw and write a picture in some formats, all of them or none."""

    def make() -> dict[str, bytes]:
        drawing = draw()
        return {ending: picture(drawing, f".{ending}") for ending in endings}

    for ending, content in (attempted(part, make, left_out) or {}).items():
        write_whole(folder / f"{name}.{ending}", partial(_put, content=content))


def _explained(draw: Draw, told: Mapping[str, str], language: Language) -> Drawing:
    """A chart that says what its marks mean."""
    return charts.explained(draw(), told, language=language)


def _put(path: Path, *, content: bytes) -> None:
    path.write_bytes(content)


def charts_of(gathered: Gathered, language: Language) -> Iterator[tuple[str, Draw]]:
    """Every chart of a study: a name for its file, and what draws it or says why it cannot be made."""
    study, own = gathered.publication.study, gathered.edition(language)
    filed = [chart for chart in charts.CHARTS if chart.filed]
    for chart in filed:
        if chart.of == "total":
            yield chart.name, partial(chart.drawn, Subject(own))
    for domain in [names[0] for names in study.sets if len(names) == 1]:
        compared = gathered.publication.changes is None or (domain,) in study.changes_by
        for chart in filed:
            if chart.of == "domain" or (chart.of == "changes" and compared):
                yield f"{chart.name}.{domain}", partial(chart.drawn, Subject(own, domain))


def sheets_of(gathered: Gathered, drawn: DrawnMap, language: Language) -> Iterator[Drawing]:
    """The sheet of each area of a map, with its name above, beside the area that holds it and the total."""
    publication = gathered.publication
    figures, areas, domain = publication.figures, drawn.areas, drawn.spec.domain
    study, above = publication.study, drawn.spec.upper.domain if drawn.spec.upper is not None else None
    with_figures = set(codes_of(Subject(gathered.edition(language), domain)))
    told = publication.mark_meanings(language)
    for i, code in enumerate(areas.codes):
        if code not in with_figures:
            continue
        upper = areas.upper[i]
        held: tuple[str, str] | None = None
        if above in figures.domains and upper >= 0:
            held = (str(above), areas.upper_codes[upper])
        name = publication.name_of(domain, code, language)
        make = partial(
            charts.sheet,
            figures,
            publication.measure,
            domain=domain,
            code=code,
            name=name,
            upper=held,
            upper_name=areas.upper_names[upper] if held else "",
            period=publication.period,
            unit=study.units[0],
            level=study.level,
            language=language,
            title=f"{code}  {name}",
        )
        page = attempted(f"sheets/{domain}#{code}", make, gathered.left_out)
        if page is not None:
            yield charts.explained(page, told, language=language)
