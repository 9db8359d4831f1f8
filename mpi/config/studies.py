"""A study from its YAML file, with everything that it names: all faults of all files at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from mpi.columns.values import not_none
from mpi.config import study_values as values
from mpi.config.analyses import check_programmes, read_analyses, read_derived, with_agreement
from mpi.config.composing import load
from mpi.config.countries import Home, Reading, read_countries, split_maps
from mpi.config.data_files import read_path
from mpi.config.disclosure import load_disclosure
from mpi.config.exchange import read_agency, read_sdg
from mpi.config.keys.studies import STUDY
from mpi.config.kinds import refuse_other_kinds
from mpi.config.locate import locate
from mpi.config.mappings import load_series
from mpi.config.measures import load_measure
from mpi.config.nodes import Node, Section
from mpi.config.panels import read_panel
from mpi.config.plans import read_plans
from mpi.config.reliability import load_reliability
from mpi.config.study_maps import read_maps
from mpi.config.surveys import load_survey
from mpi.config.targets import read_targets
from mpi.config.templates import load_template
from mpi.errors import ConfigError, Faults, Place, UsageError, listed, nearest
from mpi.errors.arguments import public
from mpi.files.stores import REMEDY, fault_in, is_address, location
from mpi.language import phrase, translated
from mpi.specs.countries import CountrySpec
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.study import Study
from mpi.specs.survey import Survey
from mpi.specs.targets import Target
from mpi.vocabulary.options import (
    ADJUST,
    OUTPUTS,
    RESULT_FORMATS,
    ROUNDS,
    STATUSES,
    UNITS,
    USUAL_LANGUAGES,
    USUAL_OUTPUTS,
    VARIANCES,
    Adjust,
    Rounds,
    Status,
    Titles,
    Unit,
    Variance,
)
from mpi.vocabulary.wording import LANGUAGES

DEFAULT_LEVEL = Fraction(95, 100)
T = TypeVar("T")


@public
def load_study(name: str | Path) -> Study:
    """A study from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `colombia_demo`.

    Raises
    ------
    ConfigError
        With every fault of the file and of the files that it names, each as file:line:column.
    """
    path = locate(name, "studies")
    root = load(path)
    return replace(read_study(root, path.parent), files=root.files)


def read_study(root: Node, folder: Path) -> Study:
    """The study that a file's root node describes; what it names is looked for beside it, then among those shipped."""
    refuse_other_kinds(root, "study")
    top = root.section(phrase("the study"), STUDY)
    named = _Named(folder, root.faults)
    measure, measures = _measures(top, named)
    surveys = named.several(top.get("surveys"), "surveys", load_survey)
    reliability = named.one(top.get("reliability"), "reliability", load_reliability)
    disclosure = named.one(top.get("disclosure"), "disclosure", load_disclosure)
    template = named.one(top.get("template"), "templates", load_template)
    if reliability is None and surveys and surveys[-1].reliability and "reliability" not in top:
        reliability = load_reliability(surveys[-1].reliability)
    cutoffs = _cutoffs(top.get("cutoffs"), measure)
    by = _by(top, "by")
    changes_by = by if "changes_by" not in top else _by(top, "changes_by")
    maps, country_map = split_maps(read_maps(top.get("maps")), countries="countries" in top)
    units = _units(top.get("units"), measure)
    data, name = top.read("data", Node.text, None), top.read("study", Node.identifier, "")
    title: Titles = top.read("title", Node.titles, {})
    publisher: Titles = top.read("publisher", Node.titles, {})
    universe: Titles = top.read("universe", Node.titles, {})
    total: Titles = top.read("total", Node.titles, translated("Total"))
    note: Titles = top.read("note", Node.titles, {})
    citation: Titles = top.read("citation", Node.titles, {})
    edition, licence = top.read("edition", Node.text, ""), top.read("licence", Node.text, "")
    released = top.read("released", values.date, datetime.date.min)
    level, df = top.read("level", values.level, DEFAULT_LEVEL), top.read("df", values.df, None)
    harmonised = top.read("harmonised", Node.yes, False)
    labels: Mapping[str, Mapping[str, Titles]] = top.read("labels", values.labels, {})
    official: Titles = top.read("official", values.official, {})
    targets, target_table = _targets(top.get("targets"), measure)
    analyses = read_analyses(
        top.get("analyses"), measure, by, cutoffs, lambda node: named.one(node, "measures", load_measure)
    )
    check_programmes(top.get("analyses"), analyses, surveys)
    analyses = with_agreement(analyses, measure, measures, by)
    derive = read_derived(top.get("derive"))
    domains = [name for names in (*by, *((one.domain,) for one in maps), *changes_by) for name in names]
    plans = read_plans(top.get("plans"), measure, by, list(dict.fromkeys(domains)))
    published = tuple(named.several(top.get("published"), "published", load_series))
    panel = read_panel(
        top.get("panel"), measure, surveys, by, lambda node, what: named.several(node, what, load_survey)
    )
    countries = _countries(top, named, Home(measure=measure, surveys=surveys, by=by, own_rules=reliability))
    agency, sdg = top.read("agency", read_agency, ""), read_sdg(top.get("sdg"), by)
    profiles = _profiles(top.get("profiles"), surveys)
    languages = _choices(top, "languages", LANGUAGES, USUAL_LANGUAGES)
    outputs = _choices(top, "outputs", OUTPUTS, USUAL_OUTPUTS)
    result_formats = _choices(top, "result_formats", RESULT_FORMATS, RESULT_FORMATS)
    status: Status = top.choice("status", STATUSES) or "final"
    variance: Variance = top.choice("variance", VARIANCES) or "design"
    rounds: Rounds | None = top.choice("rounds", ROUNDS)
    adjust: Adjust = top.choice("adjust", ADJUST) or "none"
    _check_domains(root, surveys, {"by": by, "changes_by": changes_by, "maps": [(one.domain,) for one in maps]})
    root.faults.refuse()  # also a measure, or rules of disclosure, that are not there
    return Study(
        name=name,
        title=title,
        publisher=publisher,
        universe=universe,
        total=total,
        note=note,
        edition=edition,
        status=status,
        released=released,
        citation=citation,
        licence=licence,
        measure=not_none(measure),
        surveys=tuple(surveys),
        data=None if data is None else _data(top, data, folder),
        by=by,
        changes_by=changes_by,
        cutoffs=cutoffs,
        units=units,
        level=float(level),
        variance=variance,
        df=df or "domain",
        rounds=rounds,
        harmonised=harmonised,
        adjust=adjust,
        reliability=reliability,
        disclosure=not_none(disclosure),
        languages=languages,
        labels=labels,
        maps=maps,
        outputs=outputs,
        result_formats=result_formats,
        official=official,
        targets=targets,
        target_table=target_table,
        template=template,
        agency=agency,
        sdg=sdg,
        profiles=profiles,
        analyses=analyses,
        derive=derive,
        plans=plans,
        published=published,
        measures=measures,
        panel=panel,
        countries=countries,
        country_map=country_map,
        place=Place(root.place.file),
    )


def _measures(top: Section, named: _Named) -> tuple[Measure | None, tuple[Measure, ...]]:
    """The measure that leads, and the others of a list."""
    node = top.get("measures")
    if not ("measure" in top or "measures" in top):
        text = phrase("{what}: the key {name!r} is missing", what=top.what, name="measure")
        top.node.wrong("MPI-C009", text, phrase("add `{name}:`", name="measure"))
    if "measure" in top and node is not None:
        text = phrase("the study names both `measure:` and `measures:`")
        node.wrong("MPI-C176", text, phrase("leave out one of them"))
    if node is None:
        return named.one(top.get("measure"), "measures", load_measure), ()
    found: dict[str, Measure] = {}
    for item in node.items("measures"):
        one = named.one(item, "measures", load_measure)
        if one is None:
            continue
        if one.name in found:
            text = phrase("two measures are called {name!r}, so their figures could not be told apart", name=one.name)
            item.wrong("MPI-C176", text, phrase("give one of them another name"))
        if one.universe is not None and len(node.items("measures")) > 1:
            text = phrase(
                "measures: {name} has a universe of its own, so that its figures are of others", name=one.name
            )
            item.wrong("MPI-C176", text, phrase("give it a study of its own, or compare it under `analyses:`"))
        found.setdefault(one.name, one)
    all_of_them = tuple(found.values())
    return (all_of_them[0] if all_of_them else None), all_of_them[1:]


def _countries(top: Section, named: _Named, home: Home) -> tuple[CountrySpec, ...]:
    """The countries that stand side by side."""
    reading = Reading(
        lambda node: named.one(node, "measures", load_measure), lambda node: named.several(node, "surveys", load_survey)
    )
    return read_countries(
        top.get("countries"), home if "reliability" not in top else replace(home, rules=home.own_rules), reading
    )


def _targets(node: Node | None, measure: Measure | None) -> tuple[tuple[Target, ...], str]:
    """The targets of a list, or the table that holds them, below the folder of the data."""
    if node is None:
        return (), ""
    if node.is_list or node.is_mapping:
        return read_targets(node.items("targets"), measure), ""
    return (), read_path(node, phrase("targets")) or ""


def _data(top: Section, data: str, folder: Path) -> Path | None:
    """The folder of the data: below that of the study, or in a store."""
    if not is_address(data):
        return folder / data
    if (wrong := fault_in(data)) is not None:
        top.found["data"].wrong("MPI-S144", wrong, REMEDY)
        return None
    return location(data)


@dataclass(frozen=True, slots=True)
class _Named:
    """Reads the configs that a study names; their faults are added to those of the study."""

    folder: Path
    faults: Faults

    def one(self, node: Node | None, what: str, read: Callable[[str | Path], T]) -> T | None:
        """The config that a node names, or None after a fault."""
        text = None if node is None else node.text(what)
        if node is None or text is None:
            return None
        beside = self.folder / text
        try:
            return read(beside if text.endswith((".yaml", ".yml")) and beside.is_file() else text)
        except ConfigError as error:
            for fault in error.faults:
                if fault.place is None:
                    node.wrong(fault.code, fault.text, fault.remedy)
                else:
                    self.faults.append(fault)
            return None

    def several(self, node: Node | None, what: str, read: Callable[[str | Path], T]) -> list[T]:
        """The configs that a list names."""
        items = [] if node is None else node.items(what)
        return [found for item in items if (found := self.one(item, what, read)) is not None]


def _cutoffs(node: Node | None, measure: Measure | None) -> tuple[Cutoff, ...]:
    """The measure's own first cutoff, then the others, each once."""
    if measure is None:
        return ()
    if node is None:
        return tuple(measure.cutoffs)
    own = measure.cutoffs[0]
    found = {own.text: own}
    for item in node.items("cutoffs"):
        text = item.text("cutoffs")
        try:
            cutoff = measure.cutoff(text or "")
        except UsageError as error:
            item.wrong("MPI-C041", error.faults[0].text, error.faults[0].remedy)
            continue
        found.setdefault(cutoff.text, cutoff)
    return tuple(found.values())


def _profiles(node: Node | None, surveys: Sequence[Survey]) -> Mapping[str, str]:
    """By the name of a survey of the study the file of its profile."""
    found: dict[str, str] = {}
    known = [survey.name for survey in surveys]
    for name, key, value in [] if node is None else node.pairs("profiles"):
        text = value.text(phrase("{what}: {name}", what="profiles", name=name))
        if text is not None:
            found[name] = text
        if surveys and name not in known:
            remedy = nearest(name, known) or phrase("there are {names}", names=listed(known, 20))
            key.wrong("MPI-C043", phrase("profiles: {name!r} is not a survey of the study", name=name), remedy)
    return found


def _by(top: Section, key: str) -> tuple[tuple[str, ...], ...]:
    node = top.get(key)
    items = [] if node is None else node.items(key)
    return tuple(tuple(text.split(":")) for item in items if (text := item.text(key)) is not None)


def _units(node: Node | None, measure: Measure | None) -> tuple[Unit, ...]:
    items = [] if node is None else node.items("units")
    found = [(item, unit) for item in items if (unit := item.choice("units", UNITS)) is not None]
    if measure is not None and measure.identification == "person":
        for item, unit in found:
            if unit == "households":
                item.wrong(
                    "MPI-C041",
                    phrase("{name} identifies persons, so households cannot be counted", name=measure.name),
                    phrase("write [persons]"),
                )
    return tuple(dict.fromkeys(unit for _, unit in found)) or ("persons",)


def _choices(top: Section, key: str, options: tuple[T, ...], usual: tuple[T, ...]) -> tuple[T, ...]:
    """Those of some words that a list names, in its order; the usual ones if it is left out."""
    node = top.get(key)
    if node is None:
        return usual
    chosen = [item.choice(key, options) for item in node.items(key)]  # type: ignore[type-var]
    return tuple(dict.fromkeys(choice for choice in chosen if choice is not None))


def _check_domains(root: Node, surveys: Sequence[Survey], asked: Mapping[str, Sequence[tuple[str, ...]]]) -> None:
    """Every domain must be one of every survey: a figure of one round that the others lack cannot be compared."""
    nodes = {key: value for key, _, value in root.pairs(phrase("the study")) if key in asked}
    for key, node in nodes.items():
        for name in dict.fromkeys(name for names in asked[key] for name in names):
            lacking = [survey.name for survey in surveys if name not in survey.domains]
            if lacking:
                known = list(dict.fromkeys(own for survey in surveys for own in survey.domains))
                remedy = nearest(name, known) or phrase("there are {names}", names=listed(known, 20))
                node.wrong(
                    "MPI-C042",
                    phrase("{key}: {name!r} is not a domain of {names}", key=key, name=name, names=listed(lacking)),
                    remedy,
                )
