"""The deprivation profile: a survey's deprivations added up, from which every figure and its error follow."""

from mpi.profile.adding import with_drawn, with_levels
from mpi.profile.cells import Cells, Domain, Tabulation, selected, words_of
from mpi.profile.collapsing import collapsed
from mpi.profile.fitting import fitted
from mpi.profile.labels import MISSING_LEVEL, levels
from mpi.profile.model import DeprivationProfile, build, checked, merge
from mpi.profile.norm import other_rules, rules_of
from mpi.profile.sample import Declared, Replication, Sample, replication
from mpi.profile.spaces import Spaces, ranks
from mpi.profile.tally import Tally
from mpi.profile.units import SMALLER, TOO_LARGE, Units, too_large

__all__ = [
    "MISSING_LEVEL", "SMALLER", "TOO_LARGE", "Cells", "Declared", "DeprivationProfile", "Domain", "Replication",
    "Sample", "Spaces", "Tabulation", "Tally", "Units", "build", "checked", "collapsed", "fitted", "levels", "merge",
    "other_rules", "ranks", "replication", "rules_of", "selected", "too_large", "with_drawn", "with_levels", "words_of",
]  # fmt: skip
