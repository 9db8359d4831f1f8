"""The data package of tables: what each file of a folder is, and what its columns hold (Data Package 2.0).

Comes in: a publication, and tables that lie in a folder. Goes out: `datapackage.json`; its resources are also read by
programs that know version 1.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mpi.errors import Fault, Place, UsageError
from mpi.files import write_whole
from mpi.files.digests import sha256
from mpi.language import phrase, translated
from mpi.publication.model import Publication
from mpi.vocabulary.result_columns import FieldType
from mpi.vocabulary.wording import Language, title_in

PACKAGE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
MEDIA = {".csv": "text/csv", ".parquet": "application/vnd.apache.parquet"}
SAFE_TEXT: Mapping[Language, str] = translated(
    "UTF-8, commas, decimal points, an empty cell where there is nothing. A text that a "
    "spreadsheet would take for a formula (=, +, -, @) has an apostrophe before it."
)


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


def write_datapackage(
    publication: Publication,
    folder: Path,
    resources: Sequence[Resource],
    *,
    into: Path | None = None,
    overwrite: bool = False,
) -> Path:
    """Write `datapackage.json`, which describes tables that lie in a folder already: there, or `into` another.

    Raises
    ------
    UsageError
        If a table lies outside the folder or is not there, or there is a data package.
    """
    text = json.dumps(datapackage(publication, folder, resources), ensure_ascii=False, indent=2) + "\n"
    path = (into or folder) / PACKAGE
    write_whole(path, lambda temporary: _text(temporary, text), overwrite=overwrite)
    return path


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


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
