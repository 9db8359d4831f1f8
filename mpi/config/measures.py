"""A measure from its YAML file, with all its faults: shape, weights, cutoffs, and every rule's names and types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from mpi.config.children import read_children
from mpi.config.classes import check_classes, read_classes, read_lines
from mpi.config.gaps import check_gaps
from mpi.config.given import Config, root_of
from mpi.config.keys import measures as keys
from mpi.config.kinds import refuse_other_kinds
from mpi.config.layering import continued, goes_on, layered, layers_of, refuse
from mpi.config.nodes import Node, Pairs, Section
from mpi.config.weighting import read_dimensions
from mpi.errors import Faults, Place
from mpi.errors.arguments import public
from mpi.language import phrase
from mpi.rules import Kind, Rule, aggregates, check
from mpi.specs.cutoffs import cutoff_value
from mpi.specs.indicators import Dimension, Indicator
from mpi.specs.measure import Cutoff, Measure, Variable, rule_scope
from mpi.vocabulary.options import (
    COMPARISONS,
    LEVELS,
    MEASURE_KINDS,
    MISSING,
    STATUSES_OF_MEASURES,
    VARIABLE_TYPES,
    Comparison,
    Level,
    MeasureStatus,
    Missing,
)


@public
def load_measure(name: Config) -> Measure:
    """A measure from a YAML file, by the name of one that ships with the package, or from what a file would hold.

    Parameters
    ----------
    name : str, Path, mapping or open file
        Path of the file, or a name such as `colombia_ipm`; or the contents: a dict with the keys of such a file, a
        text of several lines, an open file. `mpi.measure` makes one of less.

    Raises
    ------
    ConfigError
        With every fault, each as file:line:column, or as the place in the dict: `measure["k"]`.
    """
    return read_measure(root_of(name, "measures", "measure"))


def read_measure(root: Node) -> Measure:
    """The measure that a file's root node describes, over those that it is `like`.

    Raises
    ------
    ConfigError
        With every fault of all these files.
    """
    refuse_other_kinds(root, "measure")
    layers = layers_of(root, "measure")
    root = layered(keys.MEASURE, layers, "measure")
    section = root.section(phrase("the measure"), keys.MEASURE, whole=True)
    name = section.read("measure", Node.identifier, "")
    title: dict[str, str] = section.read("title", Node.titles, {})
    source: dict[str, str] = section.read("source", Node.titles, {})
    note: dict[str, str] = section.read("note", Node.titles, {})
    identification: Level = section.choice("identification", LEVELS) or "household"
    taken: dict[str, Node] = {}
    variables = _variables(section, taken)
    derived = _derived(section, variables, taken)
    dimensions, indicators = read_dimensions(section)
    cutoffs = _cutoffs(section, dimensions, indicators)
    missing: Missing = section.choice("missing", MISSING) or "exclude"
    if missing == "reweight" and any(dimension.at_least for dimension in dimensions):
        section.found["missing"].wrong(
            "MPI-M008",
            phrase("missing: reweight needs dimensions that are weighted sums"),
            phrase("use exclude with `combine:`"),
        )
    universe = section.read("universe", Node.rule, None)
    _check_rules(indicators, derived, variables, identification, root.faults)
    kinds, _ = rule_scope(variables, derived)
    if universe is not None:
        root.faults.extend(check(universe.expression, kinds, universe.origin, expected="truth")[1])
    check_gaps(indicators, kinds, identification, root.faults)
    income_poor, classes = read_classes(section)
    lines = read_lines(section)
    check_classes(income_poor, classes, indicators, kinds, section, lines=lines, level=identification)
    status, kind = _status(section, layers), section.choice("kind", MEASURE_KINDS) or ""
    country, edition, years, deepens = (
        section.read(key, Node.text, "") for key in ("country", "edition", "years", "deepens")
    )
    children = read_children(section, indicators, kinds, identification)
    refuse(root.faults, layers)
    return Measure(
        name=name,
        title=title,
        source=source,
        identification=identification,
        dimensions=dimensions,
        indicators=indicators,
        cutoffs=cutoffs,
        missing=missing,
        variables=variables,
        derived=derived,
        universe=universe,
        income_poor=income_poor,
        classes=classes,
        children=children,
        lines=lines,
        found_lines=(),
        note=note,
        status=status,
        kind=kind,
        country=country,
        edition=edition,
        years=years,
        deepens=deepens,
        place=Place(root.place.file),
        files=tuple(file for layer in layers for file in layer.files),
    )


def _status(section: Section, layers: Sequence[Node]) -> MeasureStatus | Literal[""]:
    """What the file says it is; what is like an official measure is not official unless it says so itself."""
    status = section.choice("status", STATUSES_OF_MEASURES) or ""
    given = layers[-1].content
    own = isinstance(given, Pairs) and any(key.content == "status" for key, _ in given)
    return "" if status == "official" and not own else status


def _variables(section: Section, taken: dict[str, Node]) -> dict[str, Variable]:
    node = section.get("variables")
    found: dict[str, Variable] = {}
    if node is None:
        return found
    levels = node.section("variables", keys.VARIABLES)
    for level in LEVELS:
        part = levels.get(level)
        for name, key, value in (
            part.named(phrase("variables: {level}", level=level), phrase("a variable"), taken)
            if part is not None
            else ()
        ):
            if name in found:
                key.wrong(
                    "MPI-M001",
                    phrase("the variable {name!r} is declared for persons and for households", name=name),
                    phrase("keep one of them"),
                )
                continue
            found[name] = _variable(name, value, level)
    return found


def _variable(name: str, node: Node, level: Level) -> Variable:
    title: Mapping[str, str] = {}
    note: Mapping[str, str] = {}
    if node.is_mapping:
        parts = node.section(phrase("variable {name}", name=name), keys.VARIABLE)
        title, note = parts.read("title", Node.titles, {}), parts.read("note", Node.titles, {})
        inner = parts.get("type")
        if inner is None:
            return Variable(name, Kind("unsure", level), title, note)
        node = inner
    if node.is_list:
        if goes_on(node):
            continued(None, node, "measure")
        return Variable(
            name, Kind("text", level, frozenset(node.texts(phrase("variable {name}", name=name)))), title, note
        )
    return Variable(
        name, Kind(node.choice(phrase("variable {name}", name=name), VARIABLE_TYPES) or "unsure", level), title, note
    )


def _derived(section: Section, variables: Mapping[str, Variable], taken: dict[str, Node]) -> dict[str, Rule]:
    node = section.get("derive")
    found: dict[str, Rule] = {}
    for name, key, value in node.named("derive", phrase("a derived variable"), taken) if node is not None else ():
        if name in variables:
            key.wrong(
                "MPI-R015",
                phrase("{name!r} is declared both as a variable and under `derive:`", name=name),
                phrase("give one of them another name"),
            )
        rule = value.rule(phrase("derive: {name}", name=name))
        if rule is not None:
            found[name] = rule
    return found


def _cutoffs(
    section: Section, dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...]
) -> tuple[Cutoff, ...]:
    node = section.get("k")
    sign: Comparison = section.choice("comparison", COMPARISONS) or ">="
    if node is None:
        return ()
    if not node.is_mapping:
        return _cutoff(node, "", sign, dimensions, indicators)
    if not node.content:
        node.wrong("MPI-M009", phrase("k has no cutoff"), phrase("write k: 1/3, or k: {{poor: 1/3, severe: 1/2}}"))
    found: tuple[Cutoff, ...] = ()
    for name, _, value in node.named("k", phrase("a cutoff"), {}):
        own, at = sign, value
        if value.is_mapping:
            parts = value.section(phrase("k: {name}", name=name), keys.CUTOFF)
            own = parts.choice("comparison", COMPARISONS) or sign
            inner = parts.get("at")
            if inner is None:
                continue
            at = inner
        found += _cutoff(at, name, own, dimensions, indicators)
    return found


def _cutoff(
    node: Node, name: str, sign: Comparison, dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...]
) -> tuple[Cutoff, ...]:
    """The cutoff, or nothing after a fault."""
    text = node.text("k")
    if text is None:
        return ()
    try:
        return (Cutoff(cutoff_value(text, dimensions, indicators), sign == ">", name),)
    except ValueError as error:
        node.wrong("MPI-M009", error.args[0], phrase("k is a share of the weights, such as 1/3, 0.25 or 33%"))
        return ()


def _check_rules(
    indicators: tuple[Indicator, ...],
    derived: Mapping[str, Rule],
    variables: Mapping[str, Variable],
    level: Level,
    faults: Faults,
) -> None:
    kinds, found = rule_scope(variables, derived)
    faults.extend(found)
    for indicator in indicators:
        rule, eligible = indicator.deprived, indicator.eligible
        faults.extend(check(rule.expression, kinds, rule.origin, level=level, expected="truth")[1])
        if eligible is None:
            continue
        wrong = check(eligible.expression, kinds, eligible.origin, expected="truth")[1]
        faults.extend(wrong)
        if level == "household" and not aggregates(rule.expression) and not wrong:
            text = phrase(
                "`eligible` of {name!r} has no effect: its rule has no aggregate over members", name=indicator.name
            )
            faults.append(eligible.origin.fault("MPI-M007", 0, text, phrase("write ANY(...), or leave it out")))
