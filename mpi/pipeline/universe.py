"""Whom a measure is about: who is outside its universe is not counted, missing or left out, but was drawn.

So errors are those of a domain of the sample (in R, of a subset of the design), not of a sample of those inside alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mpi.columns.kleene import as_truth
from mpi.columns.values import Mask, Truth, Values
from mpi.pipeline.binding import UNIVERSE, Plan
from mpi.profile import Cells, Units, selected
from mpi.profile.lines import AT_QUANTILE, BELOW, SUMS
from mpi.rules import Frame
from mpi.vocabulary.options import Level


def inside_of(plan: Plan, frame: Frame, row: Level) -> Mask | None:
    """Who of a block is in the measure's universe, by person or household; None where everybody is.

    Parameters
    ----------
    plan : Plan
    frame : Frame
        To which the plan's columns were added.
    row : {"person", "household"}
        By household, of a universe of persons: whether any member is inside.

    Returns
    -------
    bool, shape (rows,), or None
        False where it is not known.
    """
    found = _truth(plan, frame)
    if found is None:
        return None
    true = found.true if found.known is None else found.true & found.known
    if plan.universe == row:
        return true
    if row == "person":
        return np.repeat(true, frame.sizes)
    return np.logical_or.reduceat(true, frame.starts)


def counted_outside(plan: Plan, frame: Frame) -> Mapping[str, int]:
    """How many units of a block are outside, and of how many it is not known."""
    found = _truth(plan, frame)
    if found is None:
        return {}
    known = np.ones(len(found), np.bool_) if found.known is None else found.known
    of = f"{plan.universe}s"
    counts = {
        f"outside_{of}": int(np.count_nonzero(~(found.true & known))),
        f"outside_unknown_{of}": int(np.count_nonzero(~known)),
    }
    return {name: number for name, number in counts.items() if number}


def within(units: Units, inside: Mask) -> Units:
    """Units of which those outside are nobody, and have no weight."""

    def cut(values: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        return None if values is None else values * (inside if values.ndim == 1 else inside[:, None])

    word = inside.astype(np.uint64)
    lines = units.line_sums
    if lines is not None:  # incomes outside count in a line's own error
        lines = lines.copy()
        lines[:, [i for i in range(lines.shape[1]) if i % SUMS not in (BELOW, AT_QUANTILE)]] *= inside[:, None]
    return replace(
        units,
        pattern=units.pattern * word,
        unknown=units.unknown * word,
        persons=units.persons * inside,
        households=units.households * inside,
        person_weight=units.person_weight * inside,
        household_weight=units.household_weight * inside,
        person_replicates=cut(units.person_replicates),
        household_replicates=cut(units.household_replicates),
        amounts=cut(units.amounts),
        line_sums=lines,
    )


def of_somebody(cells: Cells) -> Cells:
    """The cells that count anybody, or an income for a line; what was drawn of the others is in the design."""
    counted = (cells.persons > 0) | (cells.households > 0)
    if cells.line_sums is not None:
        counted |= cells.line_sums.any(axis=1)
    return selected(cells, counted)


def _truth(plan: Plan, frame: Frame) -> Truth | None:
    if plan.universe is None:
        return None
    columns: Mapping[str, Values] = frame.persons if plan.universe == "person" else frame.households
    return as_truth(columns[UNIVERSE])
