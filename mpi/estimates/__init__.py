"""Estimates from a deprivation profile: points, sampling errors, intervals and covariances, as one tidy table."""

from mpi.estimates.contrasts import contrast_table
from mpi.estimates.covariance import Covariance, Wald
from mpi.estimates.estimates import Estimates
from mpi.estimates.estimating import basis_of, estimates_of
from mpi.estimates.request import By, Request
from mpi.estimates.tidy import COLUMNS, Tidy, check_statistic
from mpi.vocabulary.statistics import STATISTICS

__all__ = [
    "COLUMNS", "STATISTICS", "By", "Covariance", "Estimates", "Request", "Tidy", "Wald", "basis_of",
    "check_statistic", "contrast_table", "estimates_of",
]  # fmt: skip
