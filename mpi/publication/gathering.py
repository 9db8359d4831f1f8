"""From a study and its files to a publication: profiles, estimates, disclosure control, changes, maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from mpi.disclosure.figures import read
from mpi.errors import DataError, MpiError, Notice, ResourceError
from mpi.errors.omissions import Omission
from mpi.files.digests import InputFile, input_file
from mpi.files.stores import StorePath
from mpi.language import phrase
from mpi.maps.boundaries import files_of_map
from mpi.maps.layers import Layer
from mpi.maps.shaping import fitted, load_areas
from mpi.profile import DeprivationProfile
from mpi.publication.analysing import check_derived
from mpi.publication.command import reproducing
from mpi.publication.computing import Computed, Store, compute
from mpi.publication.costs import costs_of_plans, tables_of_costs
from mpi.publication.countries import files_of_countries, map_of_countries, read_countries
from mpi.publication.edition import Edition, changes_of
from mpi.publication.languages import lacking, unlabelled
from mpi.publication.legible import legible_publication
from mpi.publication.model import Drawable, DrawnMap, Publication
from mpi.publication.panels import files_of_panel, read_panel
from mpi.publication.places import places_of, tables_of_places
from mpi.publication.rounds import files_of_round, read_rounds
from mpi.publication.series import series_of
from mpi.publication.targets import table_of_targets, with_targets
from mpi.source import Running, unchanged
from mpi.specs.study import MapSpec, Study
from mpi.vocabulary.wording import Language, title_in

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Gathered:
    """A publication, and what it was computed from: never for a writer.

    Attributes
    ----------
    profiles : tuple of DeprivationProfile
        Of the rounds, the oldest first.
    scores, bundles, co_deprivation : pyarrow.Table
        Of the last round, see `mpi.analysis.score_distribution`; without what the disclosure rules hide.
    inputs : mapping of str to InputFile
        Files of microdata and boundaries as they were read, by their name below the data folder.
    command : str
        What makes the publication again, see `mpi.publication.command`.
    queries : tuple of mapping
        What a manifest says of the queries that gave rows: survey, table, database, hashes, rows, columns.
    left_out : list of Omission
        What could not be made; the writers add to it.
    layers : dict of str to tuple of Layer
        Of the map of each domain, kept by the first writer that asks for them, see `mpi.runs.mapping.layers_of_map`.
    """

    publication: Publication
    profiles: tuple[DeprivationProfile, ...]
    scores: pa.Table
    bundles: pa.Table
    co_deprivation: pa.Table
    inputs: Mapping[str, InputFile]
    command: str
    queries: tuple[Mapping[str, object], ...] = ()
    left_out: list[Omission] = field(default_factory=list)
    layers: dict[str, tuple[Layer, ...]] = field(default_factory=dict)

    def edition(self, language: Language) -> Edition:
        """The publication in a language."""
        return Edition(
            publication=self.publication,
            language=language,
            figures=read(self.publication.figures),
            changes=changes_of(self.publication),
            scores=self.scores,
            bundles=self.bundles,
            co_deprivation=self.co_deprivation,
        )


def gather(
    study: Study,
    data: Path,
    say: Say,
    command: Sequence[str] = (),
    running: Running | None = None,
    *,
    inputs: Mapping[str, InputFile] | None = None,
    store: Store | None = None,
) -> Gathered:
    """Everything that the writers of a publication need, from one pass over the microdata of each survey.

    Parameters
    ----------
    study : Study
    data : Path
        Folder of the files of surveys and boundaries.
    say : callable
        Takes the name of each stage.
    command : sequence of str
        What was typed.
    running : Running, optional
        With how many threads and how much memory surveys are read, and who is told of it.
    inputs : mapping of str to InputFile, optional
        What `inputs_of` gave, if it was called.
    store : Store, optional
        Figures of an earlier run that were computed from the same; if it has them, the microdata are not read.

    Raises
    ------
    UsageError, DataError
        As the stages do.
    """
    check_derived(study)
    held = inputs_of(study, data) if inputs is None else inputs
    with unchanged({file.path: file.state for file in held.values()}):
        study = with_targets(study, data)
        costs, places = costs_of_plans(study, data), places_of(study, data)
        boundaries, told, refused = boundaries_of(study, data, say)
        countries, of_countries = map_of_countries(study, data, say, refused)
        told += of_countries
        _refuse(refused)
        queries: list[Mapping[str, object]] = []
        profiles: tuple[DeprivationProfile, ...] = ()
        computed = earlier = None if store is None else store.found(study)
        if computed is None:
            profiles = read_rounds(study, data, say, running, queries)
            panel = read_panel(study, data, say, running, queries)
            others = read_countries(study, data, say, running, queries)
            computed = compute(
                study, profiles, boundaries, say, costs=costs, places=places, panel=panel, countries=others
            )
    if store is not None and earlier is None:
        store.keep(computed)  # only now is it known that no input changed while it was read
    maps, notices = _maps(study, boundaries, computed)
    made = [
        computed.figures,
        *([] if computed.changes is None else [computed.changes]),
        *computed.analyses.values(),
        *computed.movements.values(),
    ]
    made += [] if computed.plans is None else [computed.plans]
    made += computed.others.values()
    made += [] if computed.countries is None else [computed.countries]
    notices = [*(notice for figures in made for notice in figures.notices), *told, *notices, *lacking(study)]
    found = read(computed.figures)
    notices += unlabelled(study, {domain: found.codes(domain) for domain in study.domains if domain in found.domains})
    publication = legible_publication(
        Publication(
            study=study,
            measure=study.measure,
            rounds=computed.rounds,
            figures=computed.figures,
            changes=computed.changes,
            names=_names(maps),
            maps=tuple(maps),
            notices=tuple(dict.fromkeys(notices)),
            tests=computed.tests,
            comparisons=computed.comparisons,
            analyses=computed.analyses,
            progress=computed.progress,
            plans=computed.plans,
            choices=computed.choices,
            official=series_of(study),
            others=computed.others,
            movements=computed.movements,
            countries=computed.countries,
            country_rounds=computed.country_rounds,
            country_map=countries,
        )
    )
    return Gathered(
        publication=publication,
        profiles=profiles,
        scores=computed.scores,
        bundles=computed.bundles,
        co_deprivation=computed.co_deprivation,
        inputs=held,
        command=reproducing(command),
        queries=tuple(queries),
    )


def inputs_of(study: Study, data: Path) -> dict[str, InputFile]:
    """Every file of data, profiles and boundaries that a study reads, by its name, with its hash, before any is read.

    Two surveys may have files of one name, in folders of their own. What is not there is told of by whoever reads it.
    """
    files = [path for survey in study.surveys for path in files_of_round(study, survey, data)]
    files += [*files_of_panel(study, data), *files_of_countries(study, data)]
    files += [path for spec in study.every_map for path in files_of_map(spec, data) if path.is_file()]
    tables = (*table_of_targets(study, data), *tables_of_costs(study, data), *tables_of_places(study, data))
    files += [path for path in tables if path.is_file()]
    return {
        path.relative_to(data).as_posix()
        if path.is_relative_to(data)
        else str(path)
        if isinstance(path, StorePath)
        else path.name: input_file(path)
        for path in files
    }


def boundaries_of(
    study: Study, data: Path, say: Say = lambda _: None
) -> tuple[list[Drawable], list[Notice], list[MpiError]]:
    """The boundaries of every map, and why others cannot be read: before the microdata, which may take long."""
    found: list[Drawable] = []
    notices: list[Notice] = []
    refused: list[MpiError] = []
    for spec in study.maps:
        say(phrase("reading boundaries of {domain}", domain=spec.domain))
        labels = _labels(study, spec)
        try:
            areas, join, told = load_areas(spec, data, None, labels)
        except ResourceError:
            raise
        except MpiError as error:
            refused.append(error)
            continue
        found.append(Drawable(spec, areas, join, labels))
        notices += told
    return found, notices, refused


def _refuse(errors: Sequence[MpiError]) -> None:
    """Raise the faults of several errors as one, of their kind; faulty data outweigh faulty options."""
    if errors:
        worst = next((error for error in errors if isinstance(error, DataError)), errors[0])
        raise type(worst)(*(fault for error in errors for fault in error.faults))


def _maps(study: Study, read: Sequence[Drawable], computed: Computed) -> tuple[list[DrawnMap], list[Notice]]:
    """The maps, joined to the codes of the figures, with the profile that each may carry."""
    found: list[DrawnMap] = []
    notices: list[Notice] = []
    refused: list[MpiError] = []
    for one in read:
        domain = one.spec.domain
        try:
            join = fitted(one.areas, one.join, one.spec, computed.wanted[domain], one.labels)
        except ResourceError:
            raise
        except MpiError as error:
            refused.append(error)
            continue
        own = None
        if one.spec.live:
            own, why = computed.carried[domain]
            if own is None:
                notices.append(
                    Notice("MPI-N024", phrase("the map of {domain} does not recompute: {why}", domain=domain, why=why))
                )
        found.append(DrawnMap(one.spec, one.areas, join, own))
    _refuse(refused)
    return found, notices


def _labels(study: Study, spec: MapSpec) -> dict[str, str]:
    """Names of codes as the study gives them."""
    language = study.languages[0]
    return {code: title_in(titles, language, code) for code, titles in study.labels.get(spec.domain, {}).items()}


def _names(maps: Sequence[DrawnMap]) -> Mapping[str, Mapping[str, str]]:
    """Names of areas, and of the areas that hold them, as the boundary files give them."""
    found: dict[str, dict[str, str]] = {}
    for one in maps:
        upper = one.spec.upper
        if upper is not None and upper.domain is not None:
            _add(found, upper.domain, one.areas.upper_codes, one.areas.upper_names)
    for one in maps:
        _add(found, one.spec.domain, one.areas.codes, one.areas.names)
    return found


def _add(found: dict[str, dict[str, str]], domain: str, codes: Sequence[str], names: Sequence[str]) -> None:
    found.setdefault(domain, {}).update(zip(codes, names, strict=True))
