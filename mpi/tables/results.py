"""The tidy results of a publication as files for other programs, with a data package that says what they hold.

Comes in: a publication. Goes out: `results.parquet` with every figure, the same figures as CSV files by domain, both of
the changes, and `datapackage.json` (Data Package 2.0; its resources are also read by programs that know version 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mpi.analysis.titles import ANALYSIS_TITLES
from mpi.columns import arrow
from mpi.disclosure.figures import read
from mpi.disclosure.publishable import STANDINGS, Publishable, stacked
from mpi.files import write_parquet, write_whole
from mpi.language import translated
from mpi.publication.countries import differences_in, table_of
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.movements import TABLES as PANEL_TABLES
from mpi.publication.reference import COLUMNS as REFERENCE
from mpi.publication.reference import COUNTRY_COLUMNS as COUNTRY_REFERENCE
from mpi.publication.reference import country_references, references
from mpi.specs.study import Study
from mpi.tables.packaging import Field, Resource, write_datapackage
from mpi.tables.writing import write_csv_part
from mpi.vocabulary.options import VERDICTS, ResultFormat
from mpi.vocabulary.result_columns import DOMAIN_TEXT, MEANINGS, TARGET_MEANINGS
from mpi.vocabulary.wording import UNITS, Language, title_in

MAIN: Mapping[ResultFormat, str] = {"csv": "total.csv", "parquet": "results.parquet"}  # what a reader is shown
TITLES: Mapping[str, Mapping[str, str]] = {
    "results": translated("Estimates: one row an estimate"),
    "changes": translated("Changes between rounds: one row a change"),
    "measures": translated("Estimates of every measure of the study: one row an estimate"),
    "reference": translated("The measures of the study, with their cutoffs and weights"),
    "countries": translated("Estimates of all countries of the study: one row an estimate"),
    "countries.differences": translated("Differences of countries under one measure: one row a pair and statistic"),
    "countries_reference": translated("The countries of the study, with their measures, surveys and samples"),
    "targets": translated("Progress towards targets: one row a target and group"),
    "plans": translated("Plans: one row a figure before, after or changed, a part or a cost"),
}
BY_DOMAIN: Mapping[Language, str] = translated("{title} ({domain})")
TOTAL = "total"  # the file of the figures of all units
Made: TypeAlias = Callable[[], pa.Table]
# Writes a table of a format at a path without ending, or finds it: gives the file.
Put: TypeAlias = Callable[[Path, ResultFormat, Made], Path]


def main_table(study: Study) -> str:
    """The name of the file of estimates that a reader is shown: CSV where there is one."""
    return next(name for form, name in MAIN.items() if form in study.result_formats)


def write_results(
    publication: Publication, folder: Path, *, further: Sequence[Resource] = (), overwrite: bool = False
) -> tuple[Path, ...]:
    """Write the tidy tables of a publication and the data package that describes them.

    Parameters
    ----------
    publication : Publication
    folder : Path
        Must exist.
    further : sequence of Resource
        Other tables that lie in the folder already, such as those of maps.
    overwrite : bool
        Whether existing files may be replaced.

    Returns
    -------
    tuple of Path
        The files, the data package last.

    Raises
    ------
    UsageError
        If a file exists, or a further resource lies outside the folder or is not there.
    DataError
        If the disk refuses.
    """
    resources = write_tables(publication, folder, overwrite=overwrite)
    written = [folder / one.path for one in resources]
    path = write_datapackage(publication, folder, (*resources, *further), overwrite=overwrite)
    return (*written, path)


def write_tables(publication: Publication, folder: Path, *, overwrite: bool = False) -> list[Resource]:
    """Write the tidy tables alone, which say nothing of the titles of the study: those stand in the data package.

    Raises
    ------
    UsageError
        If a file exists.
    DataError
        If the disk refuses.
    """

    def put(path: Path, form: ResultFormat, made: Made) -> Path:
        if form == "csv":
            return write_csv_part(made(), path, overwrite=overwrite)
        file, table = path.with_name(f"{path.name}.parquet"), made()
        write_whole(file, lambda part: write_parquet(table, part), overwrite=overwrite)
        return file

    return _tables(publication, folder, put)


def lying_tables(publication: Publication, folder: Path) -> list[Resource]:
    """The tidy tables that `write_tables` wrote into a folder."""

    def put(path: Path, form: ResultFormat, _: Made) -> Path:
        plain = path.with_name(f"{path.name}.{form}")
        return plain if plain.is_file() else path.with_name(f"{path.name}.{form}.gz")

    return _tables(publication, folder, put)


def _tables(publication: Publication, folder: Path, put: Put) -> list[Resource]:
    """Every table as one file of each format; figures and changes as CSV by domain."""
    study, made = publication.study, []
    for name, figures in (("results", publication.figures), ("changes", publication.changes)):
        if figures is None:
            continue
        if "parquet" in study.result_formats:
            path = put(folder / name, "parquet", partial(_described, publication, figures))
            made.append(Resource(path.name, TITLES[name], fields_of(publication, figures)))
        if "csv" in study.result_formats:
            made += _split(publication, figures, name, folder, put)
    for name, figures in publication.analyses.items():  # whose rows are no estimates by domain
        titles = {one: ANALYSIS_TITLES[name][one] for one in study.languages}
        made += _whole(publication, figures, titles, folder / f"analyses.{name}", put)
    if publication.others:
        every = stacked([publication.figures, *publication.others.values()])
        made += _whole(publication, every, TITLES["measures"], folder / "measures", put)
        rows = partial(_referenced, publication)
        made.append(_sheet(rows, REFERENCE, TITLES["reference"], folder / "measures_reference", put))
    if publication.countries is not None:
        made += _countries(publication, publication.countries, folder, put)
    for name, figures in publication.movements.items():
        titles = {one: PANEL_TABLES[name][one] for one in study.languages}
        made += _whole(publication, figures, titles, folder / f"panel.{name}", put)
    if publication.progress is not None:
        made += _whole(publication, publication.progress, TITLES["targets"], folder / "targets", put)
    if publication.plans is not None:
        made += _whole(publication, publication.plans, TITLES["plans"], folder / "plans", put)
    return made


def _countries(publication: Publication, figures: Publishable, folder: Path, put: Put) -> list[Resource]:
    """The figures of all countries, their differences, and what each is measured by."""
    made = _whole(publication, figures, TITLES["countries"], folder / "countries", put)
    found = differences_in(publication)
    if found:
        titles = TITLES["countries.differences"]
        made += _whole(publication, table_of(found, figures), titles, folder / "countries.differences", put)
    path, titles = folder / "countries_reference", TITLES["countries_reference"]
    rows = partial(_countries_referenced, publication)
    return [*made, _sheet(rows, COUNTRY_REFERENCE, titles, path, put)]


def _referenced(publication: Publication) -> list[Mapping[str, str]]:
    return [one.texts for one in references(_edition(publication))]


def _countries_referenced(publication: Publication) -> list[Mapping[str, str]]:
    return [*country_references(_edition(publication))]


def _edition(publication: Publication) -> Edition:
    """The publication in the study's first language."""
    language = publication.study.languages[0]
    return Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)


def _sheet(
    rows: Callable[[], Sequence[Mapping[str, str]]],
    columns: Mapping[str, Mapping[str, str]],
    titles: Mapping[str, str],
    path: Path,
    put: Put,
) -> Resource:
    """A sheet of texts."""

    def made() -> pa.Table:
        found = rows()
        return arrow.table({name: arrow.texts([row[name] for row in found]) for name in columns})

    fields = tuple(Field(name, "string", own, own) for name, own in columns.items())
    return Resource(put(path, "csv", made).name, titles, fields)


def _whole(
    publication: Publication, figures: Publishable, titles: Mapping[str, str], path: Path, put: Put
) -> list[Resource]:
    """A table as one file of each format; the path has no ending."""
    fields, made = fields_of(publication, figures), partial(_described, publication, figures)
    asked: tuple[ResultFormat, ...] = ("parquet", "csv")
    forms = [form for form in asked if form in publication.study.result_formats]
    return [Resource(put(path, form, made).name, titles, fields) for form in forms]


def fields_of(publication: Publication, figures: Publishable) -> tuple[Field, ...]:
    """The columns of a tidy table of a publication, described."""
    among = {"unit": tuple(UNITS), "standing": STANDINGS, "verdict": VERDICTS}
    fields = []
    for name in figures.table.column_names:
        if name in figures.domains:
            titles: dict[str, str] = {
                language: publication.domain_title(name, language) for language in publication.study.languages
            }
            fields.append(Field(name, "string", titles, DOMAIN_TEXT))
        else:
            meaning = MEANINGS[name] if name in MEANINGS else TARGET_MEANINGS[name]
            fields.append(Field(name, meaning.type, meaning.title, meaning.text, among.get(name, ())))
    return tuple(fields)


def _split(publication: Publication, figures: Publishable, name: str, folder: Path, put: Put) -> list[Resource]:
    """The rows of each domain or crossing as CSV, compressed where a spreadsheet could not open them.

    Together the files hold every row, each in the order of the table; the columns of other domains are left out.
    """
    made, taken = [], {"targets", "plans"}  # those of the progress towards them, and of programmes
    for domains, rows in _rows_by_domain(publication, figures):
        stem = "-".join(domains) or TOTAL
        while stem.casefold() in taken:  # a domain may be called `total`, or as another in capitals
            stem += "_"
        taken.add(stem.casefold())
        stem = stem if name == "results" else f"{name}.{stem}"
        others = [other for other in figures.domains if other not in domains]
        path = put(folder / stem, "csv", partial(_taken, figures.table, rows, others))
        own = replace(figures, table=figures.table.slice(0, 0).drop_columns(others), domains=domains)
        titles = {
            language: BY_DOMAIN[language].format(
                title=TITLES[name][language], domain=_crossing(publication, domains, language)
            )
            for language in publication.study.languages
        }
        made.append(Resource(path.name, titles, fields_of(publication, own)))
    return made


def _taken(table: pa.Table, rows: NDArray[np.int64], others: Sequence[str]) -> pa.Table:
    return table.take(arrow.numbers(rows)).drop_columns(others)


def _crossing(publication: Publication, domains: Sequence[str], language: Language) -> str:
    total = title_in(publication.study.total, language, TOTAL)
    return " \u00d7 ".join(publication.domain_title(name, language) for name in domains) or total


def _rows_by_domain(
    publication: Publication, figures: Publishable
) -> Iterator[tuple[tuple[str, ...], NDArray[np.int64]]]:
    """The rows of the total, then of each domain or crossing: their places in the table.

    Crossings are in the order of the study, those that it does not name in that of the table.
    """
    table = figures.table
    of = np.zeros(len(table), np.int64)  # the domains of each row, as bits
    for place, name in enumerate(figures.domains):
        of |= np.asarray(table[name].is_valid(), np.int64) << place
    met = {
        tuple(name for i, name in enumerate(figures.domains) if bits >> i & 1): bits for bits in np.unique(of).tolist()
    }
    order = [(), *publication.study.sets]
    named = {frozenset(names): names for names in order}
    known = {named.get(frozenset(names), names): bits for names, bits in met.items()}
    for names in sorted(known, key=lambda names: (order.index(names) if names in order else len(order), names)):
        yield names, np.flatnonzero(of == known[names])


def _described(publication: Publication, figures: Publishable) -> pa.Table:
    study = publication.study
    metadata = {
        "mpi.study": study.name,
        "mpi.edition": study.edition,
        "mpi.status": study.status,
        "mpi.released": study.released.isoformat(),
        "mpi.disclosure": figures.disclosure,
        "mpi.licence": study.licence,
    }
    return figures.table.replace_schema_metadata(metadata)
