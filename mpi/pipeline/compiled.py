"""Verdicts by the compiled kernels, block by block; what they do not do, and any block that is unusual, by numpy.

The figures are the same, to the last bit. Whatever is wrong with rows is found by numpy: a block in which a number
leaves its range, or a household has more members than a byte counts, is judged as if there were no kernels.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

import numpy as np

from mpi.columns.values import Values
from mpi.kernels import MOST_MEMBERS, Asked, Compiler, Runner, Unfit, Verdict, chosen
from mpi.kernels.load import Kernel
from mpi.pipeline.binding import Plan, Step
from mpi.pipeline.judging import Judged, add_columns, judge, note_doubled
from mpi.pipeline.preparing import Prepared
from mpi.rules import Expression, Frame, Name, Overflow, evaluate
from mpi.rules.syntax import names
from mpi.vocabulary.options import Level

MOST_PROGRAMS = 8  # for blocks of different types; what changes more often is left to numpy
_held: list[tuple[Plan, Judge]] = []  # of the last plans: programs are compiled once for all spans
_lock = threading.Lock()


def judge_of(ready: Prepared) -> Judge | None:
    """What judges the blocks of a pass by the kernels; None where numpy does all.

    Raises
    ------
    UsageError
        As `mpi.kernels.chosen`.
    """
    opened, plan = ready.opened, ready.plan
    if ready.measure.level != "household" or not opened.survey.has_persons:
        return None
    kernel = chosen(opened.tables["persons"].rows)
    if kernel is None:
        return None
    with _lock:
        for held, found in _held:
            if held is plan and found.kernel is kernel:
                return found
        made = Judge(plan, kernel)
        _held[:] = [(plan, made), *_held[:1]]
        return made


class Unusual(Exception):
    """A rule that numpy computed left the range of numbers."""


class Judge:
    """Judges the households of blocks by the kernels.

    Attributes
    ----------
    always : tuple of Step
        The plan's columns that numpy computes in any case: codes and texts, which it checks, and what the design, the
        domains or nobody's verdict uses.
    """

    def __init__(self, plan: Plan, kernel: Kernel) -> None:
        self.plan, self.kernel = plan, kernel
        self.steps = {step.name: step for step in plan.steps}
        rules = {name: (step.level, step.expression) for name, step in self.steps.items() if _is_rule(step)}
        judged = self._closed(_read(plan))
        others = {name for name in self.steps if name not in judged or name not in rules} | _read_by_gaps(plan)
        wanted = self._closed(others | used(plan))
        self.always = tuple(step for step in plan.steps if step.name in wanted)
        self.definitions = {name: rule for name, rule in rules.items() if name not in wanted}
        self.verdicts = [
            Verdict(
                one.deprived.expression,
                None if one.eligible is None else one.eligible.expression,
                one.anyone,
                one.nobody,
            )
            for one in plan.judgements
        ]
        self.runners: list[Runner] = []
        self.partly: set[Asked] = set()
        self._lock = threading.Lock()

    def judged(self, frame: Frame) -> Judged:
        """The verdicts on a block, to which the columns are added that others than they use.

        Raises
        ------
        DataError
            As `mpi.pipeline.judging.compute`.
        """
        note_doubled(self.plan, frame)
        add_columns(self.always, frame)
        if frame.verdicts is not None:
            return Judged((), *frame.verdicts)
        if (found := self._words(frame)) is not None:
            return found
        frame.met.clear()  # a rule tells only once where it leaves the range of numbers
        add_columns(self.plan.steps, frame)
        return judge(self.plan, frame, "household")

    def _words(self, frame: Frame) -> Judged | None:
        """The verdicts by the kernels; None if they cannot be had."""
        if not len(frame.sizes) or int(frame.sizes.max()) > MOST_MEMBERS:
            return None

        def fetch(asked: Asked) -> Values:
            return self._fetched(asked, frame)

        try:
            for runner in self.runners:
                try:
                    words = runner.words(frame.sizes, fetch)
                except Unfit:
                    continue
                break
            else:
                words = self.compiled(frame).words(frame.sizes, fetch)
        except (Unfit, Unusual):
            return None
        if words is None:
            return None
        pattern, unknown = words
        return Judged((), pattern, np.zeros(len(pattern), np.uint64) if unknown is None else unknown)

    def compiled(self, frame: Frame) -> Runner:
        """A program for blocks like one; where something is unknown in one of them, it may be in all.

        Raises
        ------
        Unfit, Unusual
            If there is none.
        """
        with self._lock:
            if len(self.runners) == MOST_PROGRAMS:
                raise Unfit

            def fetch(asked: Asked) -> Values:
                values = self._fetched(asked, frame)
                if values.known is not None:
                    self.partly.add(asked)
                return values

            def level_of(name: str) -> Level:
                return (
                    "household"
                    if name in frame.households
                    else "person"
                    if name in frame.persons
                    else (self.steps[name].level)
                )

            compiler = Compiler(definitions=self.definitions, level_of=level_of, fetch=fetch, partly=self.partly)
            made = Runner(self.kernel, compiler.program(self.verdicts))
            self.runners = [made, *self.runners]
            return made

    def _fetched(self, asked: Asked, frame: Frame) -> Values:
        """A column of a block, or what numpy computes on it."""
        if isinstance(asked.expression, Name):
            columns = frame.persons if asked.level == "person" else frame.households
            if asked.expression.name in columns:
                return columns[asked.expression.name]
        read = names(asked.expression) | ({} if asked.eligible is None else names(asked.eligible))
        wanted = self._closed(read)
        add_columns([step for step in self.plan.steps if step.name in wanted], frame)
        overflows: list[Overflow] = []
        values = evaluate(asked.expression, frame, asked.level, asked.eligible, overflows)
        if overflows:
            raise Unusual
        return values

    def _closed(self, some: Iterable[str]) -> set[str]:
        """The steps among some names, and those that they read."""
        found: set[str] = set()
        left = [name for name in some if name in self.steps]
        while left:
            step = self.steps[left.pop()]
            if step.name not in found:
                found.add(step.name)
                read = [*names(step.expression), *(name.name for name, _ in step.parts)]
                left += [name for name in read if name in self.steps]
        return found


def _is_rule(step: Step) -> bool:
    """Whether a column is its rule's value, and nothing else is made of it or looked at."""
    return step.codes is None and step.declared is None and not step.as_code and not step.parts and step.lines is None


def _read(plan: Plan) -> set[str]:
    """The names that the verdicts read."""
    rules: list[Expression | None] = []
    for one in plan.judgements:
        rules += [one.deprived.expression, one.anyone, None if one.eligible is None else one.eligible.expression]
    return {name for rule in rules if rule is not None for name in names(rule)}


def _read_by_gaps(plan: Plan) -> set[str]:
    """The names that gaps read, which numpy measures, and whom they are about."""
    read = {name for one in plan.distances for rule in one.gap.rules for name in names(rule.expression)}
    eligible = [plan.judgements[one.place].eligible for one in plan.distances]
    return read | {name for rule in eligible if rule is not None for name in names(rule.expression)}


def used(plan: Plan) -> set[str]:
    """The names of columns that the design and the domains use."""

    def texts(value: Any) -> set[str]:
        if isinstance(value, str):
            return {value}
        return set().union(*map(texts, value)) if isinstance(value, tuple) else set()

    return texts(astuple(plan.design)) | {f"domain:{name}" for name, _ in plan.domains}
