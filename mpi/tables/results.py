"""The tidy results of a publication as files for other programs, with a data package that says what they hold.

Comes in: a publication. Goes out: `results.parquet` with every figure, the same figures as CSV files by domain, both of
the changes, and `datapackage.json` (Data Package 2.0; its resources are also read by programs that know version 1).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mpi.analysis.titles import ANALYSIS_TITLES
from mpi.columns import arrow
from mpi.disclosure.figures import read
from mpi.disclosure.publishable import STANDINGS, Publishable, stacked
from mpi.errors import Fault, Place, UsageError
from mpi.files import write_parquet, write_whole
from mpi.files.digests import sha256
from mpi.language import phrase, translated
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.publication.movements import TABLES as PANEL_TABLES
from mpi.publication.reference import COLUMNS as REFERENCE
from mpi.publication.reference import references
from mpi.specs.study import Study
from mpi.tables.writing import write_csv_part
from mpi.vocabulary.options import VERDICTS, ResultFormat
from mpi.vocabulary.result_columns import DOMAIN_TEXT, MEANINGS, TARGET_MEANINGS, FieldType
from mpi.vocabulary.wording import UNITS, Language, title_in

PACKAGE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
MEDIA = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
MAIN: Mapping[ResultFormat, str] = {"csv": "total.csv", "parquet": "results.parquet"}  # what a reader is shown
TITLES: Mapping[str, Mapping[str, str]] = {
    "results": translated("Estimates: one row an estimate"),
    "changes": translated("Changes between rounds: one row a change"),
    "measures": translated("Estimates of every measure of the study: one row an estimate"),
    "reference": translated("The measures of the study, with their cutoffs and weights"),
    "targets": translated("Progress towards targets: one row a target and group"),
    "plans": translated("Plans: one row a figure before, after or changed, a part or a cost"),
}
BY_DOMAIN: Mapping[Language, str] = translated("{title} ({domain})")
TOTAL = "total"  # the file of the figures of all units
SAFE_TEXT: Mapping[Language, str] = translated(
    "UTF-8, commas, decimal points, an empty cell where there is nothing. A text that a "
    "spreadsheet would take for a formula (=, +, -, @) has an apostrophe before it."
)


def main_table(study: Study) -> str:
    """The name of the file of estimates that a reader is shown: CSV where there is one."""
    return next(name for form, name in MAIN.items() if form in study.result_formats)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table, for the data package.

    Attributes
    ----------
    titles, texts : mapping of str to str
        What it is called and what it means, by language.
    among : tuple of str
        The words that it may hold; empty: any.
    """

    name: str
    type: FieldType
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A table in the folder of a publication, for the data package.

    Attributes
    ----------
    path : str
        Below the folder, with `/`.
    """

    path: str
    titles: Mapping[str, str]
    fields: tuple[Field, ...]


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
    resources: list[Resource] = []
    for name, figures in (("results", publication.figures), ("changes", publication.changes)):
        if figures is None:
            continue
        if "parquet" in publication.study.result_formats:
            resources.append(Resource(f"{name}.parquet", TITLES[name], fields_of(publication, figures)))
            described = _described(publication, figures)
            write_whole(folder / f"{name}.parquet", lambda part: write_parquet(described, part), overwrite=overwrite)  # noqa: B023  at once
        if "csv" in publication.study.result_formats:
            resources += _split(publication, figures, name, folder, overwrite=overwrite)
    resources += _further(publication, folder, overwrite=overwrite)
    written = [folder / one.path for one in resources]
    path = write_datapackage(publication, folder, (*resources, *further), overwrite=overwrite)
    return (*written, path)


def _further(publication: Publication, folder: Path, *, overwrite: bool) -> list[Resource]:
    """Write each analysis, and the progress towards targets, as one file: their rows are no estimates by domain."""
    made = []
    for name, figures in publication.analyses.items():
        titles = {one: ANALYSIS_TITLES[name][one] for one in publication.study.languages}
        made += _whole(publication, figures, titles, folder / f"analyses.{name}", overwrite=overwrite)
    if publication.others:
        every = stacked([publication.figures, *publication.others.values()])
        made += _whole(publication, every, TITLES["measures"], folder / "measures", overwrite=overwrite)
        made.append(_reference(publication, folder, overwrite=overwrite))
    for name, figures in publication.movements.items():
        titles = {one: PANEL_TABLES[name][one] for one in publication.study.languages}
        made += _whole(publication, figures, titles, folder / f"panel.{name}", overwrite=overwrite)
    if publication.progress is not None:
        made += _whole(publication, publication.progress, TITLES["targets"], folder / "targets", overwrite=overwrite)
    if publication.plans is not None:
        made += _whole(publication, publication.plans, TITLES["plans"], folder / "plans", overwrite=overwrite)
    return made


def _reference(publication: Publication, folder: Path, *, overwrite: bool) -> Resource:
    """Write what each measure of the study is, in the study's first language."""
    language = publication.study.languages[0]
    edition = Edition(publication=publication, language=language, figures=read(publication.figures), changes=None)
    rows = [one.texts for one in references(edition)]
    table = arrow.table({name: arrow.texts([row[name] for row in rows]) for name in REFERENCE})
    path = write_csv_part(table, folder / "measures_reference", overwrite=overwrite)
    fields = tuple(Field(name, "string", titles, titles) for name, titles in REFERENCE.items())
    return Resource(path.name, TITLES["reference"], fields)


def _whole(
    publication: Publication, figures: Publishable, titles: Mapping[str, str], path: Path, *, overwrite: bool
) -> list[Resource]:
    """Write a table as one file of each format; the path has no ending."""
    fields, table = fields_of(publication, figures), _described(publication, figures)
    made = []
    if "parquet" in publication.study.result_formats:
        file = path.with_name(f"{path.name}.parquet")
        write_whole(file, lambda part: write_parquet(table, part), overwrite=overwrite)
        made.append(Resource(file.name, titles, fields))
    if "csv" in publication.study.result_formats:
        made.append(Resource(write_csv_part(table, path, overwrite=overwrite).name, titles, fields))
    return made


def write_datapackage(
    publication: Publication, folder: Path, resources: Sequence[Resource], *, overwrite: bool = False
) -> Path:
    """Write `datapackage.json`, which describes tables that lie in a folder already.

    Raises
    ------
    UsageError
        If a table lies outside the folder or is not there, or there is a data package.
    """
    text = json.dumps(datapackage(publication, folder, resources), ensure_ascii=False, indent=2) + "\n"
    path = folder / PACKAGE
    write_whole(path, lambda temporary: _text(temporary, text), overwrite=overwrite)
    return path


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


def datapackage(publication: Publication, folder: Path, resources: Sequence[Resource]) -> dict[str, Any]:
    """The data package of some tables that lie in a folder.

    Raises
    ------
    UsageError
        If a table lies outside the folder or is not there.
    """
    study = publication.study
    language = study.languages[0]
    made: dict[str, Any] = {
        "$schema": PROFILE,
        "name": slug(study.name),
        "title": publication.title(language),
        "titles": {own: publication.title(own) for own in study.languages},
        "description": " ".join(
            filter(None, (title_in(study.universe, language, ""), title_in(study.note, language, "")))
        ),
        "version": study.edition or "1",
        "created": f"{study.released.isoformat()}T00:00:00Z",
        "status": study.status,
        "disclosure": publication.figures.disclosure,
        "contributors": [{"title": title_in(study.publisher, language, study.name), "roles": ["publisher"]}],
        "sources": [
            {"title": title_in(one.survey.source or one.survey.title, language, one.survey.name)}
            for one in publication.rounds
        ],
    }
    if study.licence:
        made["licenses"] = [
            {"name": re.sub(r"[^A-Za-z0-9._-]+", "-", study.licence).strip("-") or "licence", "title": study.licence}
        ]
    made["resources"] = [_resource(one, folder, study.languages) for one in resources]
    return {key: value for key, value in made.items() if value != ""}


def slug(text: str) -> str:
    """A name of lower case letters, digits, `.`, `_` and `-`.

    Examples
    --------
    >>> slug("Encuesta Nacional (2025)")
    'encuesta-nacional-2025'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-.") or "unnamed"


def _resource(resource: Resource, folder: Path, languages: Sequence[Language]) -> dict[str, Any]:
    language = languages[0]
    path = folder / resource.path
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        text = phrase("this table of the data package is not in the folder of the publication")
        raise UsageError(Fault("MPI-O010", Place(resource.path), text, phrase("write it there first, or leave it out")))
    packed = path.suffix.lower() == ".gz"
    ending = path.with_suffix("").suffix.lower() if packed else path.suffix.lower()
    made: dict[str, Any] = {
        "$schema": RESOURCE,
        "name": slug(resource.path),
        "path": resource.path,
        "type": "table",
        "title": title_in(resource.titles, language, resource.path),
        "titles": _by_language(resource.titles, languages, resource.path),
        "format": ending.removeprefix("."),
        "mediatype": MEDIA.get(ending, "application/octet-stream"),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
    }
    if packed:
        made["compression"] = "gz"
    if ending == ".csv":
        made |= {
            "description": SAFE_TEXT[language],
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        }
    fields = [_field(field, languages) for field in resource.fields]
    return made | {"schema": {"fields": fields, "missingValues": [""]}}


def _by_language(titles: Mapping[str, str], languages: Sequence[Language], name: str) -> dict[str, str]:
    return {language: title_in(titles, language, name) for language in languages}


def _field(field: Field, languages: Sequence[Language]) -> dict[str, Any]:
    language = languages[0]
    made: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "title": title_in(field.titles, language, field.name),
        "description": title_in(field.texts, language, ""),
        "titles": _by_language(field.titles, languages, field.name),
        "descriptions": _by_language(field.texts, languages, ""),
    }
    if field.among:
        made["constraints"] = {"enum": list(field.among)}
    return made


def _split(
    publication: Publication, figures: Publishable, name: str, folder: Path, *, overwrite: bool
) -> list[Resource]:
    """Write the rows of each domain or crossing as CSV, compressed where a spreadsheet could not open them.

    Together the files hold every row, each in the order of the table; the columns of other domains are left out.
    """
    made, taken = [], {"targets", "plans"}  # those of the progress towards them, and of programmes
    for domains, table in by_domain(publication, figures):
        stem = "-".join(domains) or TOTAL
        while stem.casefold() in taken:  # a domain may be called `total`, or as another in capitals
            stem += "_"
        taken.add(stem.casefold())
        stem = stem if name == "results" else f"{name}.{stem}"
        path = write_csv_part(table, folder / stem, overwrite=overwrite)
        own = replace(figures, table=table, domains=domains)
        titles = {
            language: BY_DOMAIN[language].format(
                title=TITLES[name][language], domain=_crossing(publication, domains, language)
            )
            for language in publication.study.languages
        }
        made.append(Resource(path.name, titles, fields_of(publication, own)))
    return made


def _crossing(publication: Publication, domains: Sequence[str], language: Language) -> str:
    total = title_in(publication.study.total, language, TOTAL)
    return " \u00d7 ".join(publication.domain_title(name, language) for name in domains) or total


def by_domain(publication: Publication, figures: Publishable) -> Iterator[tuple[tuple[str, ...], pa.Table]]:
    """The rows of the total, then of each domain or crossing, without the columns of other domains.

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
        others = [name for name in figures.domains if name not in names]
        rows = np.flatnonzero(of == known[names])
        yield names, table.take(arrow.numbers(rows)).drop_columns(others)


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


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
