"""The layers and the interactive page of a map, from what a publication holds."""

from __future__ import annotations

from collections.abc import Sequence

from mpi.drawing.office import page_parts
from mpi.language import phrase, translated
from mpi.language.names import LanguageName
from mpi.maps.interactive import MapTexts, map_page
from mpi.maps.layers import Layer, layers_of, reclassed
from mpi.publication.gathering import Gathered
from mpi.publication.languages import lacks_texts
from mpi.publication.model import DrawnMap, Publication
from mpi.runs.map_findings import findings_of, period_of
from mpi.specs.study import MapSpec, Study
from mpi.vocabulary.options import SCHEMES, Scheme, Titles
from mpi.vocabulary.wording import MARKS, Language, title_in

DATA: Titles = translated("Data")
BORDERS: Titles = translated("Boundaries")


def layers_of_map(gathered: Gathered, drawn: DrawnMap) -> tuple[Layer, ...]:
    """The layers of a map in the published period, of the first unit of the study; made once in a process."""
    domain = drawn.spec.domain
    if domain not in gathered.layers:
        gathered.layers[domain] = _layers(gathered.publication, drawn)
    return gathered.layers[domain]


def _layers(publication: Publication, drawn: DrawnMap) -> tuple[Layer, ...]:
    spec = drawn.spec
    return layers_of(
        publication.figures,
        spec.domain,
        drawn.areas.codes,
        unit=publication.study.units[0],
        period=publication.period,
        scheme=spec.scheme,
        classes=spec.classes,
        breaks=spec.breaks,
    )


def page_of(publication: Publication, drawn: DrawnMap, layers: Sequence[Layer]) -> str:
    """The interactive map of a domain as the text of its file."""
    study, spec, areas = publication.study, drawn.spec, drawn.areas
    further = {layer.name: _schemes(layer, spec) for layer in layers}
    beside = period_of(publication, drawn, publication.period)
    return map_page(
        areas,
        layers,
        texts_of(publication, drawn),
        measure=publication.measure,
        period=publication.period,
        unit=study.units[0],
        languages=study.languages,
        upper=beside.upper,
        total=beside.total,
        level=study.level,
        schemes=further,
        profile=drawn.profile,
        meanings=_meanings(publication),
        official=study.official,
        findings=findings_of(publication, drawn, layers),
        style=publication.style,
        own=page_parts(study.template, study.languages, dark="button"),
    )


def _meanings(publication: Publication) -> dict[str, Titles]:
    """What each standing means, by language."""
    told = {language: publication.mark_meanings(language) for language in publication.study.languages}
    return {name: {language: words[name] for language, words in told.items()} for name in MARKS}


def _schemes(layer: Layer, spec: MapSpec) -> dict[Scheme, list[float]]:
    """The breaks of a layer by every scheme that it can have."""
    made = [
        layer if scheme == spec.scheme else reclassed(layer, scheme, classes=spec.classes, breaks=spec.breaks)
        for scheme in SCHEMES
    ]
    return {one.scheme: one.breaks.tolist() for one in made}


def texts_of(publication: Publication, drawn: DrawnMap) -> MapTexts:
    """What a map says of itself."""
    study, spec = publication.study, drawn.spec
    languages = study.languages
    above = (spec.upper.domain or "") if spec.upper is not None else ""
    survey, file = publication.rounds[-1].survey, spec.boundaries

    def source(language: Language) -> str:
        borders = ", ".join(
            filter(None, (title_in(one, language, "") for one in (file.source, file.vintage, file.licence)))
        )
        parts = [
            title_in(study.publisher, language, ""),
            f"{DATA[language]}: {title_in(survey.title, language, survey.name)}",
            f"{BORDERS[language]}: {borders}" if borders else "",
        ]
        return ". ".join(part for part in parts if part)

    return MapTexts(
        title=study.title,
        area={language: publication.domain_title(spec.domain, language) for language in languages},
        upper={language: publication.domain_title(above, language) for language in languages} if above else {},
        total=study.total,
        source={language: source(language) for language in languages},
        note={language: _note(study, language) for language in languages},
        disclosure=study.disclosure.title,
    )


def _note(study: Study, language: Language) -> str:
    """The note of a study, and that some texts are in another language where they are."""
    said = title_in(study.note, language, "")
    if not lacks_texts(study, language):
        return said
    text = phrase(
        "Some texts are not available in {language} and are shown as they are.", language=LanguageName(language)
    )
    return " ".join(filter(None, (said, text.to(language))))
