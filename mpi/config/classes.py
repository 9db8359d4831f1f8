"""Whom income calls poor, and the classes of a measure, from its YAML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mpi.config.nodes import Node, Section
from mpi.language import phrase
from mpi.rules import Kind, Rule
from mpi.specs.classes import PovertyClass, faults_of, states_of
from mpi.specs.indicators import Indicator
from mpi.specs.measure import MAX_INDICATORS
from mpi.vocabulary.options import Level

LEAST = 2  # classes


def read_classes(section: Section) -> tuple[Rule | None, tuple[PovertyClass, ...]]:
    """Whom income calls poor, and the classes as written."""
    income_poor: Rule | None = section.read("income_poor", Node.rule, None)
    node, classes = section.get("classes"), list[PovertyClass]()
    for name, _, value in node.named("classes", phrase("a class"), {}) if node is not None else ():
        rule = value.rule(phrase("class {name}", name=name))
        if rule is not None:
            classes.append(PovertyClass(name=name, rule=rule))
    if node is not None and len(node.content or ()) < LEAST:
        remedy = phrase("add a class for everybody else, or leave `classes:` out")
        node.wrong("MPI-M011", phrase("there are fewer than two classes"), remedy)
    return income_poor, tuple(classes)


def check_classes(
    income_poor: Rule | None,
    classes: Sequence[PovertyClass],
    indicators: Sequence[Indicator],
    kinds: Mapping[str, Kind],
    section: Section,
    *,
    level: Level,
) -> None:
    """Add everything that is wrong in the rules of classes to the faults of the file."""
    faults = faults_of(income_poor, classes, indicators, kinds, level)
    section.node.faults.extend(faults)
    number = len(indicators) + len(states_of(income_poor, classes))
    if not faults and number > MAX_INDICATORS >= len(indicators):
        text = phrase(
            "{number} indicators and conditions on variables in classes; a measure has at most {most}",
            number=number, most=MAX_INDICATORS,
        )  # fmt: skip
        remedy = phrase("derive variables that several conditions share")
        section.found["classes" if classes else "income_poor"].wrong("MPI-M004", text, remedy)
