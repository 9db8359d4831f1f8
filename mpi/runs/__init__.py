"""A whole publication from one study: one pass over the microdata of each survey, then every output.

Comes in: a study and the folder of its files. Goes out: a folder that appears whole or not at all, with a manifest.
"""

from mpi.publication.gathering import Gathered, gather
from mpi.runs.running import Made, run_study

__all__ = ["Gathered", "Made", "gather", "run_study"]
