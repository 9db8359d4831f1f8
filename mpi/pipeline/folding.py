"""Persons folded by the kernels as they are read, for surveys whose rules ask nothing else of single persons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mpi.columns.stored import Stored, solid
from mpi.columns.values import Ints, Values
from mpi.kernels import MOST_MEMBERS, Asked, Runner, Unfit
from mpi.pipeline.compiled import Judge, Unusual, used
from mpi.pipeline.preparing import Prepared
from mpi.rules import Frame, Name, Verdicts, names
from mpi.source import Columns, Fold, Followed, Piece

PERSONS = "persons."


def fold_of(ready: Prepared, judge: Judge | None) -> Fold | None:
    """What folds the persons of a survey; None where other columns of persons than the verdicts' are wanted."""
    plan = ready.plan
    if ready.measure.lines:  # incomes are looked at again
        return None
    if judge is None or ready.by_person or ready.replicates is not None or plan.doubled or plan.design.auxiliaries:
        return None
    if plan.distances:
        return None
    read = {name for step in judge.always for name in (*names(step.expression), *(one.name for one, _ in step.parts))}
    persons = {step.name for step in plan.steps if step.level == "person"}
    if any(step.level == "person" for step in judge.always) or any(
        name.startswith(PERSONS) or name in persons for name in read | used(plan)
    ):
        return None

    return Folding(judge)


class Folding:
    """Judges households as their persons are read; see `mpi.source.Fold`."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def follow(self, pieces: Sequence[Piece]) -> Followed | None:
        """The households of some pieces, by the program that blocks before them had; None if that does not do."""
        runner = next(iter(self.judge.runners), None)  # the first block of a survey is read in the usual way
        if runner is None or not _of_columns(runner):
            return None
        try:
            found = runner.followed([(piece.key, piece.own, _fetching(piece.columns)) for piece in pieces])
        except Unfit:
            return None
        if found is None or int(found[1].max(initial=0)) > MOST_MEMBERS:
            return None
        ids, sizes, words, begun = found

        def verdicts(rows: slice, columns: Columns) -> Verdicts | None:
            return _verdicts(runner, sizes[rows], words[:, rows], columns)

        return Followed(ids, sizes, begun, verdicts)

    def begin(self, first: Piece, above: Columns, households: int) -> Gathering | None:
        """Households without persons so far, and a program for persons like the first, each taken for a household."""
        try:
            runner = self.judge.compiled(Frame(np.ones(len(first.key), np.int64), solid(first.columns), dict(above)))
        except (Unfit, Unusual):
            return None
        return Gathering(runner, households) if _of_columns(runner) else None


class Gathering:
    """What persons in no order say of their households so far; see `mpi.source.Gather`."""

    def __init__(self, runner: Runner, households: int) -> None:
        self.runner, self.states = runner, runner.states(households)

    @property
    def sizes(self) -> Ints:
        """The number of persons of each household so far."""
        return _persons(self.states[:, 0])

    def add(self, piece: Piece, rows: Ints) -> bool:
        """Add persons to the households of some rows; False where that cannot be, or one has come before."""
        try:
            return self.runner.added(self.states, rows, piece.own, _fetching(piece.columns))
        except Unfit:
            return False

    def judge(self, rows: slice, columns: Columns) -> Verdicts | None:
        """The verdicts on some households, of which all persons have come."""
        states = np.ascontiguousarray(self.states[rows].T)
        return _verdicts(self.runner, _persons(states[0]), states[1:], columns)


def _persons(keys: NDArray[np.int64]) -> Ints:
    """How many persons have the keys that are bits of words."""
    if not np.__version__.startswith("1."):  # new in numpy 2.0
        return np.bitwise_count(keys.view(np.uint64)).astype(np.int64)
    bits = np.unpackbits(np.ascontiguousarray(keys)[:, np.newaxis].view(np.uint8), axis=1)
    return np.asarray(bits.sum(axis=1), np.int64)


def _verdicts(runner: Runner, sizes: Ints, words: NDArray[np.int64], columns: Columns) -> Verdicts | None:
    """The verdicts on households from their persons' words; None if the program does not do for their columns."""
    try:
        judged = runner.judged(sizes, words, _fetching(columns))
    except Unfit:
        return None
    if judged is None:
        return None
    pattern, unknown = judged
    return pattern, np.zeros(len(pattern), np.uint64) if unknown is None else unknown


def _of_columns(runner: Runner) -> bool:
    """Whether a program asks for columns as they are read, those of persons in rules of persons alone."""
    persons, households = (
        [one.key.expression for _, one in code.inputs if isinstance(one.key, Asked)]
        for code in (runner.program.persons, runner.program.households)
    )
    return all(isinstance(one, Name) and one.name.startswith(PERSONS) for one in persons) and all(
        isinstance(one, Name) and "." in one.name and not one.name.startswith(PERSONS) for one in households
    )


def _fetching(columns: Mapping[str, Values | Stored]) -> Callable[[Asked], Values | Stored]:
    def fetch(asked: Asked) -> Values | Stored:
        if isinstance(asked.expression, Name) and asked.expression.name in columns:
            return columns[asked.expression.name]
        raise Unfit

    return fetch
