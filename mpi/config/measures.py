"""A measure from its YAML file, with all its faults: shape, weights, cutoffs, and every rule's names and types."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from mpi.config.locate import locate
from mpi.config.nodes import Faults, Node, Section, load
from mpi.errors import Place
from mpi.measure import (
    MAX_INDICATORS,
    Cutoff,
    Dimension,
    Indicator,
    IndicatorMissing,
    Measure,
    Missing,
    Nobody,
    Variable,
    cutoff_value,
    rule_scope,
)  # fmt: skip
from mpi.rules import Kind, Level, Rule, aggregates, check

KEYS = ("measure", "title", "source", "note", "identification", "k", "comparison", "missing", "variables", "derive",
        "dimensions", "normalize")  # fmt: skip
REQUIRED = ("measure", "title", "identification", "k", "missing", "variables", "dimensions")
DIMENSION = ("title", "weight", "combine", "indicators", "legal_basis", "note")
INDICATOR = ("title", "weight", "eligible", "deprived", "nobody", "missing", "legal_basis", "note")
TYPES = ("number", "text", "truth")
MONITOR = "monitor"


def load_measure(name: str | Path) -> Measure:
    """A measure from a YAML file, or by the name of one that ships with the package.

    Parameters
    ----------
    name : str or Path
        Path of the file, or a name such as `colombia_ipm`.

    Raises
    ------
    ConfigError
        With every fault of the file, each as file:line:column.
    """
    root = load(locate(name, "measures"))
    return read_measure(root)


def read_measure(root: Node) -> Measure:
    """The measure that a file's root node describes; raises ConfigError with every fault."""
    faults = root.faults
    section = root.section("the measure", KEYS, REQUIRED)
    identification = section.read("identification", lambda n, w: n.choice(w, ("household", "person")), None)
    variables = _variables(section)
    derived = _derived(section, variables)
    dimensions, indicators = _structure(section)
    cutoffs = _cutoffs(section, dimensions, indicators)
    missing = section.read(
        "missing", lambda n, w: n.choice(w, ("exclude", "reweight", "deprived", "not_deprived")), None
    )
    if missing == "reweight" and any(dimension.at_least for dimension in dimensions):
        section.found["missing"].wrong(
            "MPI-M008", "missing: reweight needs dimensions that are weighted sums", "use exclude with `combine:`"
        )
    level = cast(Level, identification or "household")
    _check_rules(indicators, derived, variables, level, faults)
    measure_name = section.read("measure", lambda n, w: n.identifier(w), None)
    faults.refuse()
    return Measure(
        name=measure_name or "", title=section.read("title", Node.titles, {}),
        source=section.read("source", Node.text, None) or "", identification=level,
        dimensions=dimensions, indicators=indicators, cutoffs=cutoffs, missing=cast(Missing, missing),
        variables=variables, derived=derived, note=section.read("note", Node.text, None) or "",
        place=Place(root.file),
    )  # fmt: skip


def _variables(section: Section) -> dict[str, Variable]:
    node = section.get("variables")
    found: dict[str, Variable] = {}
    if node is None:
        return found
    levels = node.section("variables", ("person", "household"))
    for level in ("person", "household"):
        part = levels.get(level)
        for name, key, value in part.pairs(f"variables: {level}") if part is not None else ():
            if key.identifier("a variable") is None:
                continue
            if name in found:
                key.wrong("MPI-M001", f"the variable {name!r} is declared for persons and for households")
                continue
            found[name] = _variable(name, value, cast(Level, level))
    return found


def _variable(name: str, node: Node, level: Level) -> Variable:
    title: Mapping[str, str] = {}
    note = ""
    if node.is_mapping:
        parts = node.section(f"variable {name}", ("type", "title", "note"), ("type",))
        title, note = parts.read("title", Node.titles, {}), parts.read("note", Node.text, None) or ""
        inner = parts.get("type")
        if inner is None:
            return Variable(name, Kind("unsure", level), title, note)
        node = inner
    if node.is_list:
        labels = node.texts(f"variable {name}")
        return Variable(name, Kind("text", level, frozenset(labels)), title, note)
    type_ = node.choice(f"variable {name}", TYPES)
    return Variable(name, Kind(cast(Any, type_ or "unsure"), level), title, note)


def _derived(section: Section, variables: Mapping[str, Variable]) -> dict[str, Rule]:
    node = section.get("derive")
    found: dict[str, Rule] = {}
    for name, key, value in node.pairs("derive") if node is not None else ():
        if name in variables:
            key.wrong("MPI-R015", f"{name!r} is declared as a variable and derived", "give one of them another name")
        rule = value.rule(f"derive: {name}")
        if key.identifier("a derived variable") is not None and rule is not None:
            found[name] = rule
    return found


def _structure(section: Section) -> tuple[tuple[Dimension, ...], tuple[Indicator, ...]]:
    node = section.get("dimensions")
    if node is None:
        return (), ()
    normalize = section.read("normalize", Node.yes, False)
    parts = {name: (key, value.section(f"dimension {name}", DIMENSION, ("indicators",)))
             for name, key, value in node.pairs("dimensions") if key.identifier("a dimension") is not None}  # fmt: skip
    if not parts:
        node.wrong("MPI-M002", "a measure needs at least one dimension")
    weights = _dimension_weights(node, {name: part for name, (_, part) in parts.items()}, normalize)
    dimensions: list[Dimension] = []
    indicators: list[Indicator] = []
    for name, (_, part) in parts.items():
        own = _indicators(name, part, weights[name], normalize)
        for indicator, key in own:
            if indicator.name in {other.name for other in indicators}:
                key.wrong("MPI-M003", f"the indicator {indicator.name!r} stands in two dimensions")
        indicators += [indicator for indicator, _ in own]
        dimensions.append(
            Dimension(name, part.read("title", Node.titles, {}), weights[name], tuple(i.name for i, _ in own),
                      _at_least(part, len(own)), part.read("legal_basis", Node.text, None) or "",
                      part.read("note", Node.text, None) or "")
        )  # fmt: skip
    if len(indicators) > MAX_INDICATORS:
        node.wrong("MPI-M004", f"{len(indicators)} indicators; a measure has at most {MAX_INDICATORS}")
    return tuple(dimensions), tuple(indicators)


def _dimension_weights(node: Node, parts: Mapping[str, Section], normalize: bool) -> dict[str, Fraction]:
    given = {name: part.read("weight", Node.fraction, None) for name, part in parts.items() if "weight" in part}
    if not given:
        absolute = {name: _sum_of_indicators(part) for name, part in parts.items()}
        if all(value is not None for value in absolute.values()) and sum(filter(None, absolute.values())) == 1:
            return {name: value or Fraction(0) for name, value in absolute.items()}
        return dict.fromkeys(parts, Fraction(1, max(1, len(parts))))
    if len(given) < len(parts):
        left = [name for name in parts if name not in given]
        node.wrong("MPI-M005", f"some dimensions have no weight: {', '.join(left)}", "give all of them one, or none")
        return dict.fromkeys(parts, Fraction(0))
    for name, value in given.items():
        if value == 0:
            parts[name].found["weight"].wrong("MPI-M005", f"the weight of the dimension {name!r} is 0")
    if any(value is None for value in given.values()):
        return dict.fromkeys(parts, Fraction(0))
    return _summing_to(Fraction(1), {name: value or Fraction(0) for name, value in given.items()}, node,
                       "dimension weights", normalize)  # fmt: skip


def _sum_of_indicators(part: Section) -> Fraction | None:
    """The sum of a dimension's indicator weights, if each has one that can be read; adds no fault."""
    node = part.get("indicators")
    if node is None or not node.is_mapping or "combine" in part:
        return None
    quiet = Node(node.raw, node.file, Faults())
    total = Fraction(0)
    for _, _, value in quiet.pairs(""):
        weight = value.section("", INDICATOR).get("weight") if value.is_mapping else None
        if weight is None:
            return None
        if weight.raw.value != MONITOR:
            number = weight.fraction("")
            if number is None:
                return None
            total += number
    return total


def _summing_to(
    whole: Fraction, given: dict[str, Fraction], node: Node, what: str, normalize: bool
) -> dict[str, Fraction]:
    total = sum(given.values(), Fraction(0))
    if total == whole:
        return given
    if normalize and total > 0:
        return {name: value * whole / total for name, value in given.items()}
    shown = ", ".join(f"{name} {value}" for name, value in given.items())
    near = f" ({float(total):.6g})" if total.denominator > 20 else ""
    node.wrong(
        "MPI-M005", f"the {what} add up to {total}{near}, not {whole}: {shown}",
        "write exact fractions such as 1/3, leave `weight:` out for equal weights, or set `normalize: yes`",
    )  # fmt: skip
    return given


def _indicators(dimension: str, part: Section, whole: Fraction, normalize: bool) -> list[tuple[Indicator, Node]]:
    node = part.get("indicators")
    if node is None:
        return []
    sections = {name: (key, value.section(f"indicator {name}", INDICATOR, ("deprived",)))
                for name, key, value in node.pairs("indicators") if key.identifier("an indicator") is not None}  # fmt: skip
    if not sections:
        node.wrong("MPI-M002", f"the dimension {dimension!r} has no indicator")
    weights = _weights(dimension, part, {name: s for name, (_, s) in sections.items()}, whole, normalize)
    return [(indicator, key) for name, (key, s) in sections.items()
            if (indicator := _indicator(name, dimension, s, weights[name])) is not None]  # fmt: skip


def _weights(
    dimension: str, part: Section, sections: Mapping[str, Section], whole: Fraction, normalize: bool
) -> dict[str, Fraction | None]:
    """Each indicator's share of the whole score; None for a monitored one."""
    given: dict[str, Fraction] = {}
    monitored = [name for name, s in sections.items() if _is_monitor(s)]
    scored = [name for name in sections if name not in monitored]
    combined = "combine" in part
    for name in scored:
        weight = sections[name].get("weight")
        if weight is None:
            continue
        if combined:
            weight.wrong("MPI-M006", f"{name!r} has a weight, but the dimension {dimension!r} is combined",
                         "leave the weight out: the dimension's weight counts as a whole")  # fmt: skip
            continue
        value = weight.fraction(f"indicator {name}: weight")
        if value == 0:
            weight.wrong("MPI-M005", f"the weight of {name!r} is 0", f"write `weight: {MONITOR}` to report it only")
        given[name] = value or Fraction(0)
    result: dict[str, Fraction | None] = dict.fromkeys(monitored)
    if combined or not given:
        share = Fraction(0) if combined else whole / max(1, len(scored))
        return result | dict.fromkeys(scored, share)
    if len(given) < len(scored):
        left = [name for name in scored if name not in given]
        part.node.wrong("MPI-M005", f"some indicators of {dimension!r} have no weight: {', '.join(left)}",
                        "give all of them one, or none for equal weights")  # fmt: skip
        return result | dict.fromkeys(scored, Fraction(0))
    if sum(given.values()) == whole:
        return result | given
    nested = _summing_to(Fraction(1), given, part.node, f"indicator weights of {dimension!r}", normalize)
    return result | {name: value * whole for name, value in nested.items()}


def _is_monitor(section: Section) -> bool:
    weight = section.get("weight")
    return weight is not None and not weight.is_mapping and not weight.is_list and weight.raw.value == MONITOR


def _indicator(name: str, dimension: str, section: Section, weight: Fraction | None) -> Indicator | None:
    deprived = section.read("deprived", Node.rule, None)
    eligible = section.read("eligible", Node.rule, None)
    nobody = section.read("nobody", lambda n, w: n.choice(w, ("deprived", "not_deprived", "unknown")), None)
    missing = section.read("missing", lambda n, w: n.choice(w, ("unknown", "deprived", "not_deprived")), "unknown")
    if "eligible" in section and "nobody" not in section:
        section.node.wrong("MPI-M007", f"the indicator {name!r} has `eligible` and does not say what holds without anyone",
                           "add `nobody: deprived`, `nobody: not_deprived` or `nobody: unknown`")  # fmt: skip
    if "nobody" in section and "eligible" not in section:
        section.found["nobody"].wrong("MPI-M007", f"the indicator {name!r} has `nobody` without `eligible`")
    if deprived is None:
        return None
    return Indicator(
        name, dimension, section.read("title", Node.titles, {}), weight or Fraction(0), deprived, eligible,
        cast(Nobody, nobody), cast(IndicatorMissing, missing or "unknown"), weight is None,
        section.read("legal_basis", Node.text, None) or "", section.read("note", Node.text, None) or "",
    )  # fmt: skip


def _at_least(part: Section, number: int) -> int | None:
    node = part.get("combine")
    if node is None:
        return None
    if node.is_mapping:
        inner = node.section("combine", ("at_least",), ("at_least",))
        return inner.read("at_least", lambda n, w: n.whole(w, 1, max(1, number)), None)
    word = node.choice("combine", ("any", "all"))
    return {"any": 1, "all": number}.get(word or "")


def _cutoffs(
    section: Section, dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...]
) -> tuple[Cutoff, ...]:
    node = section.get("k")
    sign = section.read("comparison", lambda n, w: n.choice(w, (">=", ">")), ">=")
    if node is None:
        return ()
    if not node.is_mapping:
        cutoff = _cutoff(node, "", sign or ">=", dimensions, indicators)
        return () if cutoff is None else (cutoff,)
    found: list[Cutoff] = []
    for name, key, value in node.pairs("k"):
        own, at = sign, value
        if value.is_mapping:
            parts = value.section(f"k: {name}", ("at", "comparison"), ("at",))
            own = parts.read("comparison", lambda n, w: n.choice(w, (">=", ">")), sign)
            inner = parts.get("at")
            if inner is None:
                continue
            at = inner
        cutoff = _cutoff(at, name, own or ">=", dimensions, indicators)
        if cutoff is not None and key.identifier("a cutoff") is not None:
            found.append(cutoff)
    if not node.raw.value:
        node.wrong("MPI-M009", "k names no cutoff", "write k: 1/3, or k: {poor: 1/3, severe: 1/2}")
    return tuple(found)


def _cutoff(
    node: Node, name: str, sign: str, dimensions: tuple[Dimension, ...], indicators: tuple[Indicator, ...]
) -> Cutoff | None:
    text = node.text("k")
    if text is None:
        return None
    try:
        return Cutoff(cutoff_value(text, dimensions, indicators), sign == ">", name)
    except ValueError as error:
        node.wrong("MPI-M009", str(error))
        return None


def _check_rules(
    indicators: tuple[Indicator, ...], derived: Mapping[str, Rule], variables: Mapping[str, Variable], level: Level,
    faults: Faults,
) -> None:  # fmt: skip
    kinds, found = rule_scope(variables, derived)
    faults.extend(found)
    for indicator in indicators:
        _, wrong = check(indicator.deprived.expression, kinds, indicator.deprived.origin, level=level,
                         expected="truth")  # fmt: skip
        faults.extend(wrong)
        if indicator.eligible is not None:
            _, wrong = check(indicator.eligible.expression, kinds, indicator.eligible.origin, expected="truth")
            faults.extend(wrong)
            if level == "household" and not aggregates(indicator.deprived.expression) and not wrong:
                text = f"`eligible` of {indicator.name!r} has no effect: its rule has no aggregate over members"
                faults.append(indicator.eligible.origin.fault("MPI-M007", 0, text, "write ANY(...), or leave it out"))
