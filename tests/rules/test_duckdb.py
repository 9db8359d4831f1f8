"""Random rules on random data with unknowns, against DuckDB.

Each rule is drawn as a tree of tuples and written twice: as a text of our language with as few parentheses as its
grammar allows, and as fully parenthesised SQL in which our meanings are spelt out (a quotient by zero, LEAST with an
unknown, aggregates in three-valued logic). Nothing of the package translates: DuckDB is an independent reading.
"""

from __future__ import annotations

import random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from mpi.columns.arrow import array_of, numbers
from mpi.columns.values import Number, Text, Truth, Values, repeat
from mpi.rules import Frame, Kind, Origin, check, evaluate, parse
from mpi.vocabulary.options import Level
from tests.support.columns import listed

HERE = Origin("rule")
HOUSEHOLDS = 120
RULES = 700  # for each of the seeds below and each of the three kinds of rules: 8,400 in all
SEEDS = range(4)

Tree = tuple[Any, ...]
NAMES = {
    ("number", "person"): ["age", "score", "years"],
    ("text", "person"): ["job", "relation"],
    ("truth", "person"): ["attends", "works"],
    ("number", "household"): ["rooms", "income"],
    ("text", "household"): ["zone"],
    ("truth", "household"): ["owner"],
}
SCOPE = {name: Kind(kind, level) for (kind, level), names in NAMES.items() for name in names}  # type: ignore[arg-type]
LABELS = ["a", "b", "c'd", ""]


# Drawing


class Draw:
    """Random trees over the names of a level; aggregates where allowed."""

    def __init__(self, seed: str, level: Level, *, aggregates: bool) -> None:
        self.random = random.Random(seed)  # noqa: S311  drawing tests, not secrets
        self.level, self.aggregates = level, aggregates
        self.dyadic = False

    def one_of(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def any(self) -> Tree:
        return self.one_of(self.truth, self.truth, self.truth, self.number, self.text)(3)  # type: ignore[no-any-return]

    def name(self, kind: str) -> Tree:
        levels = ["household"] if self.level == "household" else ["person", "person", "household"]
        return ("name", self.random.choice(NAMES[kind, self.one_of(*levels)]))

    def number_literal(self) -> Tree:
        return ("literal", self.one_of(0, 1, 2, 3, 7, 0.5, 2.0, 1.25))

    def number(self, depth: int) -> Tree:
        if depth <= 0:
            return self.one_of(self.name("number"), self.name("number"), self.number_literal())  # type: ignore[no-any-return]
        down = depth - 1
        drawn = self.random.randrange(11 if self.aggregates else 8)
        if drawn == 0:
            return ("negative", self.number(down))
        if drawn in (1, 2):
            operator = self.one_of("+", "-", "*") if self.dyadic else self.one_of("+", "-", "*", "/", "/")
            return ("arithmetic", operator, self.number(down), self.number(down))
        if drawn == 3:
            return ("call", "ABS", (self.number(down),))
        if drawn == 4:
            function = self.one_of("LEAST", "GREATEST", "COALESCE")
            return ("call", function, tuple(self.number(down) for _ in range(self.random.randint(2, 3))))
        if drawn == 5:
            return self.case(self.number, down)
        if drawn >= 8:
            return self.aggregate(self.one_of("COUNT", "COUNT_IF", "SUM", "MEAN", "MIN", "MAX"))
        return self.number(0)

    def text(self, depth: int) -> Tree:
        if depth <= 0 or self.random.random() < 0.5:
            return self.name("text")
        if self.random.random() < 0.5:
            return ("call", "COALESCE", (self.text(depth - 1), ("literal", self.random.choice(LABELS))))
        return self.case(self.text, depth - 1)

    def truth(self, depth: int) -> Tree:
        if depth <= 0:
            return self.one_of(self.name("truth"), self.comparison(0), ("literal", self.one_of(True, False)))  # type: ignore[no-any-return]
        down = depth - 1
        drawn = self.random.randrange(14 if self.aggregates else 11)
        if drawn == 0:
            return ("not", self.truth(down))
        if drawn in (1, 2, 3):
            return (self.one_of("AND", "OR"), tuple(self.truth(down) for _ in range(self.random.randint(2, 3))))
        if drawn == 4:
            return self.member(down)
        if drawn == 5:
            operands = tuple(self.number(down) for _ in range(3))
            return ("between", *operands, self.one_of(True, False))
        if drawn == 6:
            operand = self.one_of(self.number, self.text, self.truth)(down)
            return ("is null", operand, self.one_of(True, False))
        if drawn == 7:
            return self.case(self.truth, down)
        if drawn == 8:
            return ("call", "COALESCE", (self.truth(down), self.truth(down)))
        if drawn >= 11:
            return self.aggregate(self.one_of("ANY", "ALL"))
        return self.comparison(down)

    def comparison(self, depth: int) -> Tree:
        if self.random.random() < 0.3:
            other = self.one_of(self.name("text"), ("literal", self.random.choice(LABELS)))
            return ("comparison", self.one_of("=", "<>"), self.text(depth), other)
        operator = self.one_of("=", "<>", "<", "<=", ">", ">=")
        return ("comparison", operator, self.number(depth), self.number(depth))

    def member(self, depth: int) -> Tree:
        if self.random.random() < 0.4:
            items = tuple(self.random.sample(LABELS, self.random.randint(1, 4)))
            return ("in", self.text(depth), items, self.one_of(True, False))
        items = tuple(self.random.sample([0, 1, 2, 3, 5, 8, 0.5, -1, -2.5, 40, 41, 42], self.random.randint(1, 12)))
        return ("in", self.number(depth), items, self.one_of(True, False))

    def case(self, result: Any, depth: int) -> Tree:
        branches = [(self.truth(depth), result(depth)) for _ in range(self.random.randint(1, 2))]
        if len(branches) > 1 and self.random.random() < 0.2:
            branches[1] = (branches[1][0], ("literal", None))
        otherwise = self.one_of(None, ("literal", None), result(depth), result(depth))
        return ("case", tuple(branches), otherwise)

    def aggregate(self, function: str) -> Tree:
        if function == "COUNT":
            return ("aggregate", function, None)
        level, self.level, self.aggregates = self.level, "person", False
        self.dyadic = True  # sums of such numbers are exact in any order
        argument = self.truth(2) if function in ("ANY", "ALL", "COUNT_IF") else self.number(1)
        self.level, self.aggregates, self.dyadic = level, True, False
        return ("aggregate", function, argument)


# Writing in our language

OR, AND, NOT, COMPARISON, SUM, PRODUCT, SIGN, ATOM = range(8)


class Ours:
    """The text of a rule, with parentheses only where the grammar needs them."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311  drawing tests, not secrets

    def word(self, word: str) -> str:
        return word if self.random.random() < 0.8 else word.lower()

    def literal(self, value: Any) -> str:
        match value:
            case None | bool():
                return self.word("NULL" if value is None else str(value).upper())
            case str():
                quoted = value.replace("'", "''")
                return f"'{quoted}'"
        return f"{value}" if value >= 0 else f"-{-value}"

    def at(self, tree: Tree, level: int) -> str:
        own, text = self.write(tree)
        return text if own >= level else f"({text})"

    def write(self, tree: Tree) -> tuple[int, str]:  # noqa: PLR0912  one case for each kind of node
        match tree:
            case "literal", value:
                return ATOM, self.literal(value)
            case "name", name:
                return ATOM, name if self.random.random() < 0.9 else f'"{name}"'
            case "negative", operand:
                return SIGN, f"- {self.at(operand, SIGN)}"
            case "arithmetic", ("+" | "-") as operator, left, right:
                return SUM, f"{self.at(left, SUM)} {operator} {self.at(right, PRODUCT)}"
            case "arithmetic", operator, left, right:
                return PRODUCT, f"{self.at(left, PRODUCT)} {operator} {self.at(right, SIGN)}"
            case "comparison", operator, left, right:
                return COMPARISON, f"{self.at(left, SUM)} {operator} {self.at(right, SUM)}"
            case "in", operand, items, negated:
                items = ", ".join(self.literal(item) for item in items)
                return COMPARISON, f"{self.at(operand, SUM)}{self.negation(negated)} {self.word('IN')} ({items})"
            case "between", operand, low, high, negated:
                bounds = f"{self.at(low, SUM)} {self.word('AND')} {self.at(high, SUM)}"
                return COMPARISON, f"{self.at(operand, SUM)}{self.negation(negated)} {self.word('BETWEEN')} {bounds}"
            case "is null", operand, negated:
                return COMPARISON, f"{self.at(operand, SUM)} {self.word('IS')}{self.negation(negated)} NULL"
            case "not", operand:
                return NOT, f"{self.word('NOT')} {self.at(operand, NOT)}"
            case "AND", operands:
                return AND, f" {self.word('AND')} ".join(self.at(operand, NOT) for operand in operands)
            case "OR", operands:
                return OR, f" {self.word('OR')} ".join(self.at(operand, AND) for operand in operands)
            case "case", branches, otherwise:
                whens = " ".join(f"WHEN {self.at(a, OR)} THEN {self.at(b, OR)}" for a, b in branches)
                last = "" if otherwise is None else f" ELSE {self.at(otherwise, OR)}"
                return ATOM, f"{self.word('CASE')} {whens}{last} END"
            case "call", function, arguments:
                return ATOM, f"{self.word(function)}({', '.join(self.at(part, OR) for part in arguments)})"
            case "aggregate", function, argument:
                return ATOM, f"{self.word(function)}({'' if argument is None else self.at(argument, OR)})"
        raise AssertionError(tree)

    def negation(self, negated: bool) -> str:
        return f" {self.word('NOT')}" if negated else ""


# Writing in SQL


def literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case str():
            quoted = value.replace("'", "''")
            return f"'{quoted}'"
        case int():
            return f"CAST({value} AS BIGINT)"
    return f"CAST({value} AS DOUBLE)"


def sql(tree: Tree, eligible: str, over: str) -> str:  # noqa: PLR0912  one case for each kind of node
    """A tree in SQL; `eligible` says which members aggregates see, `over` is the window of aggregates."""

    def inner(part: Tree) -> str:
        return sql(part, eligible, over)

    match tree:
        case "literal", value:
            return literal(value)
        case "name", name:
            return str(name)
        case "negative", operand:
            return f"(-({inner(operand)}))"
        case "arithmetic", "/", left, right:
            return f"(CASE WHEN {inner(right)} = 0 THEN NULL ELSE CAST({inner(left)} AS DOUBLE) / {inner(right)} END)"
        case (("arithmetic" | "comparison"), operator, left, right):
            return f"({inner(left)} {operator} {inner(right)})"
        case "in", operand, items, negated:
            listed = ", ".join(map(literal, items))
            return f"({inner(operand)} {'NOT ' * negated}IN ({listed}))"
        case "between", operand, low, high, negated:
            return f"({inner(operand)} {'NOT ' * negated}BETWEEN {inner(low)} AND {inner(high)})"
        case "is null", operand, negated:
            return f"({inner(operand)} IS {'NOT ' * negated}NULL)"
        case "not", operand:
            return f"(NOT {inner(operand)})"
        case ("AND" | "OR") as operator, operands:
            return "(" + f" {operator} ".join(map(inner, operands)) + ")"
        case "case", branches, otherwise:
            whens = " ".join(f"WHEN {inner(a)} THEN {inner(b)}" for a, b in branches)
            return f"(CASE {whens} ELSE {'NULL' if otherwise is None else inner(otherwise)} END)"
        case "call", ("LEAST" | "GREATEST") as function, arguments:
            parts = [inner(part) for part in arguments]
            unknown = " OR ".join(f"{part} IS NULL" for part in parts)
            return f"(CASE WHEN {unknown} THEN NULL ELSE {function}({', '.join(parts)}) END)"
        case "call", function, arguments:
            return f"{function}({', '.join(map(inner, arguments))})"
        case "aggregate", function, argument:
            return aggregate(function, "" if argument is None else inner(argument), eligible, over)
    raise AssertionError(tree)


def aggregate(function: str, x: str, eligible: str, over: str) -> str:
    match function:
        case "ANY":
            met = f"({eligible} AND {x})"
            unknown = f"bool_or({met} IS NULL){over}"
            return f"(CASE WHEN bool_or({met}){over} THEN TRUE WHEN {unknown} THEN NULL ELSE FALSE END)"
        case "ALL":
            met = f"(NOT {eligible} OR {x})"
            unknown = f"bool_or({met} IS NULL){over}"
            return f"(CASE WHEN bool_or(NOT {met}){over} THEN FALSE WHEN {unknown} THEN NULL ELSE TRUE END)"
        case "COUNT" | "COUNT_IF":
            met = eligible if function == "COUNT" else f"({eligible} AND {x})"
            count = f"count(*) FILTER (WHERE {met}){over}"
            return f"(CASE WHEN bool_or({met} IS NULL){over} THEN NULL ELSE {count} END)"
    missing = f"bool_or({eligible} IS NULL OR ({eligible} AND {x} IS NULL)){over}"
    name = {"MEAN": "avg"}.get(function, function.lower())
    value = f"{name}({x}) FILTER (WHERE {eligible}){over}"
    if function == "SUM":
        value = f"COALESCE(CASE WHEN typeof({value}) = 'HUGEINT' THEN CAST({value} AS BIGINT) ELSE {value} END, 0)"
    return f"(CASE WHEN {missing} THEN NULL ELSE {value} END)"


# Data


def columns(rng: np.random.Generator, n: int, level: str) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for (kind, own), names in NAMES.items():
        for i, name in enumerate(names if own == level else ()):
            known = rng.random(n) < 0.85 if rng.random() < 0.8 else None
            if kind == "text":
                codes = rng.integers(0, len(LABELS), n)
                values: Values = Text(codes if known is None else np.where(known, codes, 0), tuple(LABELS), known)
            elif kind == "truth":
                true = rng.random(n) < 0.5
                values = Truth(true if known is None else true & known, known)
            else:
                drawn = rng.integers(-8, 44, n) if i % 2 else rng.integers(-3, 8, n)
                drawn = drawn / 4 if name in ("score", "income") else drawn
                values = Number(drawn if known is None else np.where(known, drawn, 0), known)
            found[name] = values
    return found


def data(seed: int) -> tuple[Frame, pa.Table]:
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3, 4, 5, 9], HOUSEHOLDS)
    persons, households = columns(rng, int(sizes.sum()), "person"), columns(rng, HOUSEHOLDS, "household")
    given = {name: repeat(values, sizes) for name, values in households.items()}
    keys = {
        "household": numbers(np.repeat(np.arange(HOUSEHOLDS), sizes)),
        "person": numbers(np.arange(int(sizes.sum()))),
    }
    table = pa.table(keys | {name: array_of(values) for name, values in (persons | given).items()})
    return Frame(sizes, persons, households), table


# Comparing


def compare(seed: int, level: Level, *, aggregates: bool) -> int:
    """Judge random rules with both; return how many of their answers were known."""
    frame, table = data(seed)
    draw, ours = Draw(f"{seed} {level} {aggregates}", level, aggregates=aggregates), Ours(f"{seed}")
    trees, texts, filters, queries = [], [], [], []
    for _ in range(RULES):
        tree = draw.any()
        eligible: Tree | None = None
        if aggregates and draw.random.random() < 0.5:
            eligible = Draw(str(draw.random.random()), "person", aggregates=False).truth(2)
        inside = "TRUE" if eligible is None else sql(eligible, "", "")
        over = " OVER (PARTITION BY household)" if level == "person" else ""
        trees.append(tree)
        texts.append(ours.at(tree, OR))
        filters.append(None if eligible is None else ours.at(eligible, OR))
        queries.append(sql(tree, inside, over))
    theirs = answers(table, queries, level)
    known = 0
    for text, eligible_text, expected in zip(texts, filters, theirs, strict=True):
        expression = parse(text, HERE)
        _, faults = check(expression, SCOPE, HERE, level=level)
        assert not faults, (text, faults)
        member = None if eligible_text is None else parse(eligible_text, HERE)
        found = listed(evaluate(expression, frame, level, member))
        wrong = [
            i for i, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b or (a is None) != (b is None)
        ]
        assert not wrong, (text, eligible_text, [(i, found[i], expected[i]) for i in wrong[:5]])
        known += sum(answer is not None for answer in expected)
    return known


def answers(table: pa.Table, queries: list[str], level: Level) -> list[list[Any]]:
    connection = duckdb.connect()
    connection.register("data", table)
    connection.execute("CREATE TABLE persons AS SELECT * FROM data")
    group = ""
    if level == "household":
        given = [name for (_, own), names in NAMES.items() for name in names if own == "household"]
        group = f"GROUP BY household, {', '.join(given)}"
    found: list[list[Any]] = []
    for first in range(0, len(queries), 50):
        chosen = ", ".join(f"{query} AS c{i}" for i, query in enumerate(queries[first : first + 50]))
        key = "household" if level == "household" else "person"
        rows = connection.execute(f"SELECT {chosen} FROM persons {group} ORDER BY {key}").fetchall()
        found += [list(column) for column in zip(*rows, strict=True)]
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_rules_about_a_person_mean_what_sql_says(seed: int) -> None:
    assert compare(seed, "person", aggregates=False) > 100 * RULES


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_rules_with_aggregates_about_a_household_mean_what_sql_says(seed: int) -> None:
    assert compare(seed, "household", aggregates=True) > 30 * RULES


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_rules_that_give_aggregates_back_to_persons_mean_what_sql_says(seed: int) -> None:
    assert compare(seed, "person", aggregates=True) > 100 * RULES
