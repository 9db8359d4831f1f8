"""Persons folded by the kernels as they are read, for surveys whose rules ask nothing else of single persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mpi.columns.values import Values
from mpi.kernels import MOST_MEMBERS, Asked, Runner, Unfit
from mpi.pipeline.compiled import Judge, used
from mpi.pipeline.preparing import Prepared
from mpi.rules import Name, Verdicts, names
from mpi.source import Columns, Fold, Followed, Piece

PERSONS = "persons."


def fold_of(ready: Prepared, judge: Judge | None) -> Fold | None:
    """What folds the persons of a survey; None where other columns of persons than the verdicts' are wanted."""
    plan = ready.plan
    if judge is None or ready.by_person or ready.replicates is not None or plan.doubled or plan.design.auxiliaries:
        return None
    read = {name for step in judge.always for name in (*names(step.expression), *(one.name for one, _ in step.parts))}
    persons = {step.name for step in plan.steps if step.level == "person"}
    if any(step.level == "person" for step in judge.always) or any(
        name.startswith(PERSONS) or name in persons for name in read | used(plan)
    ):
        return None

    def fold(pieces: Sequence[Piece]) -> Followed | None:
        return _folded(judge, pieces)

    return fold


def _folded(judge: Judge, pieces: Sequence[Piece]) -> Followed | None:
    """The households of some pieces, by the program that blocks before them had; None if that does not do."""
    runner = next(iter(judge.runners), None)  # the first block of a survey is read in the usual way
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
        try:
            judged = runner.judged(sizes[rows], words[:, rows], _fetching(columns))
        except Unfit:
            return None
        if judged is None:
            return None
        pattern, unknown = judged
        return pattern, np.zeros(len(pattern), np.uint64) if unknown is None else unknown

    return Followed(ids, sizes, begun, verdicts)


def _of_columns(runner: Runner) -> bool:
    """Whether a program asks for columns as they are read, those of persons in rules of persons alone."""
    persons, households = (
        [one.key.expression for _, one in code.inputs if isinstance(one.key, Asked)]
        for code in (runner.program.persons, runner.program.households)
    )
    return all(isinstance(one, Name) and one.name.startswith(PERSONS) for one in persons) and all(
        isinstance(one, Name) and "." in one.name and not one.name.startswith(PERSONS) for one in households
    )


def _fetching(columns: Columns) -> Callable[[Asked], Values]:
    def fetch(asked: Asked) -> Values:
        if isinstance(asked.expression, Name) and asked.expression.name in columns:
            return columns[asked.expression.name]
        raise Unfit

    return fetch
