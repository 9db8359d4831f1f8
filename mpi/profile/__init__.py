"""The deprivation profile: a survey's deprivations added up, from which every figure and its error follow."""

from mpi.profile.adding import Units, levels
from mpi.profile.cells import MISSING_LEVEL, Cells, Domain, Sample
from mpi.profile.model import DeprivationProfile, build, merge

__all__ = ["MISSING_LEVEL", "Cells", "DeprivationProfile", "Domain", "Sample", "Units", "build", "levels", "merge"]
