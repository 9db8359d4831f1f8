"""Estimates from a deprivation profile: points, sampling errors and intervals, as one tidy table."""

from mpi.estimates.estimating import estimate
from mpi.estimates.table import COLUMNS, STATISTICS, Estimates

__all__ = ["COLUMNS", "STATISTICS", "Estimates", "estimate"]
