"""The way from an office's own files to its first figures: what a file holds, and config files to be filled in."""

from mpi.starting.beginning import export, init
from mpi.starting.describing import Description, describe

__all__ = ["Description", "describe", "export", "init"]
