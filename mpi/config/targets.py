"""Targets, from the list of a study or the rows of a table: what a figure is to reach, by when, and from where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from mpi.config.keys.studies import TARGET
from mpi.config.nodes import Node, Section
from mpi.errors import UsageError, nearest, phrase
from mpi.specs.measure import Measure
from mpi.specs.targets import Baseline, Target
from mpi.vocabulary.options import DIRECTIONS, TARGET_PATHS, UNITS
from mpi.vocabulary.statistics import DEFINITIONS, TARGETED

OF_INDICATORS = "uncensored_headcount"
EVERY = ("all", "*")  # codes that stand for every group of a domain
_YEAR = re.compile(r"(\d{4})(?:(\.\d{1,6})|/(\d{2}|\d{4}))?", re.ASCII)


def read_targets(items: Sequence[Node], measure: Measure | None) -> tuple[Target, ...]:
    """The targets of some mappings, each figure, year and path once; adds every fault."""
    found: dict[tuple[object, ...], Target] = {}
    for item in items:
        target = _target(item, measure)
        if target is None:
            continue
        key = tuple(
            getattr(target, name)
            for name in ("statistic", "indicator", "dimension", "domains", "codes", "k", "unit", "by", "path", "halves")
        )
        if key in found:
            text = phrase("targets: there are two targets of the same figure by {by}", by=target.by)
            item.wrong("MPI-C170", text, phrase("keep one of them"))
        found.setdefault(key, target)
    return tuple(found.values())


def _target(node: Node, measure: Measure | None) -> Target | None:
    before = len(node.faults)
    part = node.section("targets", TARGET)
    statistic, indicator, dimension = _subject(part, measure)
    domains, codes = _group(part)
    written, year = _year_of(part)
    value: Fraction | None = part.read("value", Node.fraction, None)
    made = Target(
        statistic=statistic,
        indicator=indicator,
        dimension=dimension,
        domains=domains,
        codes=codes,
        k=_cutoff(part, measure),
        unit=part.choice("unit", UNITS),
        value=value,
        by=written,
        year=year,
        direction=part.choice("direction", DIRECTIONS) or "at_most",
        path=part.choice("path", TARGET_PATHS) or "linear",
        baseline=_baseline(part, year),
        source=part.read("source", Node.titles, {}),
        place=node.place,
    )
    if len(node.faults) > before:
        return None
    _consistent(part, made, halves=part.read("halve", Node.yes, False))
    return made if len(node.faults) == before else None


def _subject(part: Section, measure: Measure | None) -> tuple[str, str, str]:
    """Statistic, indicator and dimension: of an indicator or a dimension alone, who is deprived in it."""
    remedy: str
    indicator, dimension = part.read("indicator", Node.text, ""), part.read("dimension", Node.text, "")
    statistic = part.choice("statistic", TARGETED) or (OF_INDICATORS if indicator or dimension else "")
    if not statistic:
        if "statistic" not in part:
            text = phrase("targets: neither `statistic:` nor `indicator:` says what the target is of")
            part.node.wrong("MPI-C170", text, phrase("add `statistic: H`"))
        return "", "", ""
    of = DEFINITIONS[statistic].of
    if not (indicator or dimension):
        if "whole" not in of:
            text = phrase("targets: {statistic} is of one indicator, and none is named", statistic=statistic)
            part.node.wrong("MPI-C170", text, phrase("add `indicator:`"))
        return statistic, "", ""
    if "whole" in of:
        text = phrase("targets: {statistic} is of the whole measure, not of an indicator", statistic=statistic)
        remedy = phrase("remove `indicator:`, or write `statistic: uncensored_headcount`")
        part.found["indicator" if indicator else "dimension"].wrong("MPI-C170", text, remedy)
        return statistic, "", ""
    if indicator:
        known = [] if measure is None else [one.name for one in measure.indicators]
        if known and indicator not in known:
            text = phrase("targets: the measure has no indicator {name!r}", name=indicator)
            remedy = nearest(indicator, known) or phrase("name an indicator of the measure")
            part.found["indicator"].wrong("MPI-C170", text, remedy)
        return statistic, indicator, ""
    known = [] if measure is None else [one.name for one in measure.dimensions]
    if known and dimension not in known:
        text = phrase("targets: the measure has no dimension {name!r}", name=dimension)
        remedy = nearest(dimension, known) or phrase("name a dimension of the measure")
        part.found["dimension"].wrong("MPI-C170", text, remedy)
    return statistic, "", dimension


def _group(part: Section) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Domains and codes; no codes for every group."""
    domain, code = part.read("domain", Node.text, ""), part.read("code", Node.text, "")
    domains = tuple(name.strip() for name in domain.split(":")) if domain and domain not in EVERY else ()
    if not code or code in EVERY:
        return domains, ()
    codes = tuple(name.strip() for name in code.split(":"))
    if len(codes) != len(domains):
        text = phrase("targets: the code {code!r} does not fit the domain {domain!r}", code=code, domain=domain)
        remedy = phrase("write one code for each domain: `domain: departamento:zona`, `code: 05:1`")
        part.found["code"].wrong("MPI-C172", text, remedy)
    return domains, codes


def _year_of(part: Section) -> tuple[str, float]:
    """The target year, as written and decimal; it may be called `by`."""
    names = [name for name in ("year", "by") if part.get(name) is not None]
    if len(names) != 1:
        text = phrase("targets: the year by which it is to be reached is not said once")
        part.node.wrong("MPI-C172", text, phrase("write `year: 2030`"))
        return "", 0.0
    found: tuple[str, float] = part.read(names[0], _year, ("", 0.0))
    return found


def _year(node: Node, what: str) -> tuple[str, float] | None:
    text = node.text(what)
    match = None if text is None else _YEAR.fullmatch(text.removesuffix(".0"))
    if text is None:
        return None
    if match is None:
        node.wrong("MPI-C007", phrase("{what}: this is not a year", what=what), phrase("write a year, such as 2030"))
        return None
    return text.removesuffix(".0"), float(match[1]) + (0.5 if match[3] else float(match[2] or 0))


def _cutoff(part: Section, measure: Measure | None) -> str:
    text = part.read("k", Node.text, "")
    if not text or measure is None:
        return text
    try:
        return measure.cutoff(text).text
    except UsageError as error:
        part.found["k"].wrong("MPI-C041", error.faults[0].text, error.faults[0].remedy)
        return text


def _baseline(part: Section, target: float) -> Baseline | None:
    """The baseline, if one is said: a round, or a number of a year."""
    period = part.read("baseline", Node.text, "")
    value: Fraction | None = part.read("baseline_value", Node.fraction, None)
    written: tuple[str, float] | None = part.read("baseline_year", _year, None)
    year = None if written is None else written[1]
    if not period and value is None and year is None:
        return None
    if value is not None and year is None:
        text = phrase("targets: the number of the baseline has no year")
        part.found["baseline_value"].wrong("MPI-C172", text, phrase("add `baseline_year:`"))
    if year is not None and target and year >= target:
        text = phrase("targets: the baseline is not before the target year")
        part.found["baseline_year"].wrong("MPI-C172", text, phrase("write an earlier `baseline_year:`"))
    if period and value is not None:
        text = phrase("targets: the baseline is both a round and a number")
        part.found["baseline"].wrong("MPI-C172", text, phrase("remove `baseline:` or `baseline_value:`"))
    return Baseline(period=period, year=year, value=value)


def _consistent(part: Section, target: Target, *, halves: bool) -> None:
    """Report what cannot be a target of its statistic, or on its path."""
    definition, value = DEFINITIONS[target.statistic], target.value
    if halves == (value is not None):
        text = phrase("targets: a target is either a `value` or `halve: yes`")
        part.node.wrong("MPI-C172", text, phrase("write one of them"))
        return
    if halves and (target.baseline is None or target.direction == "at_least"):
        text = phrase("targets: half of what is not said: halving needs a baseline, and is `at_most`")
        part.found["halve"].wrong("MPI-C172", text, phrase("add `baseline:` or `baseline_value:`, or write a `value:`"))
    bounded = definition.kind != "total"
    known = None if target.baseline is None else target.baseline.value
    for name, number in (("value", value), ("baseline_value", known)):
        if number is None:
            continue
        if bounded and not 0 <= number <= 1:
            fault = phrase("{what}: {content!s} is not between 0 and 1", what=f"targets: {name}", content=float(number))
            part.found[name].wrong("MPI-C172", fault, phrase("write a proportion, such as 8% or 0.08"))
        elif target.path != "linear" and (number == 0 or (target.path == "logistic" and number == 1)):
            text = phrase("targets: a path that is {path} never reaches {number}", path=target.path, number=int(number))
            part.found[name].wrong("MPI-C172", text, phrase("write `path: linear`"))
    if target.path == "logistic" and not bounded:
        text = phrase("targets: a path that is logistic is of a proportion, not of {statistic}",
                      statistic=target.statistic)  # fmt: skip
        part.found["path"].wrong("MPI-C172", text, phrase("write `path: linear`"))
