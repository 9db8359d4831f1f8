"""The scales on which paths to targets are straight, and their way back.

A linear path is straight as it is, one of a constant rate in logarithms, a logistic one in log odds.
"""

from __future__ import annotations

import numpy as np

from mpi.columns.values import Floats
from mpi.estimates.slopes import Sloped, log
from mpi.inference.distributions import inverse_logit
from mpi.vocabulary.options import TargetPath


def scaled(figure: Sloped, path: TargetPath) -> Sloped:
    """Figures on the scale of a path; NaN where they have no place on it, as 0 in logarithms."""
    if path == "linear":
        return figure
    return log(figure) if path == "constant_rate" else log(figure / (1.0 - figure))


def unscaled(values: Floats, path: TargetPath) -> Floats:
    """Values on the scale of a path as figures; shape as given, NaN stays."""
    if path == "linear":
        return values
    with np.errstate(over="ignore"):
        if path == "constant_rate":
            grown = np.exp(values)
            return np.where(np.isfinite(grown), grown, np.nan)
        known = np.isfinite(values)
        return np.where(known, inverse_logit(np.where(known, values, 0.0)), np.nan)


def rate(values: Floats, path: TargetPath) -> Floats:
    """Changes a year on the scale of a path as they are told: of a constant rate, relative changes."""
    with np.errstate(over="ignore"):
        return np.expm1(values) if path == "constant_rate" else values
