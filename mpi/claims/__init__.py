"""Claims about figures, and the sentences that say them in every language: the one source of every output's prose.

A claim holds what is compared, among which groups, what is left out and why, and the basis: unit, cutoff, design and
rules. Sentences are made from claims alone, so none can be made without its basis.
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
    Lead,
    Movement,
    Order,
    Ranking,
    Tally,
)
from mpi.claims.ranking import FEWEST_DF, Member, rankable
from mpi.claims.say import say, text_of

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
    "Lead",
    "Member",
    "Movement",
    "Order",
    "Ranking",
    "Sampling",
    "Tally",
    "rankable",
    "say",
    "text_of",
]
