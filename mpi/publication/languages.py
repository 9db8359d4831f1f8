"""Which printed texts of a study lack one of its languages, so that none is silently in another; names of no code.

A plain text is for every language, as the configuration says. Only what was written by language can lack one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from mpi.errors import Notice, Place
from mpi.language import Phrase, listed, number_phrase, phrase
from mpi.language.names import LanguageName
from mpi.specs.study import Study
from mpi.specs.survey import Survey
from mpi.specs.template import Template
from mpi.specs.texts import place_of
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import Language, told_in


def lacking(study: Study) -> list[Notice]:
    """A notice for each language of the study that some printed texts lack; it names them, and where they are.

    Parameters
    ----------
    study : Study
    """
    found = []
    for language in study.languages:
        name = LanguageName(language)
        texts = [(what, titles) for what, titles in _printed(study) if _lacks(titles, language)]
        if texts:
            shown = _shown([(what, place_of(titles)) for what, titles in texts])
            text = phrase("texts without {names}, printed as they are: {names2}", names=name, names2=shown)
            found.append(Notice("MPI-N160", text, study.place))
        bare = [(one.name, place_of(one.title)) for one in study.measure.indicators if not told_in(one.words, language)]
        if bare:
            text = phrase(
                "indicators without words in {language}, of which the rule alone is printed: {names}",
                language=name,
                names=_shown(bare),
            )
            found.append(Notice("MPI-N210", text, study.place))
    return found


def unlabelled(study: Study, met: Mapping[str, Collection[str]]) -> list[Notice]:
    """A notice for each domain with names, under `labels:`, of codes that the data do not have.

    Parameters
    ----------
    study : Study
    met : mapping of str to collection of str
        By domain the codes of the data of all rounds.
    """
    found = []
    for domain, names in study.labels.items():
        if domain in met and (strangers := [code for code in names if code not in met[domain]]):
            text = number_phrase(
                len(strangers),
                "labels: {domain}: the data have no code {codes}",
                "labels: {domain}: the data do not have the codes {codes}",
                domain=domain,
                codes=listed(strangers),
            )
            found.append(Notice("MPI-N230", text, study.place))
    return found


def lacks_texts(study: Study, language: Language) -> bool:
    """Whether something that is printed in a language of the study is not in it."""
    return any(_lacks(titles, language) for _, titles in _printed(study))


def _shown(texts: Sequence[tuple[str, Place | None]]) -> Phrase:
    """The first texts with their file, line and column, and how many more there are."""
    return listed([what if place is None else f"{what} ({_short(place)})" for what, place in texts])


def _short(place: Place) -> Place:
    return replace(place, file=PurePath(place.file).name)


def _lacks(titles: Titles, language: Language) -> bool:
    return bool(titles) and not told_in(titles, language)


def _printed(study: Study) -> Iterator[tuple[str, Titles]]:
    """Every text that an output prints: what it is called, and its titles."""
    measure = study.measure
    yield from _of_template(study.template)
    for name in ("title", "publisher", "universe", "total", "note", "citation", "official"):
        yield f"study: {name}", getattr(study, name)
    yield from _texts(measure.name, measure, ("title", "source", "note"))
    for dimension in measure.dimensions:
        yield from _texts(dimension.name, dimension, ("title", "note"))
    for indicator in measure.indicators:
        # Words of another language are not printed at all: see MPI-N210.
        yield from _texts(indicator.name, indicator, ("title", "legal_basis", "note"))
    for survey in study.surveys:
        yield from _of_survey(survey, study)
    for domain, labels in study.labels.items():
        yield from ((f"study: labels: {domain}: {code}", titles) for code, titles in labels.items())
    if study.reliability is not None:
        yield from _texts(study.reliability.name, study.reliability, ("title", "source"))
        for rule in study.reliability.rules:
            yield f"{study.reliability.name}: {rule.name}: says", rule.says
    for drawn in study.maps:
        for name in ("source", "vintage", "licence"):
            yield phrase("map of {domain}: {name}", domain=drawn.domain, name=name), getattr(drawn.boundaries, name)
        for inset in drawn.insets:
            yield phrase("map of {domain}: insets: title", domain=drawn.domain), inset.title
    yield f"{study.disclosure.name}: title", study.disclosure.title


def _of_template(template: Template | None) -> Iterator[tuple[str, Titles]]:
    if template is None:
        return
    for name in ("office", "address", "foreword", "contact", "licence", "note"):
        yield f"template: {name}", getattr(template, name)
    if template.logo is not None:
        yield "template: logo: alt", template.logo.alt


def _of_survey(survey: Survey, study: Study) -> Iterator[tuple[str, Titles]]:
    yield from _texts(survey.name, survey, ("title", "source", "note"))
    for period, titles in survey.breaks.items():
        yield f"{survey.name}: breaks: {period}", titles
    for name in study.domains:
        if name in survey.domains:
            yield f"{survey.name}: {name}: title", survey.domains[name].title
    if {"coverage", "programmes"} & {one.name for one in study.analyses}:
        for name, programme in survey.programmes.items():
            yield f"{survey.name}: {name}: title", programme.title


def _texts(owner: str, spec: object, names: tuple[str, ...]) -> Iterator[tuple[str, Titles]]:
    for name in names:
        yield f"{owner}: {name}", getattr(spec, name)
