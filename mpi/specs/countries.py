"""What a study says of the countries that stand side by side in it."""

from __future__ import annotations

from dataclasses import dataclass

from mpi.specs.measure import Measure
from mpi.specs.reliability import Reliability
from mpi.specs.survey import Survey
from mpi.vocabulary.options import Titles


@dataclass(frozen=True, slots=True, kw_only=True)
class CountrySpec:
    """A country of a study.

    Attributes
    ----------
    code : str
        As the file names it, and as boundaries do.
    measure : Measure
        Its own, or that of the study.
    surveys : tuple of Survey
        Its rounds.
    by : tuple of tuple of str
        Domains and crossings of its figures beside all units.
    reliability : Reliability or None
        The rules that judge its figures: those of the study, or else of its last survey.
    own : bool
        Whether it is the one whose surveys the study itself names.
    """

    code: str
    title: Titles
    measure: Measure
    surveys: tuple[Survey, ...]
    by: tuple[tuple[str, ...], ...] = ()
    reliability: Reliability | None = None
    own: bool = False
