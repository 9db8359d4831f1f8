"""The compiled core: verdicts on blocks of persons and households by compiled code, with the bits that numpy gives.

`codes` and `registers` are the language of the kernels, `operations` and `program` compile rules into it, `running`
does a block; `load` finds compiled kernels, `building` compiles them from `vm` and `loops`, the only modules of numba.
"""

from mpi.kernels.load import chosen
from mpi.kernels.operations import Unfit
from mpi.kernels.program import MOST_MEMBERS, Asked, Compiler, Program, Verdict
from mpi.kernels.running import Runner

__all__ = ["MOST_MEMBERS", "Asked", "Compiler", "Program", "Runner", "Unfit", "Verdict", "chosen"]
