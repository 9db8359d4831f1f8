"""One function for each kind of output: what was gathered goes in, files in a folder come out.

Each returns the files that a reader opens first, with what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from mpi.drawing.canvas import save_pages
from mpi.errors.omissions import Omission, attempted, reason, unmade
from mpi.files import write_whole
from mpi.language import phrase
from mpi.language.names import LanguageName
from mpi.maps.attributes import meanings, slices
from mpi.maps.data import write_map_data
from mpi.maps.layers import Layer
from mpi.publication.gathering import Gathered
from mpi.publication.model import DrawnMap, Publication
from mpi.report import Provenance, report_html
from mpi.runs.manifest import versions
from mpi.runs.mapping import layers_of_map, page_of
from mpi.runs.pictures import draw_charts, draw_maps, sheets_of
from mpi.tables.results import Field, Resource, main_table, write_datapackage, write_results
from mpi.vocabulary.options import Output
from mpi.workbook import write_workbook

Written = Mapping[str, str]


def maps(gathered: Gathered, folder: Path) -> Written:
    """The interactive map of each domain, and pictures of its main layers."""
    made = {}
    publication = gathered.publication
    target = _made(folder / "maps")
    for drawn in publication.maps:
        name = f"map.{drawn.spec.domain}.html"
        layers = layers_of_map(publication, drawn)
        page = attempted(_part(drawn), partial(_page, publication, drawn, layers), gathered.left_out)
        if page is not None:
            _write(folder / name, page)
            made[name] = phrase(
                "interactive map by {domain}: opens in a browser, needs no network", domain=drawn.spec.domain
            )
        draw_maps(gathered, drawn, layers, target)
    return made


def _part(drawn: DrawnMap) -> str:
    return f"map.{drawn.spec.domain}"


def _page(publication: Publication, drawn: DrawnMap, layers: Sequence[Layer]) -> str:
    """The interactive map; of areas that have no figure at all there is none."""
    if not any(layer.drawn for layer in layers):
        raise unmade("areas")
    return page_of(publication, drawn, layers)


def report(gathered: Gathered, folder: Path) -> Written:
    """The report, one file a language."""
    made = {}
    publication, study = gathered.publication, gathered.publication.study
    missing = {one.part for one in gathered.left_out}
    pages = {
        drawn.spec.domain: f"{_part(drawn)}.html"
        for drawn in publication.maps
        if _part(drawn) not in missing and any(layer.drawn for layer in layers_of_map(publication, drawn))
    }
    hashes = {name: file.sha256 for name, file in gathered.inputs.items()}
    for language in study.languages:
        name = f"report.{language}.html"
        beside = Provenance(
            versions=versions(),
            inputs=hashes,
            command=gathered.command or f"mpi run {study.name} --data DIR -o out",
            workbook=f"workbook.{language}.xlsx" if "workbook" in study.outputs else "",
            results=f"results/{main_table(study)}" if "results" in study.outputs else "",
            maps=pages if "maps" in study.outputs else {},
        )
        make = partial(
            report_html,
            publication,
            language,
            provenance=beside,
            scores=gathered.scores,
            bundles=gathered.bundles,
            left_out=gathered.left_out,
        )
        text = attempted("report", make, gathered.left_out)
        if text is not None:
            _write(folder / name, text)
            made[name] = phrase("report, in {language}", language=LanguageName(language))
    return made


def workbook(gathered: Gathered, folder: Path) -> Written:
    """The annex of tables, one file a language."""
    made = {}
    for language in gathered.publication.study.languages:
        name = f"workbook.{language}.xlsx"
        make = partial(
            write_workbook,
            gathered.publication,
            folder / name,
            language,
            versions=versions(),
            left_out=gathered.left_out,
        )
        attempted("workbook", make, gathered.left_out)
        if (folder / name).exists():
            made[name] = phrase("annex of tables, in {language}", language=LanguageName(language))
    return made


def map_data(gathered: Gathered, folder: Path) -> Written:
    """Map data for QGIS and for programs, with a data package that gives the types of their tables."""
    made = {}
    publication = gathered.publication
    target = _made(folder / "map_data")
    unit, titles = publication.study.units[0], {one.name: one.title for one in publication.measure.indicators}
    language = publication.study.languages[0]
    resources = []
    for drawn in publication.maps:
        domain, layers, formats = drawn.spec.domain, layers_of_map(publication, drawn), drawn.spec.formats
        write = partial(
            write_map_data,
            target,
            domain,
            drawn.areas,
            layers,
            drawn.join,
            formats=formats,
            language=language,
            unit=unit,
            titles=titles,
            marks=publication.mark_meanings(language),
        )
        if attempted(f"map_data/{domain}", write, gathered.left_out) is None:
            for left in target.glob(f"{domain}.*"):
                left.unlink()
            continue
        told = meanings(drawn.areas, slices(layers, unit=unit, titles=titles))
        fields = tuple(Field(name, one.type, one.title, one.text) for name, one in told.items())
        named: dict[str, str] = {one: publication.domain_title(domain, one) for one in publication.study.languages}
        resources += [Resource(f"{domain}.{form}", named, fields) for form in ("csv", "parquet") if form in formats]
        if "gpkg" in formats:
            made[f"map_data/{domain}.gpkg"] = phrase("map data by {domain}: opens coloured in QGIS", domain=domain)
    if resources:
        write_datapackage(publication, target, resources)
    return made


def charts(gathered: Gathered, folder: Path) -> Written:
    """The charts as pictures for print."""
    draw_charts(gathered, _made(folder / "charts"))
    return {}


def sheets(gathered: Gathered, folder: Path) -> Written:
    """A page for each area of a map, for the people who plan there."""
    made = {}
    publication = gathered.publication
    target = _made(folder / "sheets")
    for drawn in publication.maps:
        for language in publication.study.languages:
            name = f"{drawn.spec.domain}.{language}.pdf"
            pages = sheets_of(gathered, drawn, language)
            first = next(pages, None)
            if first is None:
                gathered.left_out.append(Omission(f"sheets/{drawn.spec.domain}", reason("areas")))
                continue
            save_pages(chain([first], pages), target / name)
            made[f"sheets/{name}"] = phrase(
                "a page for each area by {domain}, in {language}",
                domain=drawn.spec.domain,
                language=LanguageName(language),
            )
    return made


def results(gathered: Gathered, folder: Path) -> Written:
    """Every figure as tidy tables for machines."""
    write_results(gathered.publication, _made(folder / "results"))
    study = gathered.publication.study
    if len(study.result_formats) > 1:
        what = phrase("every figure in one tidy table; results.parquet is the same")
    else:
        what = phrase("every figure in one tidy table")
    return {f"results/{main_table(study)}": what}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _write(path: Path, text: str) -> None:
    write_whole(path, lambda part: _put(part, text))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


# In the order in which a reader is told of them.
WRITERS: Mapping[Output, Callable[[Gathered, Path], Written]] = {
    "maps": maps, "report": report, "workbook": workbook, "map_data": map_data, "charts": charts, "results": results,
    "sheets": sheets,
}  # fmt: skip
