"""The reference sheet of a study of several measures: what each is, how it counts, and what it was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mpi.language import strung, translated
from mpi.publication.edition import Edition
from mpi.publication.measures import measures_of
from mpi.publication.model import Round
from mpi.specs.countries import CountrySpec
from mpi.specs.measure import Measure
from mpi.specs.standing import STATUSES, shown_title
from mpi.vocabulary.wording import UNITS, number

COLUMNS = {
    "measure": translated("Measure"), "title": translated("Title"), "status": translated("Status"),
    "edition": translated("Edition"), "k": translated("Cutoff k"), "identification": translated("Identified by"),
    "missing": translated("Unknown indicators"), "weights": translated("Weights"), "survey": translated("Survey"),
    "periods": translated("Periods"), "units": translated("Units"),
}  # fmt: skip
LEVELS = {"household": translated("the household"),
          "person": translated("the person")}  # fmt: skip
MISSING = {
    "exclude": translated("the unit is left out"), "reweight": translated("their weight goes to the others"),
    "deprived": translated("count as deprived"), "not_deprived": translated("count as not deprived"),
}  # fmt: skip


COUNTRY_COLUMNS = {
    "country": translated("Country"), "name": translated("Name"), **COLUMNS, "dimensions": translated("Dimensions"),
    "persons": translated("Persons in the sample"), "households": translated("Households in the sample"),
    "errors": translated("Sampling errors"), "reliability": translated("Rules of precision"),
    "source": translated("Source"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A line of the sheet: texts by column, in the language of the edition."""

    measure: Measure
    texts: dict[str, str]


def references(edition: Edition) -> list[Reference]:
    """One line a measure, the one that leads first."""
    publication = edition.publication
    study = publication.study
    return [Reference(one, _texts(edition, one, publication.rounds)) for one in measures_of(study)]


def country_references(edition: Edition) -> list[dict[str, str]]:
    """One line a country, in the order of the study: texts by column, in the language of the edition."""
    publication = edition.publication
    study = publication.study
    return [_of_country(edition, one) for one in study.countries]


def _of_country(edition: Edition, country: CountrySpec) -> dict[str, str]:
    publication, language = edition.publication, edition.language
    last = publication.rounds[-1] if country.own else publication.country_rounds[country.code]
    rules, measure = country.reliability, country.measure
    texts = _texts(edition, measure, publication.rounds if country.own else [last])
    texts["periods"] = ", ".join(dict.fromkeys([*(survey.period for survey in country.surveys), last.period]))
    return texts | {
        "country": country.code,
        "name": edition.titled(country.title, country.code),
        "dimensions": "; ".join(f"{edition.titled(one.title, one.name)} {one.weight}" for one in measure.dimensions),
        "persons": number(last.persons, language),
        "households": number(last.households, language),
        "errors": last.errors_from[language],
        "reliability": "" if rules is None else edition.titled(rules.title, rules.name),
        "source": edition.titled(measure.source, ""),
    }


def _texts(edition: Edition, measure: Measure, rounds: Sequence[Round]) -> dict[str, str]:
    publication, language = edition.publication, edition.language
    weights = [f"{edition.titled(one.title, one.name)} {one.weight}" for one in measure.indicators if one.weight]
    combined = [
        f"{edition.titled(one.title, one.name)} {one.weight}" for one in measure.dimensions if one.at_least is not None
    ]
    surveys = dict.fromkeys(edition.titled(one.survey.title, one.survey.name) for one in rounds)
    return {
        "measure": measure.name,
        "title": edition.titled(shown_title(measure), measure.name),
        "status": STATUSES[measure.status][language] if measure.status else "",
        "edition": measure.edition,
        "k": ", ".join(f"{one.name} {one.text}".strip() for one in measure.cutoffs),
        "identification": LEVELS[measure.identification][language],
        "missing": MISSING[measure.missing][language],
        "weights": strung([*weights, *combined], "; ", language),
        "survey": strung(surveys, "; ", language),
        "periods": ", ".join(one.period for one in rounds),
        "units": ", ".join(UNITS[one][language] for one in publication.study.units),
    }
