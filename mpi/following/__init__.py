"""Editions of a register or panel followed by key: who left poverty and who fell, what was lifted; updates."""

from mpi.following.following import follow
from mpi.following.panel import Panel, merge_panels
from mpi.following.tables import TABLES, movements
from mpi.following.updating import update

__all__ = ["TABLES", "Panel", "follow", "merge_panels", "movements", "update"]
