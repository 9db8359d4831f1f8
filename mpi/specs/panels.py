"""What a study says of the register or panel that it follows: which editions, how units are linked, which tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from mpi.errors import Place
from mpi.specs.survey import Survey
from mpi.vocabulary.options import MOVEMENT_TABLES, EditionWeights, Link, MovementTable


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSpec:
    """The editions that a study follows; see `mpi.follow`.

    Attributes
    ----------
    surveys : tuple of Survey
        The editions, the earliest first; they may be others than the rounds of the study.
    link, key, member, head, weights, domains_of
        As for `mpi.follow`.
    by : tuple of tuple of str
        Domains and crossings of the tables beside all units.
    tau : tuple of str
        Shares of the editions from which on poverty is chronic, as they are written; empty: 1/2 and 1.
    tables : tuple of str
        Which are made; see `mpi.movements`.
    """

    surveys: tuple[Survey, ...]
    link: Link = "persons"
    key: tuple[str, ...] = ()
    member: tuple[str, ...] = ()
    head: str | None = None
    weights: EditionWeights = "earlier"
    domains_of: EditionWeights = "earlier"
    by: tuple[tuple[str, ...], ...] = ()
    tau: tuple[str, ...] = ()
    tables: tuple[MovementTable, ...] = MOVEMENT_TABLES
    place: Place | None = None

    @property
    def domains(self) -> tuple[str, ...]:
        """All that its tables are by, each once."""
        return tuple(dict.fromkeys(name for names in self.by for name in names))

    @property
    def periods(self) -> tuple[str, ...]:
        """Of the editions."""
        return tuple(one.period for one in self.surveys)

    @property
    def spans(self) -> tuple[tuple[str, str], ...]:
        """The editions that tables compare: the first with the last, then each with the next where there are more."""
        periods = self.periods
        steps = tuple(pairwise(periods))
        return ((periods[0], periods[-1]), *(steps if len(steps) > 1 else ()))
