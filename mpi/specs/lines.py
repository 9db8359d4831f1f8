"""Relative income lines: what a measure declares of them, and what a survey's incomes make of them.

A relative line is a share of a quantile of incomes, such as 60 % of the median. The incomes themselves decide it, so it
is found before anybody is judged, and it has a sampling error of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mpi.errors import Fault, phrase
from mpi.rules import Expression, Kind, Literal, Name, Rule, check, names
from mpi.rules.syntax import Case, Comparison
from mpi.vocabulary.options import Level

HALF = Fraction(1, 2)
BELOW: Mapping[str, bool] = {"<": True, "<=": True, ">": False, ">=": False}  # whether it holds just below a line
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeLine:
    """A line that is a share of a quantile of incomes.

    Attributes
    ----------
    income : Rule
        The number that conditions compare with the line.
    relative : Fraction
        The share, such as 3/5.
    quantile : Fraction
        Of which it is one, in (0, 1); 1/2 is the median.
    base : Rule or None
        Whose incomes count; those of everybody in the survey if None.
    by : Rule or None
        The area of a unit, of which each has a line of its own; one line for all if None.
    """

    name: str
    income: Rule
    relative: Fraction
    quantile: Fraction = HALF
    base: Rule | None = None
    by: Rule | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What decides the line."""
        return tuple(rule for rule in (self.income, self.base, self.by) if rule is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """What a survey's incomes make of a relative line, in A areas; one without a code if there is one line for all.

    Attributes
    ----------
    name : str
    relative, quantile : str
        Exact shares, as the measure declares them.
    areas : tuple of str
        Their codes.
    at : tuple of float or None
        The quantile of incomes: the smallest income with that share of the weight or more; None without any income.
    value : tuple of float or None
        The line: the share of it.
    bandwidth : tuple of float
        Of the Gaussian kernel: the standard deviation of incomes times N^-0.2, N the sum of weights; 0 if none.
    population : tuple of float
        N: the sum of weights of the persons whose income counts.
    persons : tuple of int
        Their unweighted number.
    tied : tuple of int
        How many of them have just this income.
    """

    name: str
    relative: str
    quantile: str
    areas: tuple[str, ...]
    at: tuple[float | None, ...]
    value: tuple[float | None, ...]
    bandwidth: tuple[float, ...]
    population: tuple[float, ...]
    persons: tuple[int, ...]
    tied: tuple[int, ...]


def rule_of(line: RelativeLine, found: FoundLine | None) -> Rule:
    """The line as a number for each unit: a constant, or one for each area; unknown where there is none."""
    unknown: Expression = Case(((Literal(False), Literal(0.0)),), None)
    values = () if found is None else tuple(zip(found.areas, found.value, strict=True))
    known = [(area, value) for area, value in values if value is not None]
    expression = unknown
    if known and line.by is None:
        expression = Literal(known[0][1])
    elif known and line.by is not None:
        own = line.by.expression
        expression = Case(tuple((Comparison("=", own, Literal(area)), Literal(value)) for area, value in known), None)
    return Rule(line.name, expression, line.income.origin)


def crossed(node: Expression, lines: Sequence[RelativeLine]) -> tuple[int, bool] | None:
    """Which line a condition compares an income with, and whether it holds just below it; None if with none."""
    if not isinstance(node, Comparison) or node.operator not in BELOW:
        return None
    for place, line in enumerate(lines):
        own = line.income.expression
        if node.right == Name(line.name) and node.left == own:
            return place, BELOW[node.operator]
        if node.left == Name(line.name) and node.right == own:
            return place, BELOW[TURNED[node.operator]]
    return None


def faults_of_lines(
    lines: Sequence[RelativeLine], states: Sequence[Rule], kinds: Mapping[str, Kind], level: Level
) -> list[Fault]:
    """Everything wrong in relative lines and in the conditions that read them."""
    faults: list[Fault] = []
    for line in lines:
        if line.name in kinds:
            text = phrase("{name!r} is a variable and a line", name=line.name)
            faults.append(line.income.origin.fault("MPI-R015", 0, text, phrase("give one of them another name")))
        faults += check(line.income.expression, kinds, line.income.origin, level=level, expected="number")[1]
        if line.base is not None:
            faults += check(line.base.expression, kinds, line.base.origin, expected="truth")[1]
        if line.by is not None:
            faults += check(line.by.expression, kinds, line.by.origin, level=level, expected="text")[1]
    if len({line.by.expression for line in lines if line.by is not None}) > 1:
        other = next(one for one in lines[1:] if one.by is not None and one.by != lines[0].by)
        origin = other.by.origin if other.by is not None else other.income.origin
        text = phrase("the lines of a measure are by different areas")
        faults.append(origin.fault("MPI-M013", 0, text, phrase("write the same `by:` for all, or leave it out")))
    own = {line.name: line for line in lines}
    for state in states:
        for name in sorted({*names(state.expression)} & {*own}):
            if crossed(state.expression, [own[name]]) is None:
                text = phrase(
                    "a condition reads the line {name!r} in another way than to compare its income with it", name=name
                )
                remedy = phrase("write {income} < {name}, and join conditions by AND and OR in classes",
                                income=own[name].income.text, name=name)  # fmt: skip
                faults.append(state.origin.fault("MPI-M013", names(state.expression)[name], text, remedy))
    return faults


def names_of(lines: Sequence[RelativeLine]) -> Iterator[str]:
    """The names that lines rest on."""
    for line in lines:
        for rule in line.rules:
            yield from names(rule.expression)
