"""Roots of many increasing functions at once, by Newton's steps inside a bracket."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mpi.columns.values import Floats, Ints

# They end within 11 steps.
ROOT_STEPS = 200
# Newton's error after a step is about its square, bisection's about the step itself.
NEWTON_STEP = 1e-10
BISECTION_STEP = 1e-15

Gap = Callable[[Floats, Ints], tuple[Floats, Floats]]
"""Values and slopes of the functions with some indices, at a point each."""


def increasing_roots(gap: Gap, start: Floats) -> Floats:
    """Root of each of n increasing functions by Newton's steps, bisecting where one would leave the bracket.

    Parameters
    ----------
    gap : function of (float64, shape (m,); int64, shape (m,))
        Values and slopes of the functions with these indices at these points; -inf and inf are allowed as values.
    start : float64, shape (n,)

    Returns
    -------
    float64, shape (n,)
    """
    at = start.copy()
    low, high = np.full(start.size, -np.inf), np.full(start.size, np.inf)
    active = np.arange(start.size)
    # Far from the root a mass underflows to 0: its logarithm is -inf, Newton's step no number, and we bisect.
    with np.errstate(all="ignore"):
        for k in range(ROOT_STEPS):
            if active.size == 0:
                break
            here = at[active]
            value, slope = gap(here, active)
            low[active] = np.where(value <= 0, here, low[active])
            high[active] = np.where(value >= 0, here, high[active])
            newton = here - value / slope
            below, above = low[active], high[active]
            by_newton = (newton >= below) & (newton <= above)
            # An end that is not known yet is sought in strides that double.
            lower = np.where(np.isinf(below), above - 2.0**k, below)
            upper = np.where(np.isinf(above), below + 2.0**k, above)
            at[active] = np.where(by_newton, newton, (lower + upper) / 2)
            enough = np.where(by_newton, NEWTON_STEP, BISECTION_STEP * np.maximum(np.abs(here), 1))
            active = active[np.abs(at[active] - here) > enough]
    return at
