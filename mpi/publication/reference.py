"""The reference sheet of a study of several measures: what each is, how it counts, and what it was read from."""

from __future__ import annotations

from dataclasses import dataclass

from mpi.language import strung, translated
from mpi.publication.edition import Edition
from mpi.publication.measures import measures_of
from mpi.specs.measure import Measure
from mpi.specs.standing import STATUSES, shown_title
from mpi.vocabulary.wording import UNITS

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


@dataclass(frozen=True, slots=True)
class Reference:
    """A line of the sheet: texts by column, in the language of the edition."""

    measure: Measure
    texts: dict[str, str]


def references(edition: Edition) -> list[Reference]:
    """One line a measure, the one that leads first."""
    publication = edition.publication
    study = publication.study
    return [Reference(one, _texts(edition, one)) for one in measures_of(study)]


def _texts(edition: Edition, measure: Measure) -> dict[str, str]:
    publication, language = edition.publication, edition.language
    weights = [f"{edition.titled(one.title, one.name)} {one.weight}" for one in measure.indicators if one.weight]
    combined = [
        f"{edition.titled(one.title, one.name)} {one.weight}" for one in measure.dimensions if one.at_least is not None
    ]
    surveys = dict.fromkeys(edition.titled(one.survey.title, one.survey.name) for one in publication.rounds)
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
        "periods": ", ".join(one.period for one in publication.rounds),
        "units": ", ".join(UNITS[one][language] for one in publication.study.units),
    }
