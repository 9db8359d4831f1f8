"""Variances from the sampling design on plain arrays: linearised, of shares, of many statistics at once, replicated."""

from mpi.options import DegreesOfFreedomRule, SinglePsu
from mpi.variance.freedom import degrees_of_freedom
from mpi.variance.joint import joint_covariance, joint_second_stage, joint_second_stage_variance, joint_variance
from mpi.variance.linearised import linearised_variance, second_stage_variance
from mpi.variance.replication import (
    jackknife_factors,
    rao_wu_factors,
    replicate_covariance,
    replicate_rank,
    replicate_totals,
    replicate_variance,
)
from mpi.variance.shares import ShareSquares, share_second_stage, share_variance
from mpi.variance.stages import Stages, scaling, single_psu_strata

__all__ = [
    "DegreesOfFreedomRule",
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
    "rao_wu_factors",
    "replicate_covariance",
    "replicate_rank",
    "replicate_totals",
    "replicate_variance",
    "scaling",
    "second_stage_variance",
    "share_second_stage",
    "share_variance",
    "single_psu_strata",
]
