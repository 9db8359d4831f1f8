"""Claims in words: one sentence or a few for each kind of claim, in every language."""

from __future__ import annotations

from mpi.claims.headline import errors_text, headline_text
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
from mpi.claims.lead import lead_text
from mpi.claims.movement import movement_text, tally_text
from mpi.claims.parts import bundles_text, contributions_text, deprivations_text
from mpi.claims.ranked import ranking_text
from mpi.claims.stability import cutoffs_text, order_text
from mpi.language import Language, Phrase


def say(claim: Claim, language: Language) -> str:
    """A claim in words.

    Parameters
    ----------
    claim : Claim
    language : str
        One of `mpi.language.LANGUAGES`.

    Returns
    -------
    str
        Whole sentences, with the interval and the warning of each number, and with what is left out.
    """
    return text_of(claim).to(language)


def text_of(claim: Claim) -> Phrase:
    """A claim in words, to be said in any language."""
    match claim:
        case Errors():
            return errors_text(claim)
        case Headline():
            return headline_text(claim)
        case Lead():
            return lead_text(claim)
        case Movement():
            return movement_text(claim)
        case Ranking():
            return ranking_text(claim)
        case Deprivations():
            return deprivations_text(claim)
        case Contributions():
            return contributions_text(claim)
        case Bundles():
            return bundles_text(claim)
        case Tally():
            return tally_text(claim)
        case Cutoffs():
            return cutoffs_text(claim)
        case Order():
            return order_text(claim)
