"""Random rules of every kind for hypothesis, and blocks of households with columns of every type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from mpi.columns.values import Number, Text, Truth, Values
from mpi.rules import Frame
from mpi.rules.syntax import (
    Arithmetic,
    Between,
    Call,
    Case,
    Comparison,
    Expression,
    In,
    IsNull,
    Junction,
    Literal,
    Name,
    Negative,
    Not,
)
from mpi.vocabulary.options import Level

NUMBERS = {"int8": np.int8, "int16": np.int16, "int32": np.int32, "int64": np.int64, "float": np.float64}
OPERATORS = ["=", "<>", "<", "<=", ">", ">="]
LITERALS = [0, 1, 2, 5, -1, 127, 128, -129, 40_000, 2**31, 2**40, 2**53 + 1, 0.5, 2.0, -1.5, 1e300]
LABELS = ("a", "b", "c")


def column(kind: str, rows: int, unknown: float, rng: np.random.Generator) -> Values:
    """A column of some kind; half of its numbers small, some at the ends of the type, a share of them unknown."""
    known = rng.random(rows) >= unknown if unknown else None
    mask = np.ones(rows, np.bool_) if known is None else known
    if kind == "truth":
        return Truth((rng.random(rows) < 0.5) & mask, known)
    if kind == "text":
        return Text(np.where(mask, rng.integers(0, len(LABELS), rows), 0), LABELS, known)
    type_ = NUMBERS[kind]
    small: Any = rng.integers(-3, 8, rows)
    if kind == "float":
        values = np.where(rng.random(rows) < 0.5, small / 2, rng.choice([0.0, 1e-300, 1e300, 0.1, 3.0], rows))
    else:
        limits = np.iinfo(type_)
        values = np.where(rng.random(rows) < 0.8, small, rng.choice([limits.min, limits.max, 100], rows))
    return Number(np.where(mask, values, 0).astype(type_), known)


def block(seed: int, households: int, most: int, unknown: float) -> Frame:
    """A block with the columns `persons.<kind>`, `persons.<kind>?`, of which some are unknown, and of households."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, most + 1, households)
    columns: dict[str, dict[str, Values]] = {}
    for level, rows in (("persons", int(sizes.sum())), ("households", households)):
        kinds = [*NUMBERS, "truth", "text"]
        columns[level] = {f"{level}.{kind}": column(kind, rows, 0.0, rng) for kind in kinds}
        columns[level] |= {f"{level}.{kind}?": column(kind, rows, unknown, rng) for kind in kinds}
    return Frame(sizes, columns["persons"], columns["households"])


@st.composite
def numbers(draw: st.DrawFn, level: Level, depth: int) -> Expression:
    """Rules that are numbers."""
    choices = ["name", "name", "literal"]
    if depth:
        choices += ["arithmetic", "arithmetic", "negative", "coalesce", "case", "function", "other"]
    match draw(st.sampled_from(choices)):
        case "name":
            return _name(draw, level, list(NUMBERS))
        case "literal":
            return Literal(draw(st.sampled_from(LITERALS)))
        case "arithmetic":
            return Arithmetic(draw(st.sampled_from("+-*/")), *(draw(numbers(level, depth - 1)) for _ in range(2)))
        case "negative":
            return Negative(draw(numbers(level, depth - 1)))
        case "coalesce":
            return Call("COALESCE", _some(draw, numbers(level, depth - 1)))
        case "case":
            return _case(draw, numbers(level, depth - 1), truths(level, depth - 1))
        case "function":
            name = draw(st.sampled_from(["ABS", "LEAST", "GREATEST"]))
            return Call(name, _some(draw, numbers(level, depth - 1))[: 1 if name == "ABS" else 3])
    if level == "person":
        return draw(numbers("household", depth - 1))
    name = draw(st.sampled_from(["COUNT", "COUNT_IF", "SUM", "MEAN", "MIN", "MAX"]))
    of = {"COUNT": None, "COUNT_IF": truths("person", depth - 1)}.get(name, numbers("person", depth - 1))
    return Call(name, () if of is None else (draw(of),))


@st.composite
def truths(draw: st.DrawFn, level: Level, depth: int) -> Expression:
    """Rules that are conditions."""
    choices = ["name", "comparison"]
    if depth:
        choices += ["comparison", "text", "in", "between", "null", "not", "junction", "junction", "coalesce", "case"]
        choices += ["other"] * 4
    number = numbers(level, max(0, depth - 1))
    match draw(st.sampled_from(choices)):
        case "name":
            return _name(draw, level, ["truth"])
        case "comparison":
            return Comparison(draw(st.sampled_from(OPERATORS)), draw(number), draw(number))
        case "text":
            return Comparison(draw(st.sampled_from(OPERATORS)), _name(draw, level, ["text"]), Literal("b"))
        case "in":
            items = draw(st.lists(st.sampled_from(LITERALS), min_size=1, max_size=12))
            return In(draw(number), tuple(map(Literal, items)), draw(st.booleans()))
        case "between":
            return Between(draw(number), draw(number), draw(number), draw(st.booleans()))
        case "null":
            return IsNull(draw(st.one_of(number, truths(level, depth - 1))), draw(st.booleans()))
        case "not":
            return Not(draw(truths(level, depth - 1)))
        case "junction":
            return Junction(draw(st.sampled_from(["AND", "OR"])), _some(draw, truths(level, depth - 1)))
        case "coalesce":
            return Call("COALESCE", _some(draw, truths(level, depth - 1)))
        case "case":
            return _case(draw, truths(level, depth - 1), truths(level, depth - 1))
    if level == "person":
        return draw(truths("household", depth - 1))
    return Call(draw(st.sampled_from(["ANY", "ALL"])), (draw(truths("person", depth - 1)),))


def _name(draw: st.DrawFn, level: Level, kinds: Sequence[str]) -> Name:
    return Name(f"{level}s.{draw(st.sampled_from(kinds))}{draw(st.sampled_from(['', '?']))}")


def _some(draw: st.DrawFn, parts: st.SearchStrategy[Expression]) -> tuple[Expression, ...]:
    return tuple(draw(st.lists(parts, min_size=2, max_size=3)))


def _case(draw: st.DrawFn, values: st.SearchStrategy[Expression], conditions: st.SearchStrategy[Expression]) -> Case:
    branches = draw(st.lists(st.tuples(conditions, values), min_size=1, max_size=2))
    return Case(tuple(branches), draw(st.none() | values))
