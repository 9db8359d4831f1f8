"""A measure bound to a survey's columns: what to read, what to compute in which order, and every misfit at once."""

from mpi.binding.binding import bind
from mpi.binding.plan import Auxiliary, DesignColumns, Judgement, Plan, Step, judgement_of

__all__ = ["Auxiliary", "DesignColumns", "Judgement", "Plan", "Step", "bind", "judgement_of"]
