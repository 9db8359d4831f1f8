"""The analyses of a study: names, or mappings with domains, cutoffs and options; and its derived figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias, TypeVar

from mpi.config.keys.shapes import Whole
from mpi.config.keys.studies import ANALYSIS, DERIVED
from mpi.config.nodes import Node, Section, within
from mpi.config.places import PLACES, SUPPLY, check_supply, read_offers
from mpi.errors import UsageError, listed
from mpi.language import phrase
from mpi.specs.analyses import AnalysisSpec, DerivedSpec, RankingSpec
from mpi.specs.measure import Cutoff, Measure
from mpi.specs.survey import Survey
from mpi.vocabulary.options import (
    ANALYSIS_COLUMNS,
    DERIVED_FORMS,
    INCLUSIONS,
    MISSING,
    MOST_DRAWS,
    NORMS,
    OF_TWO,
    OVER,
    RANKED,
    RANKINGS,
    STUDY_ANALYSES,
    AnalysisName,
    DerivedForm,
    Inclusion,
    Missing,
    StudyAnalysis,
    Titles,
)

CROSS = ":"
DRAWS = 10_000
MOST_POWER = 100
BY, K, WITH = (phrase("{what}: {name}", what="analyses", name=name) for name in ("by", "k", "with"))
Reader: TypeAlias = Callable[[Node], Measure | None]
# What some analyses alone take; all take `by`, and all but rankings `k`.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "k": (*(name for name in STUDY_ANALYSES if name not in (*RANKINGS, SUPPLY)), "robustness"),
    "powers": ("inequality", "gaps"),
    "statistic": RANKINGS,
    "weights": ("robustness",),
    "without": ("robustness",),
    "missing": ("robustness",),
    "lowest": ("dominance",),
    "highest": ("dominance",),
    "draws": ("weights", "orders"),
    "seed": ("weights", "orders"),
    "over": ("orders",),
    "norm": ("orders",),
    "with": OF_TWO,
    "inclusion": ("destitution",),
    PLACES: (SUPPLY,),
}
T = TypeVar("T")


def read_analyses(
    node: Node | None,
    measure: Measure | None,
    tables: Sequence[tuple[str, ...]],
    cutoffs: Sequence[Cutoff],
    second: Reader,
) -> tuple[AnalysisSpec, ...]:
    """The analyses of a list, each once.

    Parameters
    ----------
    node : Node or None
    measure : Measure or None
        None if it could not be read.
    tables : sequence of tuple of str
        Domains and crossings of the study: what an analysis shows of others could tell what these hide.
    cutoffs : sequence of Cutoff
        Those of the study, whose figures of both rounds are judged; a change in parts is at these alone.
    second : callable
        Reads a measure that an analysis names; None after a fault.
    """
    found: dict[str, AnalysisSpec] = {}
    for item in [] if node is None else node.items("analyses"):
        one = _analysis(item, measure, tables, second)
        if one is not None and one.name == "robustness":
            one = _with_alternatives(item, one, measure, cutoffs)
        if one is not None and one.name in found:
            text = phrase("analyses: {name} is there twice", name=one.name)
            item.wrong("MPI-C171", text, phrase("keep one of them, with all its domains"))
        if one is not None:
            found.setdefault(one.name, one)
        others = [k.text for k in one.k if k not in cutoffs] if one is not None and one.name == "decomposition" else []
        if others:
            text = phrase("analyses: the tables of the study have no cutoff {k}", k=others[0])
            item.wrong("MPI-C171", text, phrase("add it to `cutoffs` of the study, or remove it"))
    return tuple(found.values())


def _analysis(
    node: Node, measure: Measure | None, tables: Sequence[tuple[str, ...]], second: Reader
) -> AnalysisSpec | None:
    if not node.is_mapping:
        plain: StudyAnalysis | None = node.choice("analyses", STUDY_ANALYSES)
        if plain in RANKINGS:
            _lacks_domain(node, str(plain))
        if plain == SUPPLY:
            check_supply(node, None, ())
        if plain in OF_TWO:
            _lacks_measure(node, str(plain))
        return None if plain is None else AnalysisSpec(name=plain)
    section = node.section("analyses", ANALYSIS)
    name: StudyAnalysis | None = section.choice("analysis", STUDY_ANALYSES)
    by = read_tables(section.get("by"), tables)
    k = _cutoffs(section.get("k"), measure)
    powers = _powers(section.get("powers"))
    ranking, others = _ranking(section, measure), _others(section, measure, second)
    inclusion: Inclusion = section.choice("inclusion", INCLUSIONS) or "refuse"
    offers = read_offers(section, measure)
    if name is None:
        return None
    for option, takers in OPTIONS.items():
        if (own := section.get(option)) is not None and name not in takers:
            text = phrase("analyses: {name} has no `{option}`", name=name, option=option)
            own.wrong("MPI-C171", text, phrase("remove it; {names} have it", names=", ".join(takers)))
    if name in RANKINGS and "by" not in section:
        _lacks_domain(node, name)
    elif name in RANKINGS and by and (len(by) > 1 or len(by[0]) > 1):
        text = phrase("analyses: {name} ranks the groups of one domain", name=name)
        section.found["by"].wrong("MPI-C171", text, phrase("name one domain, not a crossing"))
    _check_columns(section.get("by"), name, by)
    if name == SUPPLY:
        check_supply(node, section, by)
    if name in OF_TWO and "with" not in section:
        _lacks_measure(node, name)
    return AnalysisSpec(
        name=name, by=by, k=k, powers=powers, ranking=ranking, others=others, inclusion=inclusion, offers=offers
    )


def _with_alternatives(
    node: Node, spec: AnalysisSpec, measure: Measure | None, cutoffs: Sequence[Cutoff]
) -> AnalysisSpec:
    """What a ranking is compared with: the other cutoffs of the study, if the analysis itself names nothing."""
    asked, own = spec.ranking, "" if measure is None else measure.missing
    named = bool(asked.weights or asked.without or [one for one in asked.missing if one != own])
    k = spec.k or (() if named else tuple(cutoffs))
    if cutoffs and not named and all(one.text == cutoffs[0].text for one in k):
        text = phrase("analyses: robustness has nothing to compare the measure with")
        remedy = phrase("name other cutoffs (`k`), `weights`, indicators left out (`without`) or rules (`missing`)")
        node.wrong("MPI-C171", text, remedy)
    return replace(spec, k=k)


def _lacks_measure(node: Node, name: str) -> None:
    text = phrase("analyses: {name} compares two measures, and the second is not named", name=name)
    node.wrong("MPI-C171", text, phrase("write `{{analysis: {name}, with: MEASURE}}`", name=name))


def _others(section: Section, measure: Measure | None, second: Reader) -> tuple[Measure, ...]:
    """The second measures, each once, none of them the study's own."""
    node = section.get("with")
    if node is None:
        return ()
    found: dict[str, Measure] = {}
    for item in node.items(WITH) if node.is_list else [node]:
        one = second(item)
        if one is None:
            continue
        if one.name in found or (measure is not None and one.name == measure.name):
            text = phrase("two measures are called {name!r}, so their figures could not be told apart", name=one.name)
            item.wrong("MPI-C171", text, phrase("give one of them another name"))
        found.setdefault(one.name, one)
    return tuple(found.values())


def _lacks_domain(node: Node, name: str) -> None:
    text = phrase("analyses: {name} does not say of which domain the groups are ranked", name=name)
    node.wrong("MPI-C171", text, phrase("write {{analysis: {name}, by: [DOMAIN]}}", name=name))


def _check_columns(node: Node | None, name: StudyAnalysis, by: Sequence[tuple[str, ...]]) -> None:
    """Refuse a domain that is called as a column of the table."""
    own = {"figure", *ANALYSIS_COLUMNS.get(name, ())}
    taken = [one for names in by for one in names if one in own]
    if node is not None and taken and name not in RANKINGS:
        text = phrase("analyses: {name} has a column {column!r} of its own", name=name, column=taken[0])
        node.wrong("MPI-C171", text, phrase("give the domain another name in the survey, or leave it out here"))


def read_tables(
    node: Node | None, tables: Sequence[tuple[str, ...]], what: str = "analyses"
) -> tuple[tuple[str, ...], ...]:
    """The tables of the study that a list names, whatever the order of a crossing."""
    known = {frozenset(names): names for names in tables}
    found = []
    for item in [] if node is None else node.items(BY):
        text = item.text(BY)
        names = None if text is None else known.get(frozenset(text.split(CROSS)))
        if names is not None:
            found.append(names)
        elif text is not None:
            remedy = phrase("add it to `by` of the study, or remove it")
            if known:
                shown = listed([CROSS.join(one) for one in tables], 20)
                remedy = phrase("add it to `by` of the study, or name one of {names}", names=shown)
            told = phrase("{what}: the study has no table by {name!r}", what=what, name=text)
            item.wrong("MPI-C171" if what == "analyses" else "MPI-C173", told, remedy)
    return tuple(dict.fromkeys(found))


def _cutoffs(node: Node | None, measure: Measure | None) -> tuple[Cutoff, ...]:
    found: dict[str, Cutoff] = {}
    if node is None or measure is None:
        return ()
    for item in node.items(K):
        cutoff = _cutoff(item, measure)
        if cutoff is not None:
            found[cutoff.text] = cutoff
    return tuple(found.values())


def _cutoff(node: Node | None, measure: Measure | None) -> Cutoff | None:
    text = None if node is None else node.text(K)
    if node is None or text is None or measure is None:
        return None
    return _tried(node, lambda: measure.cutoff(text), cutoff=True)


def _tried(node: Node, make: Callable[[], T], *, cutoff: bool = False) -> T | None:
    """What a function of the measure makes, or None after its faults, which are said at the node."""
    try:
        return make()
    except UsageError as error:
        for fault in error.faults:
            node.wrong("MPI-C041" if cutoff else "MPI-C171", fault.text, fault.remedy)
        return None


def _powers(node: Node | None) -> tuple[Fraction, ...]:
    found = []
    for item in [] if node is None else node.items(phrase("{what}: {name}", what="analyses", name="powers")):
        power = item.fraction(phrase("{what}: {name}", what="analyses", name="powers"))
        if power is not None and power > MOST_POWER:
            text = phrase("the power {one} is above {most}", one=str(power)[:40], most=MOST_POWER)
            item.wrong("MPI-C171", text, phrase("write a number from 0, such as 1/2 or 3"))
        if power is not None:
            found.append(power)
    return tuple(dict.fromkeys(found))


def _ranking(section: Section, measure: Measure | None) -> RankingSpec:
    """The options of a ranking, each tried on the measure."""
    without = _items(section, "without", Node.text)
    missing: tuple[Missing, ...] = _items(section, "missing", lambda node, what: node.choice(what, MISSING))
    weights: dict[str, Mapping[str, str]] = {}
    for name, _, value in [] if (node := section.get("weights")) is None else list(node.pairs("weights")):
        own = {part: text for part, _, one in value.pairs(name) if (text := one.text(part)) is not None}
        if measure is not None:
            _tried(value, lambda: measure.with_weights(own))  # noqa: B023  at once
        weights[name] = own
    if measure is not None and (node := section.get("without")) is not None:
        for name in without:
            _tried(node, lambda: measure.without(name))  # noqa: B023  at once
    return RankingSpec(
        statistic=section.choice("statistic", RANKED),
        weights=weights,
        without=without,
        missing=missing,
        lowest=_cutoff(section.get("lowest"), measure),
        highest=_cutoff(section.get("highest"), measure),
        draws=section.read("draws", within(Whole(1, MOST_DRAWS)), DRAWS),
        seed=section.read("seed", within(Whole(0, 10**9 - 1)), 0),
        over=section.choice("over", OVER) or "indicators",
        norm=section.choice("norm", NORMS) or "l2",
    )


def _items(section: Section, key: str, read: Callable[[Node, str], T | None]) -> tuple[T, ...]:
    node = section.get(key)
    found = [] if node is None else [read(item, key) for item in node.items(key)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def with_agreement(
    analyses: Sequence[AnalysisSpec],
    measure: Measure | None,
    measures: Sequence[Measure],
    tables: Sequence[tuple[str, ...]],
) -> tuple[AnalysisSpec, ...]:
    """The analyses with the agreement of the first measure with each other, unless they ask for it.

    Of a measure that lies in the first the destitution takes its place.
    """
    deeper = [one for one in measures if measure is not None and one.deepens == measure.name]
    wanted: dict[AnalysisName, list[Measure]] = {
        "agreement": [one for one in measures if one not in deeper],
        "destitution": deeper,
    }
    made = list(analyses)
    for name, others in wanted.items():
        if others and not any(one.name == name for one in analyses):
            own = {"figure", *ANALYSIS_COLUMNS[name]}
            by = tuple(names for names in tables if not own.intersection(names))
            made.append(AnalysisSpec(name=name, by=by, others=tuple(others)))
    return tuple(made)


def read_derived(node: Node | None) -> tuple[DerivedSpec, ...]:
    """The derived figures of a study, by name."""
    found = []
    for name, _, value in [] if node is None else list(node.named("derive", phrase("a derived figure"), {})):
        section = value.section(name, DERIVED) if value.is_mapping else None
        text_ = value.text(name) if section is None else section.read("figure", Node.text, None)
        title: Titles = {} if section is None else section.read("title", Node.titles, {})
        form: DerivedForm | None = None if section is None else section.choice("form", DERIVED_FORMS)
        if text_ is not None:
            found.append(DerivedSpec(name=name, expression=text_, title=title, form=form or "index"))
    return tuple(found)


def check_programmes(node: Node | None, analyses: Sequence[AnalysisSpec], surveys: Sequence[Survey]) -> None:
    """Refuse an analysis that the surveys of a study have nothing for: programmes, or a second round."""
    if node is None or not surveys:
        return
    names = {one.name for one in analyses}
    if {"coverage", "programmes"} & names and not any(survey.programmes for survey in surveys):
        text = phrase("analyses: no survey of the study says who receives a programme")
        node.wrong("MPI-C171", text, phrase("declare `programmes:` in the survey, or remove coverage and programmes"))
    if "decomposition" in names and len(surveys) < 2:  # noqa: PLR2004  a change is between two
        text = phrase("analyses: a decomposition is of the change between two rounds, and the study has one survey")
        node.wrong("MPI-C171", text, phrase("add the survey of another round to `surveys`, or remove decomposition"))
