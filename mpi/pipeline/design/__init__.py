"""The design of one block: checked weights, strata, sampling units, corrections, calibration variables, replicates."""

from mpi.pipeline.design.calibration_columns import auxiliaries_of
from mpi.pipeline.design.outside import units_outside
from mpi.pipeline.design.sample_columns import declared_of, drawn_of
from mpi.pipeline.design.weighting import Weights, design_weights_of, replicates_of, weights_of

__all__ = [
    "Weights", "auxiliaries_of", "declared_of", "design_weights_of", "drawn_of", "replicates_of", "units_outside",
    "weights_of",
]  # fmt: skip
