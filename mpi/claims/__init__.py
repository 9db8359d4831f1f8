"""Claims about figures, and the sentences that say them in Spanish and English: the one source of every output's prose.

A claim holds what is compared, among which groups, what is left out and why, and the basis: unit, cutoff, design and
rules. A sentence is made from a claim and from nothing else, so none can be made without saying what it stands on.
"""

from mpi.claims.basis import Basis, Sampling
from mpi.claims.kinds import (
    Bundles,
    Claim,
    Contributions,
    Cutoffs,
    Deprivations,
    Errors,
    Headline,
    Movement,
    Order,
    Ranking,
    Tally,
)
from mpi.claims.ranking import FEWEST_DF, Member, rankable
from mpi.claims.say import say

__all__ = [
    "FEWEST_DF",
    "Basis",
    "Bundles",
    "Claim",
    "Contributions",
    "Cutoffs",
    "Deprivations",
    "Errors",
    "Headline",
    "Member",
    "Movement",
    "Order",
    "Ranking",
    "Sampling",
    "Tally",
    "rankable",
    "say",
]
