"""Changes between rounds of a survey, with their sampling errors."""

from mpi.changes.changing import CHANGES, Changes, change

__all__ = ["CHANGES", "Changes", "change"]
