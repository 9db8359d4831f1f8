"""A publication: all that its writers need, after disclosure control. It holds no profile and no microdata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mpi.errors import Notice
from mpi.maps.areas import Areas
from mpi.maps.join import Join
from mpi.measure import Measure
from mpi.publishable import Publishable, PublishableProfile
from mpi.study import MapSpec, Study
from mpi.survey import Survey
from mpi.wording import Language, title_in


@dataclass(frozen=True, slots=True)
class Round:
    """One survey of a publication: what was read of it, and how it was drawn.

    Attributes
    ----------
    counts : mapping of str to int
        Rows at every stage of reading.
    persons, households : int
        Unweighted units with a positive weight.
    population : float
        Sum of the persons' weights.
    strata, psus : int or None
        As drawn; None where there are none.
    errors_from : mapping of str to str
        What the sampling errors come from, in one line, by language.
    breaks : mapping of str to str
        Periods from which on figures are not comparable with earlier ones, and why.
    """

    survey: Survey
    period: str
    counts: Mapping[str, int]
    persons: int
    households: int
    population: float
    strata: int | None
    psus: int | None
    census: bool
    errors_from: Mapping[str, str]
    breaks: Mapping[str, str]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnMap:
    """A map of a publication: what the file says of it, its areas, how the codes fitted, the profile it may carry."""

    spec: MapSpec
    areas: Areas
    join: Join
    profile: PublishableProfile | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """Everything that is published.

    Attributes
    ----------
    rounds : tuple of Round
        The oldest first; the last is the one that is published.
    figures : Publishable
        Estimates of all rounds (`period`), units, cutoffs and domains.
    changes : Publishable or None
        Between the rounds, if there are two or more.
    names : mapping of str to mapping of str to str
        By domain the name of each code, where the boundaries or the study give one; study labels go first and may
        depend on the language: see `name_of`.
    maps : tuple of DrawnMap
    notices : tuple of Notice
        What a reader of the publication should know.
    """

    study: Study
    measure: Measure
    rounds: tuple[Round, ...]
    figures: Publishable
    changes: Publishable | None
    names: Mapping[str, Mapping[str, str]]
    maps: tuple[DrawnMap, ...] = ()
    notices: tuple[Notice, ...] = field(default=())

    @property
    def period(self) -> str:
        """The period that is published."""
        return self.rounds[-1].period

    def title(self, language: Language) -> str:
        """The title of the study."""
        return title_in(self.study.title, language, self.study.name)

    def domain_title(self, domain: str, language: Language) -> str:
        """The title of a domain, as the survey gives it."""
        found = self.rounds[-1].survey.domains.get(domain)
        return domain if found is None else title_in(found.title, language, domain)

    def name_of(self, domain: str, code: str, language: Language) -> str:
        """The name of a code of a domain; the code itself if nothing names it."""
        titles = self.study.labels.get(domain, {}).get(code)
        if titles:
            return title_in(titles, language, code)
        return self.names.get(domain, {}).get(code, code)
