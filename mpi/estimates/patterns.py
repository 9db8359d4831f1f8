"""The distinct patterns of a profile's cells, told apart by the amounts of their units too."""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Floats
from mpi.counting import DistinctPatterns
from mpi.profile import Cells, words_of
from mpi.profile.labels import joint_code


def distinct_amounts(cells: Cells) -> tuple[DistinctPatterns, Floats]:
    """The distinct pairs of patterns and amounts of cells, as rows of an estimate's `distinct`.

    Returns
    -------
    DistinctPatterns
        Of p rows; a pattern is in as many as it has amounts.
    float64, shape (p, G)
        The amounts of each; G is 0 where cells have none.
    """
    amounts = np.zeros((len(cells), 0)) if cells.amounts is None else cells.amounts
    code = joint_code([cells.pattern, cells.unknown, *words_of(amounts)])
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    return DistinctPatterns(cells.pattern[first], cells.unknown[first], which.ravel()), amounts[first]
