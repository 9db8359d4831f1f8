"""Changes between rounds of a survey, with their sampling errors."""

from mpi.changes.changing import CHANGES, Changes, changes_between, changes_of
from mpi.changes.rounds import in_order

__all__ = ["CHANGES", "Changes", "changes_between", "changes_of", "in_order"]
