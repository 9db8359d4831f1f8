"""The class of every pattern of deprivations and states, and the proof that each attainable state has exactly one.

Scores are compared as exact fractions. What is unknown stays so: a class is known where its rule is true whatever the
unknown parts are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mpi.columns.kleene import and_, choose, not_, or_
from mpi.columns.values import Truth
from mpi.counting import Scores, integer_weights
from mpi.errors import ConfigError, Fault, UsageError, phrase
from mpi.language import enumerated
from mpi.rules import Expression, Literal, Name, names, written
from mpi.rules.syntax import Case, Comparison, Junction, Not
from mpi.specs.classes import DEPRIVED, INCOME_POOR, POOR, holds, own_names, score_cuts
from mpi.specs.measure import Cutoff, Measure

MOST_STATES = 1 << 20  # that are gone through to prove that classes are exhaustive and exclusive


@dataclass(frozen=True, eq=False)
class Facts:
    """What the rules of classes read of p units or patterns.

    Attributes
    ----------
    own : mapping of str to Truth
        `poor`, and `deprived_INDICATOR`; p rows each.
    states : mapping of Expression to Truth
        Conditions on variables.
    score : callable
        From an operator and a number to whether the score compares so.
    rows : int
        p.
    """

    own: Mapping[str, Truth]
    states: Mapping[Expression, Truth]
    score: Callable[[str, Fraction], Truth]
    rows: int

    def value(self, node: Expression) -> Truth:
        """The truth of a class' rule, or of a part of it; p rows."""
        if node in self.states:
            return self.states[node]
        if (cuts := score_cuts(node)) is not None:
            return self._joined(and_, [self.score(*cut) for cut in cuts])
        match node:
            case Literal(value=bool(value)):
                return Truth(np.full(self.rows, value))
            case Name(name=name):
                return self.own[name]
            case Not(operand=operand):
                return not_(self.value(operand))
            case Junction(operator=sign, operands=operands):
                return self._joined(and_ if sign == "AND" else or_, [self.value(part) for part in operands])
            case Case(branches=branches, otherwise=otherwise):
                unknown = Truth(np.zeros(self.rows, np.bool_), np.zeros(self.rows, np.bool_))
                found = unknown if otherwise is None else self.value(otherwise)
                for condition, then in reversed(branches):
                    found = choose(self.value(condition), self.value(then), found)
                return found
        raise TypeError(f"no condition: {node!r}")

    @staticmethod
    def _joined(operation: Callable[[Truth, Truth], Truth], parts: Sequence[Truth]) -> Truth:
        found = parts[0]
        for part in parts[1:]:
            found = operation(found, part)
        return found


def facts_of(measure: Measure, scored: Scores, cutoff: Cutoff) -> Facts:
    """What classes read of the distinct patterns of a profile.

    Parameters
    ----------
    measure : Measure
    scored : Scores
        With the states that the profile keeps.
    cutoff : Cutoff
        Of `poor`.
    """
    known = scored.included
    own = {DEPRIVED + one.name: Truth(scored.deprived[:, j], scored.known[:, j])
           for j, one in enumerate(measure.indicators)}  # fmt: skip
    own[POOR] = Truth(scored.poor(cutoff), known)
    states: dict[Expression, Truth] = {
        rule.expression: Truth(scored.states[:, i], scored.states_known[:, i]) for i, rule in enumerate(measure.states)
    }
    if measure.income_poor is not None:
        states[Name(INCOME_POOR)] = states[measure.income_poor.expression]
    pairs = [Fraction(int(u), int(b)) for u, b in zip(scored.units, scored.base, strict=True)]

    def score(sign: str, number: Fraction) -> Truth:
        return Truth(np.array([holds(sign, one, number) for one in pairs], np.bool_) & known, known)

    return Facts(own, states, score, len(known))


def class_of(measure: Measure, facts: Facts) -> NDArray[np.int64]:
    """The place of the class of each pattern; -1 where it is not known. Shape (p,)."""
    found = np.full(facts.rows, -1, np.int64)
    for i, one in enumerate(measure.classes):
        truth = facts.value(one.rule.expression)
        found[truth.true if truth.known is None else truth.true & truth.known] = i
    return found


def undecided(measure: Measure) -> tuple[str, list[str]] | None:
    """A state that no class or several take, in words, with the names of these classes; None if there is none.

    Every attainable state is gone through: the deprivations that the rules name, the scores that the others can add up
    to, and the truths of the conditions on variables that can hold together.

    Raises
    ------
    OverflowError
        If there are too many states to go through.
    """
    for cutoff in measure.cutoffs:
        facts, told = _all_states(measure, cutoff)
        taken = np.stack([facts.value(one.rule.expression).true for one in measure.classes])
        wrong = np.flatnonzero(taken.sum(axis=0) != 1)
        if len(wrong):
            at = int(wrong[0])
            return told(at), [one.name for one, mine in zip(measure.classes, taken[:, at], strict=True) if mine]
    return None


def check_classes(measure: Measure) -> None:
    """Refuse classes that leave a state out, or that overlap.

    Raises
    ------
    UsageError
        If a class reads an indicator that the measure no longer has.
    ConfigError
        With the state; or if there are too many to go through.
    """
    if not measure.classes:
        return
    readable = own_names(measure.indicators)
    lacking = sorted(
        {name for one in measure.classes for name in names(one.rule.expression)
         if name.startswith(DEPRIVED) and name not in readable}
    )  # fmt: skip
    if lacking:
        text = phrase(
            "the classes read {names}, of indicators that the measure does not have", names=", ".join(lacking)
        )
        raise UsageError(Fault("MPI-E213", None, text, phrase("take the measure with all indicators of its classes")))
    first, fault = measure.classes[0].rule.origin, None
    try:
        found = undecided(measure)
    except OverflowError:
        text = phrase("the rules of the classes have too many states to prove that each is in one class")
        fault = first.fault("MPI-M011", 0, text, phrase("read fewer indicators and conditions in classes"))
    else:
        if found is not None and found[1]:
            text = phrase("the classes {names} overlap: {state}", names=enumerated(found[1], "and"), state=found[0])
            own = next(one for one in measure.classes if one.name == found[1][-1])
            fault = own.rule.origin.fault("MPI-M011", 0, text, phrase("exclude it from one of them: ... AND NOT ..."))
        elif found is not None:
            text = phrase("no class has the state {state}", state=found[0])
            fault = first.fault("MPI-M011", 0, text, phrase("add a class, or widen one, so that it has one"))
    if fault is not None:
        raise ConfigError(fault)


def _all_states(measure: Measure, cutoff: Cutoff) -> tuple[Facts, Callable[[int], str]]:
    """Every attainable state as a row of facts, and a row in words."""
    read = {name for one in measure.classes for name in names(one.rule.expression)}
    named = [j for j, one in enumerate(measure.indicators) if DEPRIVED + one.name in read]
    scores = _scores_by(measure, named, cutoff)
    nodes = [rule.expression for rule in measure.states]
    together = list(_together(nodes))
    number = len(scores) * len(together)
    if number > MOST_STATES:
        raise OverflowError
    of_score = np.repeat(np.arange(len(scores)), len(together))
    flags = np.array([flags for flags, _ in scores], np.bool_).reshape(len(scores), len(named))[of_score]
    exact = [score for _, score in scores]
    truths = np.array(together, np.bool_).reshape(len(together), len(nodes))
    truths = np.tile(truths, (len(scores), 1))
    own = {DEPRIVED + measure.names[j]: Truth(flags[:, i]) for i, j in enumerate(named)}
    met = np.array([one > cutoff.k if cutoff.strict else one >= cutoff.k for one in exact], np.bool_)
    own[POOR] = Truth(met[of_score])
    states: dict[Expression, Truth] = {node: Truth(truths[:, i]) for i, node in enumerate(nodes)}
    if measure.income_poor is not None:
        states[Name(INCOME_POOR)] = states[measure.income_poor.expression]

    def score(sign: str, of: Fraction) -> Truth:
        return Truth(np.array([holds(sign, one, of) for one in exact], np.bool_)[of_score])

    def told(row: int) -> str:
        parts = [f"{DEPRIVED}{measure.names[j]}: {_word(flags[row, i])}" for i, j in enumerate(named)]
        parts.append(f"score: {exact[of_score[row]]}")
        parts += [f"{written(rule.expression)}: {_word(truths[row, i])}"
                  for i, rule in enumerate(measure.states)]  # fmt: skip
        return ", ".join(parts)

    return Facts(own, states, score, number), told


def _word(truth: bool) -> str:
    return "true" if truth else "false"


def _scores_by(measure: Measure, named: Sequence[int], cutoff: Cutoff) -> list[tuple[tuple[bool, ...], Fraction]]:
    """The flags that rules name with every score that they and all others can add up to, one for each that differs."""
    weights, of_dimensions, base = integer_weights(measure)
    numbers = {cutoff.k} | {
        number
        for one in measure.classes
        for node in _comparisons(one.rule.expression)
        for _, number in score_cuts(node) or ()
    }
    found: dict[tuple[tuple[bool, ...], tuple[int, ...]], Fraction] = {}
    for flags in itertools.product((False, True), repeat=len(named)):
        fixed = dict(zip(named, flags, strict=True))
        for units in _sums(measure, weights, of_dimensions, fixed):
            score = Fraction(units, base)
            place = tuple((score > number) - (score < number) for number in sorted(numbers))
            found.setdefault((flags, place), score)
        if len(found) > MOST_STATES:
            raise OverflowError
    return [(flags, score) for (flags, _), score in found.items()]


def _sums(
    measure: Measure, weights: Sequence[int], of_dimensions: Sequence[int], fixed: Mapping[int, bool]
) -> set[int]:
    """The scores, in units, that patterns with some flags fixed have."""
    sums = {0}
    for d, dimension in enumerate(measure.dimensions):
        own = [j for j, one in enumerate(measure.indicators) if one.dimension == dimension.name and not one.monitor]
        if dimension.at_least is None:
            for j in own:
                steps = [weights[j] * fixed[j]] if j in fixed else [0, weights[j]]
                sums = {one + step for one in sums for step in steps}
        else:
            sure = sum(fixed.get(j, False) for j in own)
            most = sure + sum(j not in fixed for j in own)
            steps = [of_dimensions[d] * met for met in {sure >= dimension.at_least, most >= dimension.at_least}]
            sums = {one + step for one in sums for step in steps}
        if len(sums) > MOST_STATES:
            raise OverflowError
    return sums


def _comparisons(node: Expression) -> Iterator[Expression]:
    if score_cuts(node) is not None:
        yield node
    match node:
        case Not(operand=operand):
            yield from _comparisons(operand)
        case Junction(operands=operands):
            for part in operands:
                yield from _comparisons(part)
        case Case(branches=branches, otherwise=otherwise):
            for part in (*(part for branch in branches for part in branch), *([otherwise] if otherwise else [])):
                yield from _comparisons(part)


def _together(nodes: Sequence[Expression]) -> Iterator[tuple[bool, ...]]:
    """The truths that conditions on variables can have together.

    Of comparisons of one thing with constants, or with one other thing, those that contradict one another are left out;
    any others are taken to be free.
    """
    groups: dict[object, list[int]] = {}
    for i, node in enumerate(nodes):
        groups.setdefault(_subject(node, i), []).append(i)
    options = [_options([nodes[i] for i in places]) for places in groups.values()]
    size = int(np.prod([len(one) for one in options], dtype=object)) if options else 1
    if size > MOST_STATES:
        raise OverflowError
    for chosen in itertools.product(*options):
        row = [False] * len(nodes)
        for places, values in zip(groups.values(), chosen, strict=True):
            for i, value in zip(places, values, strict=True):
                row[i] = value
        yield tuple(row)


def _subject(node: Expression, place: int) -> object:
    """What a comparison is about; anything else is alone."""
    if not isinstance(node, Comparison):
        return place
    if isinstance(node.right, Literal) and not isinstance(node.right.value, bool | None):
        return node.left, type(node.right.value) is str
    return node.left, node.right


def _options(nodes: Sequence[Expression]) -> list[tuple[bool, ...]]:
    """The truths that comparisons about one thing can have together."""
    first = nodes[0]
    if not isinstance(first, Comparison):
        return [(False,), (True,)]
    comparisons = [node for node in nodes if isinstance(node, Comparison)]
    if isinstance(first.right, Literal) and isinstance(first.right.value, str):
        texts = {node.right.value for node in comparisons if isinstance(node.right, Literal)}
        cases = [[(value == node.right.value) == (node.operator == "=") for node in comparisons  # type: ignore[union-attr]
                  ] for value in (*sorted(map(str, texts)), None)]  # fmt: skip
    elif isinstance(first.right, Literal):
        numbers = sorted({Fraction(repr(node.right.value)) for node in comparisons
                          if isinstance(node.right, Literal)})  # fmt: skip
        points = [numbers[0] - 1, *numbers, *((a + b) / 2 for a, b in itertools.pairwise(numbers)), numbers[-1] + 1]
        cases = [[holds(node.operator, point, Fraction(repr(node.right.value))) for node in comparisons  # type: ignore[union-attr]
                  ] for point in points]  # fmt: skip
    else:
        cases = [[holds(node.operator, Fraction(sign), Fraction(0)) for node in comparisons] for sign in (-1, 0, 1)]
    return list(dict.fromkeys(tuple(case) for case in cases))
