"""Claims in words: one sentence or a few for each kind of claim, in Spanish and English."""

from __future__ import annotations

from mpi.claims.headline import say_errors, say_headline
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
from mpi.claims.movement import say_movement, say_tally
from mpi.claims.parts import say_bundles, say_contributions, say_deprivations
from mpi.claims.ranked import say_ranking
from mpi.claims.stability import say_cutoffs, say_order
from mpi.vocabulary.wording import Language


def say(claim: Claim, language: Language) -> str:
    """A claim in words.

    Parameters
    ----------
    claim : Claim
    language : {"es", "en"}

    Returns
    -------
    str
        Whole sentences; a number in them stands with its interval and its doubt, and what is left out is told.
    """
    match claim:
        case Errors():
            return say_errors(claim, language)
        case Headline():
            return say_headline(claim, language)
        case Movement():
            return say_movement(claim, language)
        case Ranking():
            return say_ranking(claim, language)
        case Deprivations():
            return say_deprivations(claim, language)
        case Contributions():
            return say_contributions(claim, language)
        case Bundles():
            return say_bundles(claim, language)
        case Tally():
            return say_tally(claim, language)
        case Cutoffs():
            return say_cutoffs(claim, language)
        case Order():
            return say_order(claim, language)
