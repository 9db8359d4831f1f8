"""The deprivation profile: a survey's deprivations added up, from which every figure and its error follow."""

from mpi.profile.adding import Units, levels
from mpi.profile.cells import MISSING_LEVEL, Cells, Domain
from mpi.profile.model import DeprivationProfile, build, merge
from mpi.profile.sample import Sample

__all__ = ["MISSING_LEVEL", "Cells", "DeprivationProfile", "Domain", "Sample", "Units", "build", "levels", "merge"]
