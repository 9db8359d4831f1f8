"""Where figures come from, who publishes them, and what readers must know of them: the lines below every picture."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.claims.dates import date_text
from mpi.language import phrase, strung, translated
from mpi.publication.edition import Edition
from mpi.publication.model import Publication
from mpi.specs.standing import shown_title
from mpi.specs.survey import Survey
from mpi.vocabulary.wording import Language, title_in

SOURCE = translated("Source: {publisher}, {surveys}. Figures {status}, released on {released}.")
STATUS = {"provisional": translated("provisional"), "final": translated("final")}


def source_lines(publication: Publication, language: Language, of: Sequence[Survey] | None = None) -> tuple[str, ...]:
    """The source with publisher, surveys, status and date; then the note of the study, if it has one.

    Parameters
    ----------
    publication : Publication
    language : str
    of : sequence of Survey, optional
        Those that the figures are of; the rounds if left out.
    """
    study = publication.study
    used = [one.survey for one in publication.rounds] if of is None else of
    surveys = [title_in(one.title, language, one.name) for one in used]
    source = SOURCE[language].format(
        publisher=title_in(study.publisher, language, study.name),
        surveys=strung(dict.fromkeys(surveys), "; ", language),
        status=STATUS[study.status][language],
        released=date_text(study.released).to(language),
    )
    return tuple(filter(None, (source, title_in(study.note, language, ""))))


def source_of(edition: Edition) -> str:
    """The source, the measure with its cutoff, and the licence, in one line."""
    publication = edition.publication
    measure = publication.measure
    text = phrase(
        "Measure: {measure}, k = {k}.", measure=edition.titled(shown_title(measure), measure.name), k=edition.k
    )  # fmt: skip
    parts = (source_lines(publication, edition.language)[0], edition.say(text), publication.study.licence)
    return " ".join(part for part in parts if part)
