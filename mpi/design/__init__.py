"""The design of one block: checked weights, strata, sampling units, corrections, calibration variables, replicates."""

from mpi.design.auxiliaries import auxiliaries_of
from mpi.design.drawing import declared_of, drawn_of
from mpi.design.outside import units_outside
from mpi.design.weighting import Weights, design_weights_of, replicates_of, weights_of

__all__ = [
    "Weights", "auxiliaries_of", "declared_of", "design_weights_of", "drawn_of", "replicates_of", "units_outside",
    "weights_of",
]  # fmt: skip
