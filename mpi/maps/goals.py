"""Verdicts on the targets of areas, for the interactive map and for map data.

Comes in: for each target its verdicts by area. Goes out: what `page/goals.js` takes, and columns of tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mpi.maps.page_texts import by_language
from mpi.vocabulary.options import Titles
from mpi.vocabulary.wording import Language

LETTERS: Mapping[str, str] = {"met": "m", "on_track": "t", "off_track": "o", "cannot_tell": "c", "none": "n"}
WITHOUT = "-"  # of an area without a target


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Targets of n areas for one figure and year.

    Attributes
    ----------
    name : str
        Of a column, and in an address.
    title : mapping of str to str
    verdicts : sequence of str or None, length n
        Keys of LETTERS; None: the area has no target.
    targets : sequence of float or None, length n
        What the figure is to reach.
    words : mapping of str to mapping of str to str
        What each verdict that occurs means, by language.
    signs : mapping of str to str
        Of each verdict, which tells it without colour.
    """

    name: str
    title: Titles
    verdicts: Sequence[str | None]
    targets: Sequence[float | None]
    words: Mapping[str, Titles]
    signs: Mapping[str, str]


def signs_of(goals: Sequence[Goal]) -> dict[str, str]:
    """The sign of each letter of a verdict."""
    return {LETTERS[verdict]: sign for one in goals for verdict, sign in one.signs.items()}


def goal_blocks(goals: Sequence[Goal], languages: Sequence[Language]) -> list[dict[str, Any]]:
    """The targets as the page takes them."""
    return [
        {
            "name": one.name,
            "title": by_language(one.title, languages),
            "verdicts": "".join(WITHOUT if own is None else LETTERS[own] for own in one.verdicts),
            "words": {
                letter: by_language(one.words[verdict], languages)
                for verdict, letter in LETTERS.items()
                if verdict in one.words
            },
        }
        for one in goals
    ]
