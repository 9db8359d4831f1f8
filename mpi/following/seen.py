"""What is known of each sequence of patterns: who was there, whose score is known, who was poor, what deprived them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mpi.columns.values import Floats
from mpi.counting import Scores, distinct_patterns, scores
from mpi.following.panel import Sequences
from mpi.specs.measure import Cutoff, Measure

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """The p sequences of a panel in one edition, under a measure.

    Attributes
    ----------
    scored : Scores
        Of the distinct patterns of the edition.
    which : int64, shape (p,)
        Distinct pattern of each sequence.
    there : bool, shape (p,)
    """

    scored: Scores
    which: NDArray[np.int64]
    there: Mask

    @cached_property
    def known(self) -> Mask:
        """Who is there with a known score."""
        return self.there & self.scored.included[self.which]

    @cached_property
    def score(self) -> Floats:
        """The score; 0 where it is not known."""
        found: Floats = np.where(self.known, self.scored.score[self.which], 0.0)
        return found

    def poor(self, cutoff: Cutoff) -> Mask:
        """Who is known to be poor."""
        return self.known & self.scored.poor(cutoff)[self.which]

    def deprived(self, j: int) -> Mask:
        """Who is deprived in an indicator, after the measure's rules for unknowns."""
        found: Mask = self.there & self.scored.deprived[self.which, j]
        return found

    def flag_known(self, j: int) -> Mask:
        """Of whom that is known."""
        found: Mask = self.there & self.scored.known[self.which, j]
        return found


@dataclass(eq=False)
class Course:
    """The sequences of a panel under a measure; made once for all figures of a table.

    Attributes
    ----------
    measure : Measure
    sequences : Sequences
        Those that occur.
    ends : tuple of (int, int)
        The editions that are compared.
    """

    measure: Measure
    sequences: Sequences
    ends: tuple[int, int] = (0, -1)
    _editions: dict[int, Seen] = field(default_factory=dict)

    def edition(self, t: int) -> Seen:
        """The sequences in an edition; -1 is the last one."""
        t %= self.sequences.editions
        if t not in self._editions:
            own = self.sequences
            distinct = distinct_patterns(own.pattern[:, t], own.unknown[:, t])
            scored = scores(self.measure, distinct.pattern, distinct.unknown)
            self._editions[t] = Seen(scored, distinct.which, own.present[:, t])
        return self._editions[t]

    @cached_property
    def first(self) -> Seen:
        """The earlier of the editions that are compared."""
        return self.edition(self.ends[0])

    @cached_property
    def last(self) -> Seen:
        """The later one."""
        return self.edition(self.ends[1])

    @cached_property
    def units(self) -> Mask:
        """What is a unit, and no adjustment of weights."""
        return ~self.sequences.adjusts

    @cached_property
    def stayers(self) -> Mask:
        """Who is in both editions."""
        return self.units & self.first.there & self.last.there

    @cached_property
    def followed(self) -> Mask:
        """Stayers whose score is known in both."""
        return self.stayers & self.first.known & self.last.known

    @cached_property
    def new(self) -> Mask:
        """Who is in the later edition and was not in the earlier."""
        return self.units & self.last.there & ~self.first.there

    @cached_property
    def gone(self) -> Mask:
        """Who was in the earlier edition and is not in the later."""
        return self.units & self.first.there & ~self.last.there

    def kept(self, editions: Sequence[int]) -> Mask:
        """Who is in all of some editions with known scores."""
        found: Mask = self.units & np.logical_and.reduce([self.edition(t).known for t in editions])
        return found
