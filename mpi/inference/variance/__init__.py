"""Variances from the sampling design on plain arrays: linearised, of shares, of many statistics at once, replicated."""

from mpi.inference.variance.degrees_of_freedom import degrees_of_freedom
from mpi.inference.variance.joint import (
    joint_covariance,
    joint_second_stage,
    joint_second_stage_variance,
    joint_variance,
)
from mpi.inference.variance.linearised import linearised_variance, second_stage_variance
from mpi.inference.variance.replication import (
    Draws,
    jackknife_factors,
    rao_wu_draws,
    replicate_covariance,
    replicate_totals,
    replicate_variance,
)
from mpi.inference.variance.shares import ShareSquares, share_variance
from mpi.inference.variance.stages import Stages, scaling, single_psu_strata, without_noise
from mpi.vocabulary.options import DegreesOfFreedomRule, SinglePsu

__all__ = [
    "DegreesOfFreedomRule",
    "Draws",
    "ShareSquares",
    "SinglePsu",
    "Stages",
    "degrees_of_freedom",
    "jackknife_factors",
    "joint_covariance",
    "joint_second_stage",
    "joint_second_stage_variance",
    "joint_variance",
    "linearised_variance",
    "rao_wu_draws",
    "replicate_covariance",
    "replicate_totals",
    "replicate_variance",
    "scaling",
    "second_stage_variance",
    "share_variance",
    "single_psu_strata",
    "without_noise",
]
