"""What each kind of output consists of: tasks that write files of what was gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from mpi.areas import Links, file_name, list_html, page_html, pages_of
from mpi.board import board_html
from mpi.drawing.canvas import save_pages
from mpi.errors.omissions import Omission, attempted, reason, unmade
from mpi.estimates.forms import as_csv
from mpi.language import Phrase, phrase
from mpi.language.names import LanguageName
from mpi.maps.layers import Layer
from mpi.publication.gathering import Gathered
from mpi.publication.model import DrawnMap
from mpi.report import Provenance, report_docx, report_html, report_pdf
from mpi.runs.manifest import versions
from mpi.runs.mapping import layers_of_map, page_of
from mpi.runs.packaged import map_data, results
from mpi.runs.pictures import chart_names, draw_chart, draw_country_map, draw_maps, draw_verdict_maps, sheets_of
from mpi.runs.tasks import Task, made
from mpi.tables.results import main_table
from mpi.tables.sdg import sdg_rows
from mpi.tables.sdmx import observations, write_observations
from mpi.tables.sdmx_structure import structure_text
from mpi.vocabulary.options import Output
from mpi.vocabulary.wording import Language
from mpi.workbook import write_workbook

R = TypeVar("R")


def maps(gathered: Gathered) -> Iterator[Task]:
    """The interactive map of each domain, and pictures of its main layers."""
    for place, drawn in enumerate(gathered.publication.maps):
        domain = drawn.spec.domain
        told = phrase("interactive map by {domain}: opens in a browser, needs no network", domain=domain)
        page = partial(_write_page, place=place)
        yield Task(name=_page(drawn), output="maps", make=page, tells={f"{_page(drawn)}.html": told}, first=True)
        yield Task(name=f"maps/{domain}", output="maps", make=partial(_draw_maps, place=place))
    if gathered.publication.country_map is not None:
        yield Task(name="maps/country", output="maps", make=_draw_country_map)


def _draw_country_map(gathered: Gathered, folder: Path) -> None:
    if (drawn := gathered.publication.country_map) is not None:
        draw_country_map(gathered, drawn, made(folder / "maps"))


def _page(drawn: DrawnMap) -> str:
    return f"map.{drawn.spec.domain}"


def _write_page(gathered: Gathered, folder: Path, *, place: int) -> None:
    drawn = gathered.publication.maps[place]
    page = attempted(_page(drawn), partial(_page_text, gathered, drawn), gathered.left_out)
    if page is not None:
        _write(folder / f"{_page(drawn)}.html", page)


def _page_text(gathered: Gathered, drawn: DrawnMap) -> str:
    """The interactive map; of areas that have no figure at all there is none."""
    layers = layers_of_map(gathered, drawn)
    if not _shows(layers):
        raise unmade("areas")
    return page_of(gathered.publication, drawn, layers)


def _shows(layers: Iterable[Layer]) -> bool:
    return any(layer.drawn for layer in layers)


def _draw_maps(gathered: Gathered, folder: Path, *, place: int) -> None:
    drawn = gathered.publication.maps[place]
    target = made(folder / "maps")
    draw_maps(gathered, drawn, layers_of_map(gathered, drawn), target)
    draw_verdict_maps(gathered, drawn, target)


def report(gathered: Gathered) -> Iterator[Task]:
    """The report, one file a language."""
    study = gathered.publication.study
    pages = tuple(_page(drawn) for drawn in gathered.publication.maps) if "maps" in study.outputs else ()
    for language in study.languages:
        told = {f"report.{language}.html": phrase("report, in {language}", language=LanguageName(language))}
        make = partial(_write_report, language=language)
        yield Task(name=f"report.{language}", output="report", make=make, tells=told, after=pages, first=True)


def _write_report(gathered: Gathered, folder: Path, *, language: Language) -> None:
    text = attempted("report", _of_report(report_html, gathered, language), gathered.left_out)
    if text is not None:
        _write(folder / f"report.{language}.html", text)


def _of_report(make: Callable[..., R], gathered: Gathered, language: Language) -> Callable[[], R]:
    """A form of the report, ready to be made with all that it takes."""
    publication, study = gathered.publication, gathered.publication.study
    missing = {one.part for one in gathered.left_out}
    pages = {
        drawn.spec.domain: f"{_page(drawn)}.html"
        for drawn in publication.maps
        if "maps" in study.outputs and _page(drawn) not in missing and _shows(layers_of_map(gathered, drawn))
    }
    beside = Provenance(
        versions=versions(),
        inputs={name: file.digest for name, file in gathered.inputs.items()},
        command=gathered.command or f"mpi run {study.name} --data DIR -o out",
        workbook=f"workbook.{language}.xlsx" if "workbook" in study.outputs else "",
        results=f"results/{main_table(study)}" if "results" in study.outputs else "",
        maps=pages,
    )
    return partial(
        make,
        publication,
        language,
        provenance=beside,
        scores=gathered.scores,
        bundles=gathered.bundles,
        left_out=gathered.left_out,
    )


def pdf(gathered: Gathered) -> Iterator[Task]:
    """The report for print, with tags, one a language."""
    for language in gathered.publication.study.languages:
        told = phrase("report for print, in {language}", language=LanguageName(language))
        yield _in_one_file(gathered, "pdf", report_pdf, language, told)


def docx(gathered: Gathered) -> Iterator[Task]:
    """The report as a text file to edit, one a language."""
    for language in gathered.publication.study.languages:
        told = phrase("report to edit, in {language}", language=LanguageName(language))
        yield _in_one_file(gathered, "docx", report_docx, language, told)


def _in_one_file(
    gathered: Gathered, output: Output, made: Callable[..., bytes], language: Language, told: Phrase
) -> Task:
    """The task of a form of the report that is bytes; its output has the name of the ending."""
    publication = gathered.publication
    pages = tuple(_page(drawn) for drawn in publication.maps) if "maps" in publication.study.outputs else ()
    name = f"report.{language}.{output}"
    make = partial(_write_file, output=output, made=made, language=language)
    return Task(name=name, output=output, make=make, tells={name: told}, after=pages)


def _write_file(
    gathered: Gathered, folder: Path, *, output: Output, made: Callable[..., bytes], language: Language
) -> None:
    content = attempted(output, _of_report(made, gathered, language), gathered.left_out)
    if content is not None:
        (folder / f"report.{language}.{output}").write_bytes(content)


def board(gathered: Gathered) -> Iterator[Task]:
    """The board, one file a language."""
    for language in gathered.publication.study.languages:
        name = f"board.{language}"
        told = phrase("board of key figures and targets, in {language}", language=LanguageName(language))
        make = partial(_write_board, language=language)
        yield Task(name=name, output="board", make=make, tells={f"{name}.html": told})


def _write_board(gathered: Gathered, folder: Path, *, language: Language) -> None:
    text = attempted("board", partial(board_html, gathered.edition(language)), gathered.left_out)
    if text is not None:
        _write(folder / f"board.{language}.html", text)


def workbook(gathered: Gathered) -> Iterator[Task]:
    """The annex of tables, one file a language."""
    for language in gathered.publication.study.languages:
        told = {f"workbook.{language}.xlsx": phrase("annex of tables, in {language}", language=LanguageName(language))}
        make = partial(_write_workbook, language=language)
        yield Task(name=f"workbook.{language}", output="workbook", make=make, tells=told)


def _write_workbook(gathered: Gathered, folder: Path, *, language: Language) -> None:
    make = partial(
        write_workbook,
        gathered.publication,
        folder / f"workbook.{language}.xlsx",
        language,
        versions=versions(),
        left_out=gathered.left_out,
    )
    attempted("workbook", make, gathered.left_out)


def charts(gathered: Gathered) -> Iterator[Task]:
    """The charts as pictures for print, each in all languages."""
    for name in chart_names(gathered):
        yield Task(name=f"charts/{name}", output="charts", make=partial(_draw_chart, name=name))


def _draw_chart(gathered: Gathered, folder: Path, *, name: str) -> None:
    draw_chart(gathered, name, made(folder / "charts"))


def areas(gathered: Gathered) -> Iterator[Task]:
    """A page for each area of a map, and a list of them, for the people who live and plan there."""
    for place, drawn in enumerate(gathered.publication.maps):
        domain = drawn.spec.domain
        after = (_page(drawn),) if "maps" in gathered.publication.study.outputs else ()
        for language in gathered.publication.study.languages:
            name = f"areas/{domain}.{language}"
            told = phrase(
                "a page for each area by {domain}, in {language}", domain=domain, language=LanguageName(language)
            )
            make = partial(_write_areas, place=place, language=language)
            yield Task(name=name, output="areas", make=make, tells={f"{name}.html": told}, after=after)


def _write_areas(gathered: Gathered, folder: Path, *, place: int, language: Language) -> None:
    publication, outputs = gathered.publication, gathered.publication.study.outputs
    drawn = publication.maps[place]
    domain = drawn.spec.domain
    drawn_page = "maps" in outputs and _page(drawn) not in {one.part for one in gathered.left_out}
    links = Links(
        map=f"{_page(drawn)}.html" if drawn_page and _shows(layers_of_map(gathered, drawn)) else "",
        report=f"report.{language}.html" if "report" in outputs else "",
        workbook=f"workbook.{language}.xlsx" if "workbook" in outputs else "",
        sheets=f"sheets/{domain}.{language}.pdf" if "sheets" in outputs else "",
        languages=publication.study.languages,
    )
    pages = pages_of(gathered.edition(language), drawn)
    listed = list(pages)
    if not any(page.incidence[0].share is not None for page in listed):
        gathered.left_out.append(Omission(f"areas/{domain}", reason("areas")))
        return
    target = made(folder / "areas")
    _write(target / f"{domain}.{language}.html", list_html(pages, listed, links))
    beside = made(target / domain)
    for page in listed:
        _write(beside / file_name(page.code, language), page_html(pages, page, links))


def sheets(gathered: Gathered) -> Iterator[Task]:
    """A sheet for print of each area of a map."""
    for place, drawn in enumerate(gathered.publication.maps):
        domain = drawn.spec.domain
        for language in gathered.publication.study.languages:
            name = f"sheets/{domain}.{language}"
            told = phrase(
                "a sheet for print of each area by {domain}, in {language}",
                domain=domain,
                language=LanguageName(language),
            )
            make = partial(_write_sheets, place=place, language=language)
            yield Task(name=name, output="sheets", make=make, tells={f"{name}.pdf": told})


def _write_sheets(gathered: Gathered, folder: Path, *, place: int, language: Language) -> None:
    drawn = gathered.publication.maps[place]
    pages = sheets_of(gathered, drawn, language)
    first = next(pages, None)
    if first is None:
        gathered.left_out.append(Omission(f"sheets/{drawn.spec.domain}", reason("areas")))
        return
    save_pages(chain([first], pages), made(folder / "sheets") / f"{drawn.spec.domain}.{language}.pdf")


def sdmx(gathered: Gathered) -> Iterator[Task]:
    """The estimates for the exchange of statistics, with their structure."""
    told = phrase("the estimates as SDMX-CSV; sdmx.structure.json explains every code")
    tells = {f"sdmx.csv{ending}": told for ending in ("", ".gz")}
    yield Task(name="sdmx", output="sdmx", make=_write_sdmx, tells=tells)


def _write_sdmx(gathered: Gathered, folder: Path) -> None:
    publication = gathered.publication
    table = attempted("sdmx", partial(observations, publication), gathered.left_out)
    if table is not None:
        write_observations(table, folder, "sdmx")
        _write(folder / "sdmx.structure.json", structure_text(publication))


def sdg(gathered: Gathered) -> Iterator[Task]:
    """The series of indicator 1.2.2 of the Sustainable Development Goals."""
    told = phrase("SDG indicator 1.2.2 in the columns of the global database")
    yield Task(name="sdg", output="sdg", make=_write_sdg, tells={"sdg.csv": told})


def _write_sdg(gathered: Gathered, folder: Path) -> None:
    table = attempted("sdg", partial(sdg_rows, gathered.publication), gathered.left_out)
    if table is not None:
        (folder / "sdg.csv").write_bytes(as_csv(table))


def _write(path: Path, text: str) -> None:
    """Write a file into the folder of a task: that folder is hidden until its files are whole."""
    path.write_text(text, encoding="utf-8")


# In the order in which a reader is told of them.
WRITERS: Mapping[Output, Callable[[Gathered], Iterator[Task]]] = {
    "maps": maps, "report": report, "board": board, "workbook": workbook, "map_data": map_data, "charts": charts,
    "results": results, "areas": areas, "sheets": sheets, "pdf": pdf, "docx": docx, "sdmx": sdmx, "sdg": sdg,
}  # fmt: skip


def tasks_of(gathered: Gathered, wanted: Sequence[Output]) -> list[Task]:
    """The tasks of some outputs, in the order in which a reader is told of what they make."""
    return [task for output, tasks in WRITERS.items() if output in wanted for task in tasks(gathered)]
