"""A study without its figures: whether a run would be refused, and what it would write; all faults at once.

Of the microdata only the keys and the codes of domains are read: which groups there are, and whether their codes have a
polygon. Columns of rules are looked for in the files' schemas. Times and sizes are estimates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mpi.config.composing import compose
from mpi.config.measures import read_measure
from mpi.errors import Fault, MpiError, Notice, ResourceError, counted
from mpi.language import phrase
from mpi.maps.shaping import fitted
from mpi.pipeline.binding.beside import bind_all
from mpi.pipeline.passing import profile_of, with_others
from mpi.profile import DeprivationProfile
from mpi.publication.analysing import check_derived
from mpi.publication.computing import polygons_wanted
from mpi.publication.costs import costs_of_plans, refuse_codes
from mpi.publication.countries import map_of_countries, study_of
from mpi.publication.gathering import boundaries_of
from mpi.publication.languages import lacking, unlabelled
from mpi.publication.panels import check_panel
from mpi.publication.places import places_of
from mpi.publication.rounds import beside_in, domains_of_round, saved_round
from mpi.publication.targets import with_targets
from mpi.runs.running import folder_of, refuse_mapless
from mpi.source import OpenedSurvey, Running, open_survey
from mpi.specs.measure import Measure
from mpi.specs.study import Study
from mpi.specs.survey import Design
from mpi.vocabulary.options import Output
from mpi.vocabulary.statistics import DEFINITIONS

NOTHING = """\
measure: codes_alone
title: codes alone
identification: {identification}
k: 1
missing: exclude
variables: {{}}
dimensions: {{none: {{indicators: {{none: {{deprived: 1 = 2}}}}}}}}
"""
# Measured with the sample survey (two rounds, one thread): what a run takes in CPU seconds and bytes.
READ, ESTIMATED, WRITTEN = 1_500_000, 120_000, 60_000  # rows a second
FIXED = 10.0  # seconds: libraries, pages, pictures
PER_AREA = 0.02  # seconds of a page
ROW_BYTES = 40  # of a figure in all tables together
PERSON_BYTES, FIGURE_BYTES, BASE_BYTES = 30, 400, 350_000_000  # of memory


@dataclass(slots=True)
class Rehearsal:
    """What was found: lines for a screen, notices, and the faults of which a run would be refused.

    Attributes
    ----------
    refusals : list of MpiError
        One for each stage that refuses; empty: a run would begin.
    """

    lines: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    refusals: list[MpiError] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep a refusal and go on; that the machine gives too little is no fault of the study."""
        try:
            yield
        except ResourceError:
            raise
        except MpiError as error:
            self.refusals.append(error)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, each once."""
        return tuple(dict.fromkeys(fault for error in self.refusals for fault in error.faults))

    @property
    def refusal(self) -> MpiError | None:
        """All faults as one error of the kind that a run would end with: that of the first stage that refuses."""
        return type(self.refusals[0])(*self.faults) if self.refusals else None


def rehearse(
    study: Study, data: str | Path | None = None, only: Sequence[Output] = (), *, running: Running | None = None
) -> Rehearsal:
    """What a run of a study would meet, without its figures.

    Parameters
    ----------
    study : Study
    data : str or Path, optional
        Folder of the files of surveys and boundaries; that of the study if left out.
    only : sequence of str
        The outputs that are asked for; those of the study if left out.
    running : Running, optional
        With how many threads and how much memory the codes are read.

    Raises
    ------
    UsageError
        If no folder of data is known.
    """
    found = Rehearsal(notices=lacking(study))
    folder = folder_of(study, data)
    with found.collecting():
        refuse_mapless(study, only)
        check_derived(study)
    maps, told, refused = boundaries_of(study, folder)
    map_of_countries(study, folder, lambda _: None, refused)
    found.refusals += refused
    found.notices += told
    with found.collecting():
        costs_of_plans(study, folder)
    with found.collecting():
        places_of(study, folder)
    with found.collecting():
        with_targets(study, folder)
    codes: list[DeprivationProfile] = []
    rows = 0
    for survey in study.surveys:
        with found.collecting():
            if survey.name in study.profiles:
                saved = saved_round(study, survey, folder)
                found.lines.append(
                    phrase("  {survey}: the profile {file}", survey=survey.name, file=study.profiles[survey.name])
                )
                codes.append(saved)
                continue
            opened = open_survey(survey, folder)
            tables = ", ".join(f"{name} {table.rows:,}" for name, table in opened.everything.items())
            found.lines.append(phrase("  {survey}: rows of {tables}", survey=survey.name, tables=tables))
            rows += sum(table.rows for table in opened.everything.values())
            with found.collecting():
                measure = with_others(study.measure, beside_in(study, survey))
                bind_all(measure, opened, domains_of_round(study, survey))
            codes.append(_codes(opened, study, running))
    for country in study.other_countries:
        rows += _of_country(study_of(study, country), folder, found)
    with found.collecting():
        check_panel(study, folder)
    if len(codes) < len(study.surveys):
        return found
    with found.collecting():
        refuse_codes(study, codes[-1])
    for one in maps:
        with found.collecting():
            wanted = polygons_wanted(codes[-1], one.spec.domain, one.areas)
            join = fitted(one.areas, one.join, one.spec, wanted, one.labels)
            areas = counted(len(one.areas.codes), "area")
            text = phrase("  map of {domain}: {areas}, {number:,} with figures", domain=one.spec.domain, areas=areas,
                          number=join.matched)  # fmt: skip
            found.lines.append(text)
    found.notices += unlabelled(study, _met(study, codes))
    figures = _figures(study, codes)
    areas_drawn = sum(len(one.areas.codes) for one in maps)
    found.lines += _expected(study, tuple(only) or study.outputs, rows, figures, areas_drawn)
    return found


def _of_country(study: Study, folder: Path, found: Rehearsal) -> int:
    """The rows of the surveys of another country, whose measure they must have everything for."""
    rows = 0
    for survey in study.surveys:
        with found.collecting():
            opened = open_survey(survey, folder)
            tables = ", ".join(f"{name} {table.rows:,}" for name, table in opened.everything.items())
            found.lines.append(phrase("  {survey}: rows of {tables}", survey=survey.name, tables=tables))
            rows += sum(table.rows for table in opened.everything.values())
            bind_all(study.measure, opened, domains_of_round(study, survey))
    return rows


def _codes(opened: OpenedSurvey, study: Study, running: Running | None) -> DeprivationProfile:
    """Which groups there are: a profile of the domains alone, for a measure that asks for nothing."""
    identification = study.measure.identification
    measure: Measure = read_measure(compose(NOTHING.format(identification=identification), "codes"))
    bare = replace(opened, survey=replace(opened.survey, design=Design(weight=None), variables={}))
    return profile_of(bare, measure, domains=list(study.domains), running=running)


def _groups(profile: DeprivationProfile, names: Sequence[str]) -> int:
    """How many groups a crossing of domains has."""
    places = [profile.domain(name) for name in names]
    if len(places) == 1:
        return len(profile.domains[places[0]].labels)
    return len(np.unique(profile.cells.domains[:, places], axis=0))


def _figures(study: Study, codes: Sequence[DeprivationProfile]) -> int:
    """How many estimates a run makes: for each round, unit and group what the statistics give at each cutoff."""
    measure, cutoffs = study.measure, len(study.cutoffs)
    combined = sum(dimension.at_least is not None for dimension in measure.dimensions)  # a sum has no headcount
    each = 0
    for one in DEFINITIONS.values():
        dimensions = combined if one.numerator == "deprived" else len(measure.dimensions)
        parts = {"whole": 1, "dimension": dimensions, "indicator": len(measure.indicators)}
        each += sum(parts[kind] for kind in one.of) * (cutoffs if one.by_cutoff else 1)
    groups = sum(1 + sum(_groups(profile, names) for names in study.by) for profile in codes)
    return groups * each * len(study.units)


def _met(study: Study, codes: Sequence[DeprivationProfile]) -> dict[str, set[str]]:
    """By domain the codes of all rounds."""
    return {
        domain: {label for profile in codes for label in profile.domains[profile.domain(domain)].labels}
        for domain in study.domains
    }


def _expected(study: Study, outputs: Sequence[Output], rows: int, figures: int, areas: int) -> list[str]:
    """What a run would write and take, as estimates."""
    languages, pages = len(study.languages), set(outputs)
    files: dict[Output, int] = {
        "report": languages,
        "workbook": languages,
        "board": languages,
        "areas": languages * (areas + 1) if areas else 0,
        "maps": 2 * len(study.maps),
        "map_data": len(study.maps),
    }
    made = [f"{name} ({files[name]:,})" if files.get(name) else name for name in outputs if files.get(name) != 0]
    seconds = FIXED + rows / READ + figures / ESTIMATED + (figures / WRITTEN if pages & {"results", "workbook"} else 0)
    seconds += PER_AREA * files["areas"] if "areas" in pages else 0
    expected = phrase(
        "  expected (an estimate): {figures:,} figures, {megabytes:,} MB of results, {seconds:,.0f} s of one core, "
        "{memory:,} MB of memory",
        figures=figures,
        megabytes=max(1, round(figures * ROW_BYTES / 1e6)),
        seconds=seconds,
        memory=round((BASE_BYTES + rows * PERSON_BYTES + figures * FIGURE_BYTES) / 1e6),
    )
    told = phrase("  outputs, with numbers of pages where they are known: {outputs}", outputs=", ".join(made))
    return [told, expected]
