"""Whom income calls poor, and the classes of a measure, from its YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mpi.config.keys import measures as keys
from mpi.config.nodes import Node, Section
from mpi.language import phrase
from mpi.rules import Kind, Rule
from mpi.specs.classes import PovertyClass, faults_of, states_of
from mpi.specs.indicators import Indicator
from mpi.specs.lines import HALF, RelativeLine, faults_of_lines
from mpi.specs.measure import MAX_INDICATORS
from mpi.vocabulary.options import Level

LEAST = 2  # classes
MEDIAN = "median"


def read_classes(section: Section) -> tuple[Rule | None, tuple[PovertyClass, ...]]:
    """Whom income calls poor, and the classes as written."""
    income_poor: Rule | None = section.read("income_poor", Node.rule, None)
    node, classes = section.get("classes"), list[PovertyClass]()
    for name, _, value in node.named("classes", phrase("a class"), {}) if node is not None else ():
        what, title = phrase("class {name}", name=name), dict[str, str]()
        if value.is_mapping:
            part = value.section(what, keys.CLASS)
            rule, title = part.read("rule", Node.rule, None), part.read("title", Node.titles, title)
        else:
            rule = value.rule(what)
        if rule is not None:
            classes.append(PovertyClass(name=name, rule=rule, title=title))
    if node is not None and len(node.content or ()) < LEAST:
        remedy = phrase("add a class for everybody else, or leave `classes:` out")
        node.wrong("MPI-M011", phrase("there are fewer than two classes"), remedy)
    return income_poor, tuple(classes)


def read_lines(section: Section) -> tuple[RelativeLine, ...]:
    """The relative income lines as written."""
    node, found = section.get("lines"), list[RelativeLine]()
    for name, _, value in node.named("lines", phrase("a line"), {}) if node is not None else ():
        part = value.section(phrase("line {name}", name=name), keys.LINE)
        income, relative = part.read("income", Node.rule, None), part.read("relative", Node.fraction, None)
        quantile = HALF
        if "of" in part and part.found["of"].content != MEDIAN:
            quantile = part.read("of", Node.fraction, None) or HALF
        _in_range(part, relative, quantile)
        base, by = part.read("base", Node.rule, None), part.read("by", Node.rule, None)
        if income is not None and relative is not None:
            line = RelativeLine(name=name, income=income, relative=relative, quantile=quantile, base=base, by=by)
            found.append(line)
    return tuple(found)


def _in_range(part: Section, relative: Fraction | None, quantile: Fraction) -> None:
    if relative is not None and relative <= 0:
        text = phrase("a line is a share of a quantile above 0, not {relative}", relative=relative)
        part.found["relative"].wrong("MPI-M013", text, phrase("write 0.6 for 60 %"))
    if not 0 < quantile < 1:
        text = phrase("the quantile {quantile} is not between 0 and 1", quantile=quantile)
        part.found["of"].wrong("MPI-M013", text, phrase("write median, or a share such as 0.4"))


def check_classes(
    income_poor: Rule | None,
    classes: Sequence[PovertyClass],
    indicators: Sequence[Indicator],
    kinds: Mapping[str, Kind],
    section: Section,
    *,
    lines: Sequence[RelativeLine],
    level: Level,
) -> None:
    """Add everything that is wrong in the rules of classes to the faults of the file."""
    scope = {**kinds, **{line.name: Kind("number", "household") for line in lines}}
    faults = faults_of_lines(lines, states_of(income_poor, classes), kinds, level)
    faults += faults_of(income_poor, classes, indicators, scope, level)
    section.node.faults.extend(faults)
    number = len(indicators) + len(states_of(income_poor, classes))
    if not faults and number > MAX_INDICATORS >= len(indicators):
        text = phrase(
            "{number} indicators and conditions on variables in classes; a measure has at most {most}",
            number=number, most=MAX_INDICATORS,
        )  # fmt: skip
        remedy = phrase("derive variables that several conditions share")
        section.found["classes" if classes else "income_poor"].wrong("MPI-M004", text, remedy)
