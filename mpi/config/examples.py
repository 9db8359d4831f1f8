"""Worked examples beside a measure: what whoever knows the rule says about a household, in YAML.

`mpi.checking.examples` runs them; this module only reads them, and refuses what it does not understand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mpi.config.composing import load
from mpi.config.keys.measures import EXAMPLE, SCORE, VERDICTS
from mpi.config.nodes import SHOWN, Node
from mpi.errors import Place, nearest
from mpi.language import phrase
from mpi.specs.measure import Measure

ANSWERS = {"yes": True, "no": False, "unknown": None}
TRUTHS = {"yes": True, "true": True, "no": False, "false": False}
INTEGER = re.compile(r"-?\d{1,18}")
DECIMAL = re.compile(r"-?\d{1,30}\.\d{1,30}")
Value = int | float | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A household (or persons) and what one indicator must say of it.

    Attributes
    ----------
    deprived : tuple of bool or None
        One verdict for the household; under person identification one a person. None is unknown.
    """

    indicator: str
    says: str
    persons: tuple[Mapping[str, Value], ...]
    household: Mapping[str, Value]
    deprived: tuple[bool | None, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExample:
    """A set of deprivations and the score and poverty status that follow.

    Attributes
    ----------
    score : Fraction or None
        None: the unit leaves the figures.
    poor : mapping of str to bool or None
        By the name of a cutoff; the empty name is the official cutoff.
    """

    says: str
    deprived: tuple[str, ...]
    unknown: tuple[str, ...]
    score: Fraction | None
    poor: Mapping[str, bool | None]
    place: Place


def load_examples(measure: Measure) -> tuple[list[Example], list[ScoreExample]]:
    """The worked examples that lie beside a measure as NAME.examples.yaml; none if there is no such file.

    Raises
    ------
    ConfigError
        With every fault of the file.
    """
    path = examples_beside(measure)
    return ([], []) if path is None else read_examples(load(path), measure)


def examples_beside(measure: Measure) -> Path | None:
    """The file of the worked examples that lie beside a measure, if there is one."""
    if measure.place is None:
        return None
    own = Path(measure.place.file)
    path = own.with_name(f"{own.stem}.examples.yaml")
    return path if path.is_file() else None


def read_examples(root: Node, measure: Measure) -> tuple[list[Example], list[ScoreExample]]:
    """The examples of a file's root node; raises ConfigError with every fault."""
    examples: list[Example] = []
    scores: list[ScoreExample] = []
    section = root.section(phrase("the examples"), (*measure.names, "measure"))
    for name, node in section.found.items():
        for item in node.items(name):
            if name == "measure":
                scores += _score(item, measure)
            else:
                examples += _example(name, item, measure)
    root.faults.refuse()
    return examples, scores


def _example(indicator: str, node: Node, measure: Measure) -> list[Example]:
    part = node.section(phrase("an example of {indicator}", indicator=indicator), EXAMPLE)
    says = part.read("says", Node.text, "")
    persons_node, household_node, verdict = part.get("persons"), part.get("household"), part.get("deprived")
    persons = tuple(_row(item, measure, "person") for item in persons_node.items("persons")) if persons_node else ()
    household = _row(household_node, measure, "household") if household_node is not None else {}
    if verdict is None:
        return []
    answers = [item.choice("deprived", VERDICTS) for item in verdict.items("deprived")]
    expected = len(persons) if measure.identification == "person" and verdict.is_list else 1
    if len(answers) != expected:
        verdict.wrong(
            "MPI-X001",
            phrase("{number} verdicts for {expected} units", number=len(answers), expected=expected),
            phrase("give one verdict for each unit"),
        )
    return [
        Example(
            indicator=indicator,
            says=says,
            persons=persons or ({},),
            household=household,
            deprived=tuple(ANSWERS[a] for a in answers if a),
            place=node.place,
        )
    ]


def _row(node: Node, measure: Measure, level: str) -> dict[str, Value]:
    known = [name for name, variable in measure.variables.items() if variable.kind.level == level]
    section = node.section(phrase("the {level} of an example", level=level), known, nullable=known)
    return {name: _value(name, value, measure) for name, value in section.found.items()}


def _value(name: str, node: Node, measure: Measure) -> Value:
    kind = measure.variables[name].kind
    if node.is_null:
        return None
    text = node.text(name)
    if text is None:
        return None
    if kind.type == "truth" and text in TRUTHS:
        return TRUTHS[text]
    if kind.type == "number" and not node.is_quoted and (INTEGER.fullmatch(text) or DECIMAL.fullmatch(text)):
        return float(text) if "." in text else int(text)
    if kind.type == "text" and (kind.labels is None or text in kind.labels):
        return text
    wanted = {"number": phrase("a number"), "truth": phrase("yes or no")}.get(
        kind.type, phrase("a text that the measure declares")
    )
    remedy = nearest(text, kind.labels or ()) or phrase("write null for an unknown value")
    node.wrong(
        "MPI-X002", phrase("{name}: {text!r} is not {wanted}", name=name, text=text[:SHOWN], wanted=wanted), remedy
    )
    return None


def _score(node: Node, measure: Measure) -> list[ScoreExample]:
    part = node.section(phrase("an example of the measure"), SCORE)
    sets: dict[str, tuple[str, ...]] = {}
    for key in ("deprived", "unknown"):
        inner = part.get(key)
        items = inner.items(key) if inner is not None else []
        sets[key] = tuple(name for item in items if (name := item.choice(key, measure.names)) is not None)
    poor: dict[str, bool | None] = {}
    verdict = part.get("poor")
    if verdict is not None and verdict.is_mapping:
        named = tuple(cutoff.name for cutoff in measure.cutoffs if cutoff.name)
        poor = {name: _poor(value) for name, value in verdict.section("poor", named).found.items()}
    elif verdict is not None:
        poor = {"": _poor(verdict)}
    score = part.read("score", Node.fraction, None)
    says = part.read("says", Node.text, "")
    return [
        ScoreExample(
            says=says, deprived=sets["deprived"], unknown=sets["unknown"], score=score, poor=poor, place=node.place
        )
    ]


def _poor(node: Node) -> bool | None:
    return ANSWERS.get(node.choice("poor", VERDICTS) or "")
