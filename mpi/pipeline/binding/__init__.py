"""A measure bound to a survey's columns: what to read, what to compute in which order, and every misfit at once."""

from mpi.pipeline.binding.plan import UNIVERSE, Auxiliary, DesignColumns, Distance, Judgement, Plan, Step, judgement_of
from mpi.pipeline.binding.planning import bind

__all__ = ["UNIVERSE", "Auxiliary", "DesignColumns", "Distance", "Judgement", "Plan", "Step", "bind", "judgement_of"]
