"""Which printed texts of a study lack one of its languages, so that none is silently in another.

A plain text stands in every language, as the configuration says: in a study of two languages a note or a source that
is written so is in one of them alone, and is told as well. Titles and names may be the same in both.
"""

from __future__ import annotations

from collections.abc import Iterator

from mpi.errors import Notice, listed
from mpi.language import phrase
from mpi.language.names import LanguageName
from mpi.specs.study import Study
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import Language, told_in


def lacking(study: Study) -> list[Notice]:
    """A notice for each language of the study that some printed texts lack; it names them.

    Parameters
    ----------
    study : Study
    """
    found = []
    for language in study.languages:
        names = [name for name, titles, prose in _printed(study) if _lacks(titles, language, prose, study)]
        if names:
            text = phrase(
                "texts without {names}, printed as they stand: {names2}",
                names=LanguageName(language),
                names2=listed(names),
            )
            found.append(Notice("MPI-N160", text, study.place))
        if bare := [one.name for one in study.measure.indicators if not told_in(one.words, language)]:
            text = phrase(
                "indicators without words in {language}, of which the rule alone is printed: {names}",
                language=LanguageName(language),
                names=listed(bare),
            )
            found.append(Notice("MPI-N210", text, study.place))
    return found


def _lacks(titles: Titles, language: Language, prose: bool, study: Study) -> bool:
    if not titles or titles.get(language):
        return False
    return "" not in titles or (prose and len(study.languages) > 1)


def _printed(study: Study) -> Iterator[tuple[str, Titles, bool]]:
    """Every text that an output prints: what it is called, its titles, whether it is prose."""
    measure = study.measure
    for name in ("title", "publisher", "universe", "total", "note", "citation", "official"):
        yield f"study: {name}", getattr(study, name), name in ("universe", "note")
    yield from _texts(measure.name, measure, ("title", "source", "note"))
    for dimension in measure.dimensions:
        yield from _texts(dimension.name, dimension, ("title", "note"))
    for indicator in measure.indicators:
        yield from _texts(indicator.name, indicator, ("title", "legal_basis", "note"))
        # Words of another language are not printed at all: see MPI-N210.
        yield f"{indicator.name}: words", indicator.words if "" in indicator.words else {}, True
    for survey in study.surveys:
        yield from _texts(survey.name, survey, ("title", "source", "note"))
        for period, titles in survey.breaks.items():
            yield f"{survey.name}: breaks: {period}", titles, True
        for name in study.domains:
            if name in survey.domains:
                yield f"{survey.name}: {name}: title", survey.domains[name].title, False
    if study.reliability is not None:
        yield from _texts(study.reliability.name, study.reliability, ("title", "source"))
        for rule in study.reliability.rules:
            yield f"{study.reliability.name}: {rule.name}: says", rule.says, True
    for drawn in study.maps:
        for name in ("source", "vintage", "licence"):
            yield f"map of {drawn.domain}: {name}", getattr(drawn.boundaries, name), name == "source"
        for inset in drawn.insets:
            yield f"map of {drawn.domain}: insets: title", inset.title, False
    yield f"{study.disclosure.name}: title", study.disclosure.title, False


def _texts(owner: str, spec: object, names: tuple[str, ...]) -> Iterator[tuple[str, Titles, bool]]:
    for name in names:
        yield f"{owner}: {name}", getattr(spec, name), name != "title"
