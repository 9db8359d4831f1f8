"""The columns of cells that hold what their units add to the errors of relative income lines."""

from __future__ import annotations

SUMS = 4  # of each line
BELOW, AT_QUANTILE, PERSONS_AT, HOUSEHOLDS_AT = range(SUMS)
