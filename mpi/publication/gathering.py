"""From a study and its files to a publication: profiles, estimates, disclosure control, changes, maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from mpi.analysis.score_distribution import bundles, co_deprivation, hide_small, score_distribution
from mpi.changes import Changes, changes_between, in_order
from mpi.disclosure import carried, protect, protect_changes
from mpi.disclosure.figures import read
from mpi.disclosure.publishable import Publishable, stacked
from mpi.errors import DataError, MpiError, Notice, ResourceError
from mpi.errors.omissions import Omission
from mpi.estimates import Estimates
from mpi.estimates.error_sources import errors_from
from mpi.estimates.estimates import by_sets
from mpi.files.digests import InputFile, input_file
from mpi.language import phrase
from mpi.maps.areas import Areas
from mpi.maps.boundaries import files_of_map
from mpi.maps.join import Join
from mpi.maps.shaping import fitted, load_areas
from mpi.pipeline.estimating import change, estimate
from mpi.pipeline.passing import profile_of
from mpi.profile import MISSING_LEVEL, DeprivationProfile
from mpi.publication.command import reproducing
from mpi.publication.comparing import comparisons_of, tests_of
from mpi.publication.edition import Edition, changes_of
from mpi.publication.languages import lacking
from mpi.publication.legible import legible_publication
from mpi.publication.model import DrawnMap, Publication, Round
from mpi.source import Running, files_of, open_survey, unchanged
from mpi.specs.study import MapSpec, Study
from mpi.vocabulary.options import Unit
from mpi.vocabulary.wording import LANGUAGES, Language, title_in

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

    Raises
    ------
    UsageError, DataError
        As the stages do.
    """
    held = inputs_of(study, data) if inputs is None else inputs
    with unchanged({file.path: file.state for file in held.values()}):
        return _gathered(study, data, say, command, running, inputs=held)


def _gathered(
    study: Study,
    data: Path,
    say: Say,
    command: Sequence[str],
    running: Running | None,
    *,
    inputs: Mapping[str, InputFile],
) -> Gathered:
    boundaries, told, refused = boundaries_of(study, data, say)
    _refuse(refused)
    profiles, queries = [], list[Mapping[str, object]]()
    for survey in study.surveys:
        say(f"reading {survey.name}")
        opened = open_survey(survey, data)
        queries += [{"survey": survey.name, **asdict(one)} for one in opened.asked]
        profiles.append(profile_of(opened, study.measure, domains=list(study.domains), running=running))
    if len(profiles) > 1:
        profiles = in_order(profiles)
    say("estimating")
    estimates = tuple(tuple(_estimates(study, profile)) for profile in profiles)
    say("protecting")
    parts = [part for own in estimates for part in protect(own, study.disclosure)]
    changes = _changes(study, profiles, estimates, parts, say) if len(profiles) > 1 else None
    rounds = tuple(_round(study, profile, own[0]) for profile, own in zip(profiles, estimates, strict=True))
    maps, notices = _maps(study, boundaries, profiles[-1])
    last = estimates[-1][0]
    del estimates  # large ones are not held beside the whole table
    made = [stacked(parts.pop(0) for _ in range(len(parts)))] + ([changes] if changes is not None else [])
    notices = [*(notice for figures in made for notice in figures.notices), *told, *notices, *lacking(study)]
    tests = tests_of(study, last, made[0], profiles[-1].period)
    comparisons = comparisons_of(study, last, made[0], maps, profiles[-1].period)
    publication = legible_publication(
        Publication(
            study=study,
            measure=study.measure,
            rounds=rounds,
            figures=made[0],
            changes=changes,
            names=_names(maps),
            maps=tuple(maps),
            notices=tuple(dict.fromkeys(notices)),
            tests=tests,
            comparisons=comparisons,
        )
    )
    scores, bundles_, pairs = _distributions(study, profiles[-1])
    return Gathered(
        publication=publication,
        profiles=tuple(profiles),
        scores=scores,
        bundles=bundles_,
        co_deprivation=pairs,
        inputs=inputs,
        command=reproducing(command),
        queries=tuple(queries),
    )


def _distributions(study: Study, profile: DeprivationProfile) -> list[pa.Table]:
    """How far units are from the cutoff, what they lack together; without what rests on too few."""
    unit, k, rules = study.units[0], study.cutoffs[0], study.disclosure
    made = [
        score_distribution(profile, study.measure, unit),
        bundles(profile, study.measure, k, unit=unit),
        co_deprivation(profile, study.measure, k, unit=unit),
    ]
    return [hide_small(table, persons=rules.persons, households=rules.households) for table in made]


def inputs_of(study: Study, data: Path) -> dict[str, InputFile]:
    """Every file of microdata and boundaries that a study reads, by its name, with its hash, before any is read.

    Two surveys may have files of one name, in folders of their own. What is not there is told of by whoever reads it.
    """
    files = [path for survey in study.surveys for path in files_of(survey, data)]
    files += [path for spec in study.maps for path in files_of_map(spec, data) if path.is_file()]
    return {
        (path.relative_to(data).as_posix() if path.is_relative_to(data) else path.name): input_file(path)
        for path in files
    }


def _estimates(study: Study, profile: DeprivationProfile) -> list[Estimates]:
    return [
        estimate(
            profile,
            study.measure,
            by=study.sets,
            k=study.cutoffs,
            unit=unit,
            level=study.level,
            df=study.df,
            variance=study.variance,
            reliability=study.reliability,
        )
        for unit in study.units
    ]


def _changes(
    study: Study,
    profiles: Sequence[DeprivationProfile],
    estimates: Sequence[Sequence[Estimates]],
    parts: Sequence[Publishable],
    say: Say,
) -> Publishable:
    """Changes between the rounds, hidden where either figure is."""
    say("comparing rounds")
    found = [
        _changed(study, profiles, unit, [of_round[number] for of_round in estimates])
        for number, unit in enumerate(study.units)
    ]
    return stacked([protect_changes(changes, parts) for changes in found])


def _changed(
    study: Study, profiles: Sequence[DeprivationProfile], unit: Unit, estimates: Sequence[Estimates]
) -> Changes:
    """Changes of one unit; from the estimates of the rounds, if those too have their errors from the design."""
    if study.variance == "design" and set(study.changes_by) <= set(study.sets):
        own = [by_sets(one, study.changes_by) for one in estimates]
        return changes_between(profiles, own, rounds=study.rounds, adjust=study.adjust)
    return change(
        profiles,
        study.measure,
        by=study.changes_by,
        k=study.cutoffs,
        unit=unit,
        level=study.level,
        df=study.df,
        rounds=study.rounds,
        harmonised=study.harmonised,
        adjust=study.adjust,
        reliability=study.reliability,
    )


def _round(study: Study, profile: DeprivationProfile, estimates: Estimates) -> Round:
    survey = next(survey for survey in study.surveys if survey.name == profile.survey)
    sample, cells = profile.sample, profile.cells
    told: dict[str, str] = {one: errors_from(estimates, one) for one in LANGUAGES}
    return Round(
        survey=survey,
        period=profile.period,
        counts=profile.counts,
        persons=int(cells.persons.sum()),
        households=int(cells.households.sum()),
        population=float(cells.person_weight.sum()),
        strata=len(sample.strata) if any(sample.strata) else None,
        psus=int(sample.psus.sum()) if survey.design.psu else None,
        census=sample.census,
        errors_from=told,
        breaks=profile.breaks,
        notices=profile.notices,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Drawable:
    """A map whose boundaries are read, before the codes of the figures are known."""

    spec: MapSpec
    areas: Areas
    join: Join
    labels: Mapping[str, str]


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


def _maps(study: Study, read: Sequence[Drawable], profile: DeprivationProfile) -> tuple[list[DrawnMap], list[Notice]]:
    """The maps, joined to the codes of the figures, with the profile that each may carry."""
    found: list[DrawnMap] = []
    notices: list[Notice] = []
    refused: list[MpiError] = []
    for one in read:
        domain = one.spec.domain
        codes = polygons_wanted(profile, domain, one.areas)
        try:
            join = fitted(one.areas, one.join, one.spec, codes, one.labels)
        except ResourceError:
            raise
        except MpiError as error:
            refused.append(error)
            continue
        own = None
        if one.spec.live:
            own, why = carried(profile, study.measure, domain, study.disclosure)
            if own is None:
                notices.append(
                    Notice("MPI-N024", phrase("the map of {domain} does not recompute: {why}", domain=domain, why=why))
                )
        found.append(DrawnMap(one.spec, one.areas, join, own))
    _refuse(refused)
    return found, notices


def polygons_wanted(profile: DeprivationProfile, domain: str, areas: Areas) -> list[str]:
    """The codes of a domain that want a polygon; a declared one that nobody has is drawn if there is one."""
    place = profile.domain(domain)
    labels = profile.domains[place].labels
    met = np.bincount(profile.cells.domains[:, place], minlength=len(labels)) > 0
    return [
        code
        for code, there in zip(labels, met.tolist(), strict=True)
        if code != MISSING_LEVEL and (there or code in areas.codes)
    ]


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
