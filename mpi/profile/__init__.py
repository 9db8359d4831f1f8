"""The deprivation profile: a survey's deprivations added up, from which every figure and its error follow."""

from mpi.profile.adding import Units, build, levels, merge
from mpi.profile.model import MISSING_LEVEL, Cells, DeprivationProfile, Domain, Sample

__all__ = ["MISSING_LEVEL", "Cells", "DeprivationProfile", "Domain", "Sample", "Units", "build", "levels", "merge"]
