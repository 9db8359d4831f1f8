"""The profiles of the rounds of a study: read from the microdata, or from the files that `mpi profile` wrote.

A saved profile stands for the data of a survey only if the study would make the same one: its rules are compared one by
one, with the measure and with what the survey says. What only the data tell (labels of files, crosswalks) cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from mpi.analysis.analysing import marks_for
from mpi.changes import in_order
from mpi.changes.rounds import time_of
from mpi.errors import Fault, MpiError, Place, UsageError, listed
from mpi.language import phrase
from mpi.pipeline.design import declared_of
from mpi.pipeline.passing import profile_of, with_others
from mpi.profile import DeprivationProfile, fitted, other_rules, rules_of
from mpi.profile.marks import BESIDE, PROGRAMME, beside_name
from mpi.profile.norm import differing, judged_by
from mpi.source import Running, files_of, open_survey
from mpi.specs.children import CHILD, CHILDREN
from mpi.specs.measure import Measure
from mpi.specs.study import Study
from mpi.specs.survey import Survey

Say = Callable[[str], None]
DESIGN = ("single_psu", "collapse", "rounds")  # of a design, what is no rule with a hash
AGAIN = phrase(
    "make it again with `mpi profile`, or remove it from `profiles:`, so that the files of the survey are read"
)


def read_rounds(
    study: Study,
    data: Path,
    say: Say = lambda _: None,
    running: Running | None = None,
    queries: list[Mapping[str, object]] | None = None,
) -> tuple[DeprivationProfile, ...]:
    """The profiles of the rounds of a study, the oldest first: the pass over the microdata.

    Parameters
    ----------
    study : Study
    data : Path
        Folder of the files of surveys, and of saved profiles.
    say : callable
        Takes the name of each stage.
    running : Running, optional
        With how many threads and how much memory surveys are read, and who is told of it.
    queries : list, optional
        Gets what a manifest says of the queries that gave rows.

    Raises
    ------
    UsageError, DataError
        If data are refused, or a saved profile is not what the study would make.
    """
    profiles = []
    for survey in study.surveys:
        say(f"reading {survey.name}")
        if survey.name in study.profiles:
            profiles.append(saved_round(study, survey, data))
            continue
        opened = open_survey(survey, data)
        if queries is not None:
            queries += [{"survey": survey.name, **asdict(one)} for one in opened.asked]
        measure = with_others(study.measure, beside_in(study, survey))
        profiles.append(profile_of(opened, measure, domains=domains_of_round(study, survey), running=running))
    return tuple(in_order(profiles) if len(profiles) > 1 else profiles)


def domains_of_round(study: Study, survey: Survey) -> list[str]:
    """What the profile of a round has to keep: the domains of the study, and what its analyses read of programmes."""
    return [*study.domains, *marks_for([one.name for one in study.analyses], survey.programmes, study.measure)]


def beside_in(study: Study, survey: Survey) -> tuple[Measure, ...]:
    """The other measures that judge the units of a round; those of analyses that of the last one alone."""
    times = [time_of(one) for one in study.surveys]
    known = [(time, i) for i, time in enumerate(times) if time is not None]
    last = max(known)[1] if len(known) == len(times) else len(times) - 1
    return study.beside if study.surveys[last] is survey else study.measures


def files_of_round(study: Study, survey: Survey, data: Path) -> tuple[Path, ...]:
    """The files that a round is read from, without opening them."""
    if survey.name not in study.profiles:
        return files_of(survey, data)
    path = data / study.profiles[survey.name]
    return (path,) if path.is_file() else ()


def saved_round(study: Study, survey: Survey, data: Path) -> DeprivationProfile:
    """The profile of a round from its file, by the domains of the study.

    Raises
    ------
    DataError
        If the file is not a whole profile.
    UsageError
        If it is not the profile that the study would make, with everything that differs.
    """
    path = data / study.profiles[survey.name]
    profile = DeprivationProfile.read(path)
    place = Place(str(path))
    faults = [Fault("MPI-E170", place, text, AGAIN) for text in _misfits(profile, study, survey)]
    try:
        fitted(profile, study.measure)
    except MpiError as error:
        faults += [Fault(one.code, place, one.text, one.remedy) for one in error.faults]
    if faults:
        raise UsageError(*faults)
    if tuple(domain.name for domain in profile.domains) == study.domains:
        return profile
    return profile.keep_domains(study.domains)


def _misfits(profile: DeprivationProfile, study: Study, survey: Survey) -> Iterator[str]:
    """In what a profile is not of a survey, or lacks what a study needs, in words."""
    if (profile.survey, profile.period) != (survey.name, survey.period):
        yield phrase(
            "the profile is of {profile}, not of {survey}",
            profile=f"{profile.survey} {profile.period}".strip(),
            survey=f"{survey.name} {survey.period}".strip(),
        )
        return
    own = {domain.name for domain in profile.domains}
    if lacking := [name for name in study.domains if name not in own]:
        yield phrase("the profile lacks domains of the study: {names}", names=listed(lacking, len(lacking)))
    own = {mark.name.removeprefix(PROGRAMME) for mark in profile.marks} | (
        {CHILDREN} if _of_children(profile) else set()
    )
    if lacking := [name for name in domains_of_round(study, survey)[len(study.domains) :] if name not in own]:
        yield phrase("the profile lacks what the analyses read: {names}", names=listed(lacking, len(lacking)))
    there = {mark.name: mark.rule for mark in profile.marks}
    if others := [
        one.name
        for one in beside_in(study, survey)
        if any(there.get(beside_name(one.name, name)) != judged_by(one) for name in one.names)
    ]:
        yield phrase("the profile was made without the second measure {names}", names=listed(others))
    measure = with_others(study.measure, beside_in(study, survey))
    differ = [*_other_rules(profile, measure, survey), *_other_words(profile, survey)]
    if differ:
        yield phrase("the profile was made with other rules of the survey: {names}", names=listed(differ, len(differ)))


def _of_children(profile: DeprivationProfile) -> bool:
    return any(mark.name == CHILD for mark in profile.marks)


def _other_rules(profile: DeprivationProfile, measure: Measure, survey: Survey) -> Iterator[str]:
    """Rules of the survey that are not those of the profile; those of the measure are told apart."""
    if not profile.rules:  # ready-made deprivations
        return
    unread = {f"crosswalk {name}" for name in survey.crosswalks}
    for kind, parts in (("domain", survey.domains), ("variable", survey.variables)):
        unread |= {f"{kind} {name}" for name, one in parts.items() if one.labelled and one.codes is None}
    said = rules_of(measure, survey)
    unread |= {key for key in profile.rules if key.startswith(BESIDE) and key not in said}
    made, now = ({key: rule for key, rule in rules.items() if key not in unread} for rules in (profile.rules, said))
    of_measure = other_rules(profile.rules, measure)
    domains = [domain.name for domain in profile.domains]
    domains += [mark.name.removeprefix(PROGRAMME) for mark in profile.marks]
    yield from (one for one in differing(made, now, domains) if one not in of_measure)


def _other_words(profile: DeprivationProfile, survey: Survey) -> Iterator[str]:
    """What else of a survey goes with the figures."""
    made = profile.sample.declared
    replicates = None if made.replication is None else made.replication.replicates
    now = declared_of(survey.design, replicates)
    for name in DESIGN:
        if getattr(made, name) != getattr(now, name):
            yield phrase("`{name}:` of the survey's design", name=name)
    if profile.time != survey.time:
        yield phrase("`{name}:` of the survey", name="time")
