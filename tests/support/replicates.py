"""Replicate factors as whole matrices, as R's `survey` has them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mpi.inference.variance import rao_wu_draws


def rao_wu_factors(*design: Any, **options: Any) -> NDArray[np.float64]:
    """The factors of the bootstrap of Rao and Wu, shape (P, R); arguments of `rao_wu_draws`."""
    draws = rao_wu_draws(*design, **options)
    return draws.constant[:, None] + draws.slope[:, None] * draws.times
