"""Figures against figures: results beside a published table, and either against itself.

Comes in: results of this program, or any table with a mapping. Goes out: a table of differences or contradictions. What
is compared are exact decimals, at the rounding of what is published.
"""

from mpi.comparing.comparing import Comparison, compare

__all__ = ["Comparison", "compare"]
