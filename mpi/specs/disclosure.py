"""Disclosure rules: which figures would reveal single persons or households, and must not be shown.

Specs only: `mpi.config` reads and checks them, `mpi.disclosure` applies them. Counts are of the sample, unweighted, of
units with a positive weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mpi.errors import Place
from mpi.files.digests import ConfigFile
from mpi.vocabulary.options import Numerators

THRESHOLDS = ("persons", "households", "numerator", "all_or_none", "difference")  # whole numbers; 0: the rule is off


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A named set of disclosure rules; a threshold of 0 turns its rule off.

    Attributes
    ----------
    persons, households : int
        `small_base`: the fewest persons, and households, that a figure may rest on.
    numerator : int
        `small_numerator`: the fewest persons that have a property, and that lack it, where neither is none.
    all_or_none : int
        `all_or_none`: where all or none of the units have a property, the fewest persons of such a domain.
    numerators : tuple of {"poor", "indicators"}
        Of which properties the two rules above judge the counts: who is poor; who is deprived in an indicator, and poor
        and deprived.
    difference : int
        `small_difference`: the fewest persons that are poor at one cutoff and not at another.
    complementary : bool
        Whether further figures are hidden where a hidden one would follow from those that are shown.
    profile_persons, profile_households : int or None
        The fewest units in every combination of deprivations of every area, for a map that carries them; None: no map
        carries them. 1 and 1 where the microdata are public with these areas.
    """

    name: str
    title: Mapping[str, str]
    source: str
    note: str
    persons: int
    households: int
    numerator: int
    all_or_none: int
    complementary: bool
    profile_persons: int | None
    profile_households: int | None
    numerators: tuple[Numerators, ...] = ("poor",)
    difference: int = 0
    place: Place | None = field(default=None, compare=False)
    files: tuple[ConfigFile, ...] = field(default=(), compare=False, repr=False)

    @property
    def hides(self) -> bool:
        """Whether any rule is on."""
        return any(getattr(self, name) for name in THRESHOLDS)
