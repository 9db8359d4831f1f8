"""Layers of a map: one statistic of all areas at every cutoff, with its intervals, its standing and its classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mpi.study import Scheme
from mpi.wording import Form

NO_DATA = -1  # of `standing`: no row of the figures is about the area


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One statistic of n areas at c cutoffs.

    Attributes
    ----------
    name : str
        `H`, `censored_headcount:asistencia`, ...: the statistic and the indicator or dimension.
    form : {"percent", "index", "number"}
    cutoffs : tuple of str
        Exact texts, in the order of the study; one empty text if the statistic does not depend on k.
    estimate, ci_low, ci_high : float64, shape (c, n)
        NaN where there is none; proportions, not percentages.
    standing : int64, shape (c, n)
        Place in `mpi.publishable.STANDINGS`, or NO_DATA.
    units : float64, shape (n,)
        Unweighted units behind the figures; NaN where hidden.
    scheme : str
        How the breaks were made.
    breaks : float64, shape (classes + 1,)
        In the unit of the estimates. The first class is closed, the others hold lower < x <= upper. The same at
        all cutoffs.
    """

    name: str
    statistic: str
    dimension: str | None
    indicator: str | None
    form: Form
    cutoffs: tuple[str, ...]
    estimate: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    standing: NDArray[np.int64]
    units: NDArray[np.float64]
    scheme: Scheme
    breaks: NDArray[np.float64]
