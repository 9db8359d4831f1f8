"""The structure of a publication's SDMX data: concepts, code lists, data structure and data flow, as SDMX-JSON 2.0.

Comes in: a publication. Goes out: the text of a structure message, the same at every run. It explains every column and
code of `mpi.tables.sdmx`, in the languages of the study.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mpi.columns import arrow
from mpi.language import translated
from mpi.publication.model import Publication
from mpi.tables.sdmx import (
    CONFIDENTIAL,
    FREE,
    NONE,
    NUMBERS,
    PARTS,
    PRIMARY,
    STATUS,
    TEXTS,
    TOTAL,
    VERSION,
    Names,
    code_of,
    cutoff_code,
    frequency_of,
    names_of,
)
from mpi.vocabulary.result_columns import MEANINGS
from mpi.vocabulary.wording import UNITS, Language, statistic_title, title_in

SCHEMA = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
MODEL = "urn:sdmx:org.sdmx.infomodel"
Told = Mapping[str, str]
CONCEPTS: Mapping[str, Told] = {
    "FREQ": translated("Frequency"),
    "TIME_PERIOD": translated("Period"),
    "OBS_VALUE": translated("Value"),
    "OBS_STATUS": translated("Status of the observation"),
    "CONF_STATUS": translated("Confidentiality"),
    "UNIT_MEASURE": translated("Unit of measure"),
    "UNIT_MULT": translated("Power of ten of the unit"),
    "DECIMALS": translated("Decimals"),
    "STANDING": MEANINGS["standing"].title,
    **{own: MEANINGS[name].title for own, name in (PARTS | NUMBERS).items()},
}
CODES: Mapping[str, Mapping[str, Told]] = {
    "FREQ": {
        "A": translated("Annual"), "S": translated("Half-yearly"), "Q": translated("Quarterly"),
        "M": translated("Monthly"), "D": translated("Daily"),
    },
    "OBS_STATUS": {
        "A": translated("Normal"), "P": translated("Provisional value"), "U": translated("Low reliability"),
        "Q": translated("Suppressed"), "M": translated("Missing: the value cannot exist"),
    },
    "CONF_STATUS": {
        FREE: translated("Free"), PRIMARY: translated("Primary confidentiality"),
        CONFIDENTIAL["complementary"]: translated("Secondary confidentiality"),
        CONFIDENTIAL["precision"]: translated("Not published: insufficient precision"),
    },
    "UNIT_MEASURE": {
        "PT": translated("Percent"), "IX": translated("Index"), "PS": translated("Persons"),
        "HH": translated("Households"),
    },
}  # fmt: skip
ALL, NO_PART = translated("All"), translated("Not applicable")
LISTED = ("OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "STANDING")  # attributes with a code list


def structure_text(publication: Publication) -> str:
    """The structure message of a publication as the text of a JSON file."""
    names, languages = names_of(publication), publication.study.languages
    lists = {**_lists(publication, names)}
    message = {
        "meta": {
            "schema": SCHEMA,
            "id": names.flow,
            "test": False,
            "prepared": f"{publication.study.released.isoformat()}T00:00:00Z",
            "contentLanguages": list(languages),
            "sender": {"id": names.agency},
        },
        "data": {
            "conceptSchemes": [_scheme(publication, names)],
            "codelists": [
                _item(names, f"CL_{name}", concept, languages)
                | {"codes": [_named(code, told, languages) for code, told in codes.items()]}
                for name, (concept, codes) in lists.items()
            ],
            "dataStructures": [_data_structure(publication, names, list(lists))],
            "dataflows": [
                _item(names, names.flow, _title(publication), languages)
                | {"structure": f"{MODEL}.datastructure.DataStructure={names.reference}"}
            ],
        },
    }
    return json.dumps(message, ensure_ascii=False, indent=1) + "\n"


def _title(publication: Publication) -> Told:
    return {language: publication.title(language) for language in publication.study.languages}


def _named(name: str, told: Told, languages: Sequence[Language]) -> dict[str, Any]:
    """What has an id and a name in each language."""
    names = {language: title_in(told, language, name) for language in languages}
    return {"id": name, "name": names[languages[0]], "names": names}


def _item(names: Names, name: str, told: Told, languages: Sequence[Language]) -> dict[str, Any]:
    """What somebody maintains."""
    return {"agencyID": names.agency, "version": VERSION, "isExternalReference": False, **_named(name, told, languages)}


def _concepts(publication: Publication, names: Names) -> dict[str, Told]:
    domains = {
        own: {language: publication.domain_title(name, language) for language in publication.study.languages}
        for name, own in names.domains.items()
    }
    return {**CONCEPTS, **domains}


def _scheme(publication: Publication, names: Names) -> dict[str, Any]:
    languages = publication.study.languages
    concepts = [_named(name, told, languages) for name, told in _concepts(publication, names).items()]
    return _item(names, f"CS_{names.flow}", _title(publication), languages) | {"concepts": concepts}


def _lists(publication: Publication, names: Names) -> dict[str, tuple[Told, dict[str, Told]]]:
    """The code lists: what each is of, and its codes with their names."""
    measure, figures = publication.measure, publication.figures
    languages = publication.study.languages
    unit = publication.study.units[0]
    titles: dict[str, Callable[[str], Told]] = {
        "STATISTIC": lambda name: {one: statistic_title(name, unit, one) for one in languages},
        "DIMENSION": lambda name: next((one.title for one in measure.dimensions if one.name == name), {}),
        "INDICATOR": lambda name: next((one.title for one in measure.indicators if one.name == name), {}),
        "COUNTED": lambda name: UNITS[name],
        "CUTOFF": lambda text: {one: f"k = {text}" for one in languages},
    }
    found: dict[str, tuple[Told, dict[str, Told]]] = {}
    for own, name in PARTS.items():
        code = cutoff_code if own == "CUTOFF" else code_of
        met = _met(figures.table[name])
        codes: dict[str, Told] = {code(one): titles[own](one) or {"": one} for one in met if one is not None}
        found[own] = CONCEPTS[own], codes | ({NONE: NO_PART} if None in met else {})
    for name, own in names.domains.items():
        codes = {
            code_of(one): {language: publication.name_of(name, one, language) for language in languages}
            for one in _met(figures.table[name])
            if one is not None
        }
        found[own] = _concepts(publication, names)[own], {TOTAL: ALL, **codes}
    periods = {frequency_of(str(period)) for period in _met(figures.table["period"])}
    found["FREQ"] = CONCEPTS["FREQ"], {name: told for name, told in CODES["FREQ"].items() if name in periods}
    found |= {name: (CONCEPTS[name], dict(CODES[name])) for name in LISTED if name in CODES}
    told = {language: publication.mark_meanings(language) for language in languages}
    standings: dict[str, Told] = {name: {one: told[one].get(name, name) for one in languages} for name in STATUS}
    return found | {"STANDING": (CONCEPTS["STANDING"], standings)}


def _met(column: Any) -> list[str | None]:
    """The texts of a column, each once."""
    return list(dict.fromkeys(arrow.listed(column)))


def _data_structure(publication: Publication, names: Names, lists: Sequence[str]) -> dict[str, Any]:
    """Dimensions in the order of the key, one measure, and attributes of the observation."""

    def component(name: str, form: str = "") -> dict[str, Any]:
        chosen = (
            {"enumeration": f"{MODEL}.codelist.Codelist={names.agency}:CL_{name}({VERSION})"}
            if name in lists
            else {"format": {"dataType": form}}
        )
        concept = f"{MODEL}.conceptscheme.Concept={names.agency}:CS_{names.flow}({VERSION}).{name}"
        return {"id": name, "conceptIdentity": concept, "localRepresentation": chosen}

    key = [*PARTS, *names.domains.values(), "FREQ"]
    plain = {"UNIT_MULT": "Integer", "DECIMALS": "Integer", **{name: "Integer" for name in ("DF", "SAMPLE_SIZE")}}
    attributes = [
        {
            **component(name, plain.get(name, "Double")),
            "usage": "mandatory" if name in TEXTS else "optional",
            "attributeRelationship": {"observation": {}},
        }
        for name in (*TEXTS, *NUMBERS)
    ]
    return _item(names, names.flow, _title(publication), publication.study.languages) | {
        "dataStructureComponents": {
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": [{**component(name), "position": place} for place, name in enumerate(key)],
                "timeDimension": component("TIME_PERIOD", "ObservationalTimePeriod"),
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [{**component("OBS_VALUE", "Double"), "usage": "optional"}],
            },
        }
    }
