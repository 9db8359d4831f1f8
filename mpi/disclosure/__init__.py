"""Disclosure control: figures that would tell of single persons or households are taken out before any writer.

Comes in: estimates, changes, profiles, and a set of rules. Goes out: what may be published.
"""

from mpi.disclosure.analyses import protect_analyses
from mpi.disclosure.carrying import carried
from mpi.disclosure.changing import protect_changes
from mpi.disclosure.protecting import protect

__all__ = ["carried", "protect", "protect_analyses", "protect_changes"]
