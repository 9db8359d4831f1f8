"""A measure bound to a survey's columns: what to read, what to compute in which order, and every misfit at once."""

from mpi.binding.binding import bind
from mpi.binding.plan import Judgement, Plan, Step

__all__ = ["Judgement", "Plan", "Step", "bind"]
