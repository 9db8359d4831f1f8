"""One seeded draw of a plan instead of its expectation, and how far draws spread.

A cell of a profile counts its households and adds up their weights, so a draw lifts whole households of a cell, each
with the cell's mean weight. The spread is exact: cells keep the sums of squared weights.
"""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Floats
from mpi.counting import DistinctPatterns
from mpi.errors import Fault, UsageError
from mpi.language import phrase
from mpi.policies.asking import Asked
from mpi.policies.outcomes import Outcomes, Start
from mpi.profile import DeprivationProfile


def households_apart(profile: DeprivationProfile) -> bool:
    """Whether each household is in one cell, so that all its members share a draw."""
    levels = {one.level for one in profile.domains}
    return profile.identification == "household" and "person" not in levels


def check_drawable(profile: DeprivationProfile) -> None:
    """Refuse draws where the profile does not know who lives together.

    Raises
    ------
    UsageError
    """
    if not households_apart(profile):
        text = phrase("the profile counts persons apart, so members of a household could not share the draw")
        remedy = phrase("leave the draw out: the expectation is exact")
        raise UsageError(Fault("MPI-E252", None, text, remedy))


def drawn(asked: Asked, outcomes: Outcomes, seed: int) -> tuple[Asked, Outcomes]:
    """One draw: each cell is a row, which comes to patterns in the shares that were drawn.

    Parameters
    ----------
    asked : Asked
    outcomes : Outcomes
        Of its rows.
    seed : int
        Of numpy's PCG64.
    """
    cells, which = asked.profile.cells, asked.distinct.which
    sizes = np.bincount(outcomes.origin, minlength=len(asked.start.pattern))
    first = np.cumsum(sizes) - sizes
    generator = np.random.Generator(np.random.PCG64(seed))
    number = sizes[which]
    start = np.cumsum(number) - number
    place = np.arange(number.sum()) - np.repeat(
        start - first[which], number
    )  # outcome of each pair of cell and outcome
    share = np.ones(len(place))
    for size in np.unique(number[number > 1]).tolist():
        rows = np.flatnonzero((number == size) & (cells.households > 0))
        chances = outcomes.chance[first[which[rows]][:, None] + np.arange(size)]
        chances /= chances.sum(axis=1, keepdims=True)
        counts = generator.multinomial(cells.households[rows], chances)
        share[start[rows][:, None] + np.arange(size)] = counts / cells.households[rows][:, None]
    origin = np.repeat(np.arange(len(which)), number)
    kept = share > 0
    found = Outcomes(
        origin=origin[kept],
        pattern=outcomes.pattern[place[kept]],
        unknown=outcomes.unknown[place[kept]],
        chance=share[kept],
        moved=outcomes.moved[:, which],
        unsure=outcomes.unsure[:, which],
    )
    own = DistinctPatterns(cells.pattern, cells.unknown, np.arange(len(which)))
    begin = Start(cells.pattern, cells.unknown, asked.start.inside[:, which])
    return Asked(asked.profile, own, begin, asked.region[which]), found


def variance_by_row(outcomes: Outcomes, values: Floats, rows: int) -> Floats:
    """Variance over draws of a quantity of outcomes, of one household of each row; shape (r,)."""
    mean = outcomes.mean(values, rows)
    return outcomes.mean((values - mean[outcomes.origin]) ** 2, rows)
